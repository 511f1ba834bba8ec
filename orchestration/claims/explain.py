"""One claim's whole story: every reading that was tried, its numbers, and why the verdict is so."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.claims.engine import CONSISTENCY, EVIDENCE, HYPOTHESES, VERDICTS
from orchestration.claims.faults import nearest
from orchestration.claims.report import figure

Row = Mapping[str, Any]
TABLES = (VERDICTS, CONSISTENCY, HYPOTHESES, EVIDENCE)
STEPS = {
    1: "as stated",
    2: "another measure of the same thing",
    3: "another unit or currency",
    4: "another date",
    5: "another sign or one digit",
}
_SHOWN_WITHOUT_EVIDENCE = 6


class UnknownClaimError(Exception):
    """There is no such claim; the message offers the nearest."""


@dataclass(frozen=True)
class Story:
    """What the engine knows of one claim."""

    verdict: Row
    hypotheses: tuple[Row, ...]
    evidence: tuple[Row, ...]
    rules: tuple[Row, ...]


def story_of(claim_id: str, tables: Mapping[str, pa.Table]) -> Story:
    """Return the story of a claim from the tables of an engine's run.

    Raises:
        UnknownClaimError: no claim has the id.
    """
    verdicts = _rows(tables[VERDICTS], claim_id)
    if not verdicts:
        known = tuple(str(each) for each in tables[VERDICTS]["claim_id"].to_pylist())
        raise UnknownClaimError(f"there is no claim {claim_id!r}{nearest(claim_id, known)}")
    rules = [
        row
        for row in tables[CONSISTENCY].to_pylist()
        if claim_id == row["claim_id"] or claim_id in str(row["claim_ids"] or "").split(",")
    ]
    hypotheses = sorted(
        _rows(tables[HYPOTHESES], claim_id), key=lambda row: (row["step"], row["hypothesis_id"])
    )
    evidence = _rows(tables[EVIDENCE], claim_id)
    return Story(verdicts[0], tuple(hypotheses), tuple(evidence), tuple(rules))


def as_json(story: Story) -> str:
    """Return the story for programs."""
    content = {
        "verdict": story.verdict,
        "hypotheses": story.hypotheses,
        "evidence": story.evidence,
        "rules": story.rules,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"


def as_text(story: Story) -> str:
    """Return the story for people, in Markdown."""
    verdict = story.verdict
    published = figure(verdict["published_value"], verdict["published_unit"]) or "no figure"
    lines = [
        f"# {verdict['claim_id']}: {verdict['statement']}",
        "",
        f"Published: {published} ({verdict['metric_id']} of {verdict['subject_id']}).",
        f"Verdict: {verdict['verdict']}{_reasons(verdict)}{_confidence(verdict)}.",
        "",
        str(verdict["explanation"]),
        "",
        *_tried(story),
        *_rules(story),
    ]
    if verdict["rival_readings"]:
        lines += ["", "## Rival readings", "", str(verdict["rival_readings"])]
    if verdict["missing_evidence"]:
        lines += ["", "## What would settle it", "", str(verdict["missing_evidence"])]
    if verdict["sql_to_reproduce"]:
        lines += ["", "## SQL that reproduces the evidence", "", "```sql"]
        lines += [str(verdict["sql_to_reproduce"]), "```"]
    return "\n".join(lines) + "\n"


def _tried(story: Story) -> list[str]:
    lines = [f"## Readings tried: {len(story.hypotheses)}"]
    by_hypothesis: dict[str, list[Row]] = {}
    for row in story.evidence:
        by_hypothesis.setdefault(str(row["hypothesis_id"]), []).append(row)
    for step in sorted({int(row["step"]) for row in story.hypotheses}):
        of_step = [row for row in story.hypotheses if row["step"] == step]
        found = [row for row in of_step if str(row["hypothesis_id"]) in by_hypothesis]
        lines += ["", f"Step {step}, {STEPS.get(step, 'other')}: {len(of_step)} tried."]
        for row in found:
            lines.append(f"- {_reading(row)}")
            lines += [f"  - {_proof(each)}" for each in by_hypothesis[str(row["hypothesis_id"])]]
        empty = [_reading(row) for row in of_step if row not in found]
        if empty:
            shown = "; ".join(empty[:_SHOWN_WITHOUT_EVIDENCE])
            more = len(empty) - _SHOWN_WITHOUT_EVIDENCE
            lines.append(f"- no evidence for {shown}{f'; and {more} more' if more > 0 else ''}")
    return lines


def _reading(row: Row) -> str:
    start, end = row["period_start"], row["period_end"]
    window = str(end) if start in (end, None) else f"{start} to {end}"
    name = " ".join(str(part) for part in (row["transform"], row["transform_detail"]) if part)
    variant = f" {row['variant_id']}" if row["variant_id"] else ""
    value = figure(row["value_in_metric_unit"], "")
    return f"{name}: {value or 'no value'}, {row['metric_id']}{variant}, {window}"


def _proof(row: Row) -> str:
    relative = row["relative_difference"]
    share = "" if relative is None else f" ({100 * relative:+.2f} %)"
    grade = f"{row['source']}, {row['evidence_grade']}, {row['resolver']}"
    verdict = "within" if row["is_within"] else "outside"
    return (
        f"{figure(row['evidence_value'], '') or 'no value'} ({grade}): difference "
        f"{figure(row['difference'], '') or 'unknown'}{share}, {verdict} the tolerance "
        f"{figure(row['tolerance'], '') or 'none'} ({row['tolerance_basis'] or 'no basis'})"
    )


def _rules(story: Story) -> list[str]:
    if not story.rules:
        return []
    lines = ["", "## Rules among the claims of its document", ""]
    for row in story.rules:
        passed = "passed" if row["passed"] else f"failed, {row['severity']}, {row['error_class']}"
        lines.append(f"- {row['rule_id']} {passed}: {row['message']}")
    return lines


def _reasons(verdict: Row) -> str:
    codes = str(verdict["reason_codes"] or "")
    return f" ({codes.replace(',', ', ')})" if codes else ""


def _confidence(verdict: Row) -> str:
    confidence = verdict["confidence"]
    return "" if confidence is None else f", confidence {confidence:.2f}"


def _rows(table: pa.Table, claim_id: str) -> Sequence[Row]:
    return table.filter(pc.equal(table["claim_id"], claim_id)).to_pylist()
