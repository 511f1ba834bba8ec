"""How much of a document could be checked: on which grade of evidence, and why not the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

NOT_CHECKABLE = "not checkable"
_BESIDE = frozenset({"attribution_mismatch"})
"""Findings about a claim that are no reason why it could not be checked."""

Row = Mapping[str, Any]


def coverage(rows: Sequence[Row]) -> dict[str, Any]:
    """Return the coverage of claims as counts: by verdict, by grade, and by reason for the rest."""
    checked = [row for row in rows if row["verdict"] != NOT_CHECKABLE]
    rest = [row for row in rows if row["verdict"] == NOT_CHECKABLE]
    reasons = Counter(_why_not(row) for row in rest)
    return {
        "claims": len(rows),
        "checked": len(checked),
        "not_checkable": len(rest),
        "by_verdict": _counts(str(row["verdict"]) for row in rows),
        "checked_by_grade": _counts(str(row["evidence_grade"] or "internal") for row in checked),
        "not_checkable_because": dict(reasons.most_common()),
    }


def coverage_by_document(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return the coverage of each document."""
    names = dict.fromkeys(str(row["document_id"]) for row in rows)
    return {name: coverage([row for row in rows if row["document_id"] == name]) for name in names}


def coverage_sentences(counts: Mapping[str, Any]) -> list[str]:
    """Return the coverage in words, a line for what was checked and one for what was not."""
    lines = [
        f"{counts['checked']} of {counts['claims']} claims were checked"
        + _listed(counts["checked_by_grade"], ": ", " on {} evidence")
        + "."
    ]
    verdicts = {name: n for name, n in counts["by_verdict"].items() if name != NOT_CHECKABLE}
    if verdicts:
        lines.append("Verdicts" + _listed(verdicts, ": ", " {}") + ".")
    if counts["not_checkable"]:
        because = _listed(counts["not_checkable_because"], ": ", " {}")
        lines.append(f"{counts['not_checkable']} could not be checked{because}.")
    return lines


def _listed(counts: Mapping[str, int], start: str, words: str) -> str:
    parts = [f"{n}{words.format(name)}" for name, n in counts.items()]
    return start + ", ".join(parts) if parts else ""


def _why_not(row: Row) -> str:
    codes = str(row["reason_codes"] or "").split(",")
    return ",".join(code for code in codes if code and code not in _BESIDE) or "no_evidence"


def _counts(words: Any) -> dict[str, int]:
    return dict(Counter(words).most_common())
