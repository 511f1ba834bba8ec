"""One claim's whole story: every reading that was tried, its numbers, and why the verdict is so."""

from __future__ import annotations

import datetime as dt
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
DAYS = ("dated", "since")
"""Claims whose figure is a day."""
_MANY_DAYS = 700_000
"""More than from 1970 to the year 1: a record of all time."""


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
    counted = [row for row in story.evidence if row["is_admissible"]]
    figures = list(dict.fromkeys(_source(row) for row in counted))
    lines = ["## Figures on file", ""]
    lines += [f"- [{number}] {text}" for number, text in enumerate(figures, start=1)]
    left_out = len({_source(row) for row in story.evidence if not row["is_admissible"]})
    if left_out:
        lines.append(f"- {left_out} of another world than the claim's, which cannot judge it")
    if not figures and not left_out:
        lines.append("- none")
    lines += ["", f"## Readings tried: {len(story.hypotheses)}"]
    for step in sorted({int(row["step"]) for row in story.hypotheses}):
        lines += ["", f"Step {step}, {STEPS.get(step, 'other')}:"]
        for row in story.hypotheses:
            if row["step"] == step:
                lines += _compared(row, counted, figures)
    return lines


def _compared(reading: Row, counted: Sequence[Row], figures: Sequence[str]) -> list[str]:
    against = [row for row in counted if row["hypothesis_id"] == reading["hypothesis_id"]]
    text = _reading(reading)
    if not against:
        return [f"- {text}: no figure on file"]
    compared = (
        f"- {text}, against [{figures.index(_source(row)) + 1}]: "
        + (_digits(row) if reading["transform"] == "digit" else _proof(row))
        for row in against
    )
    return list(dict.fromkeys(compared))


def _reading(row: Row) -> str:
    start, end = row["period_start"], row["period_end"]
    window = str(end) if start in (end, None) else f"{start} to {end}"
    name = " ".join(str(part) for part in (row["transform"], row["transform_detail"]) if part)
    variant = f" {row['variant_id']}" if row["variant_id"] else ""
    value = _figure(row, row["value_in_metric_unit"])
    return f"{name}: {value} ({row['metric_id']}{variant}, {window})"


def _source(row: Row) -> str:
    value = _figure(row, row["evidence_value"])
    return f"{value}, {row['source']}, {row['evidence_grade']}, {row['resolver']}"


def _figure(row: Row, value: float | None) -> str:
    """Return a figure as people write it: days are kept as their number since 1970."""
    if row["form"] in DAYS and value is not None and abs(value) < _MANY_DAYS:
        return str(dt.date(1970, 1, 1) + dt.timedelta(days=value))
    return figure(value, "") or "no figure"


def _digits(row: Row) -> str:
    return "one slip in its digits makes it" if row["is_within"] else "no single slip makes it"


def _proof(row: Row) -> str:
    relative = row["relative_difference"]
    share = "" if relative is None else f" ({100 * relative:+,.3g} %)"
    return (
        f"{'fits' if row['is_within'] else 'does not fit'}, off by "
        f"{_short(row['difference']) or 'an unknown amount'}"
        f"{' days' if row['form'] in DAYS else share} where "
        f"{_short(row['tolerance']) or 'nothing'} is tolerated "
        f"({row['tolerance_basis'] or 'no basis'})"
    )


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:,.6g}"


def _rules(story: Story) -> list[str]:
    claim_id = story.verdict["claim_id"]
    own = [row for row in story.rules if row["claim_id"] == claim_id]
    others: dict[tuple[str, str], list[str]] = {}
    for row in story.rules:
        if row["claim_id"] != claim_id and row["passed"] is False:
            others.setdefault((row["rule_id"], row["message"]), []).append(row["claim_id"])
    if not own and not others:
        return []
    lines = ["", "## Rules among the claims of its document", ""]
    for row in own:
        passed = "passed" if row["passed"] else f"failed, {row['severity']}, {row['error_class']}"
        lines.append(f"- {row['rule_id']} {passed}: {row['message']}")
    for (rule, message), accused in others.items():
        lines.append(f"- {rule} failed for {', '.join(accused)}: {message}")
    return lines


def _reasons(verdict: Row) -> str:
    codes = str(verdict["reason_codes"] or "")
    return f" ({codes.replace(',', ', ')})" if codes else ""


def _confidence(verdict: Row) -> str:
    confidence = verdict["confidence"]
    return "" if confidence is None else f", confidence {confidence:.2f}"


def _rows(table: pa.Table, claim_id: str) -> Sequence[Row]:
    return table.filter(pc.equal(table["claim_id"], claim_id)).to_pylist()
