"""What the composite is made of: each component's contribution, and why some have none."""

from __future__ import annotations

from orchestration.report import charts, words
from orchestration.report.answers import Answer, Row
from orchestration.report.panel import Chart, Column, Figure, Grid

_TITLE = "What the composite is made of"
_UNIT = "Points that each component adds to 50, or takes away"
_COLUMNS = (
    Column("component", "Component", words.text, is_number=False),
    Column("raw_value", "Value", words.two_decimals),
    Column("raw_unit", "Unit", words.plain, is_number=False),
    Column("percentile_score", "Score, 0 to 100", words.one_decimal),
    Column("weight", "Weight", words.two_decimals),
    Column("contribution", "Contribution, points", words.signed),
    Column("observation_count", "Values compared", words.whole),
    Column("score_missing_reason", "Why no score", words.text, is_number=False),
)


def figure(answer: Answer) -> Figure:
    """Return the figure for the newest session."""
    present = [row for row in answer.rows if row["contribution"] is not None]
    if not present:
        reason = answer.reason or "The composite has no score on the newest session."
        return Figure("heat-components", _TITLE, _UNIT, reason=reason, place="left")
    rows: list[Row] = [
        {**row, "name": words.capital(words.text(row["component"]))} for row in present
    ]
    tips = (
        charts.Tip("name", "Component"),
        charts.Tip("contribution", "Contribution, points", "+.1f"),
        charts.Tip("percentile_score", "Score", ".1f"),
        charts.Tip("raw_value", "Value", ",.2f"),
        charts.Tip("raw_unit", "Unit"),
    )
    said = f"{rows[0]['name']} {words.signed(rows[0]['contribution'])}"
    said += f", {rows[-1]['name']} {words.signed(rows[-1]['contribution'])}"
    chart = Chart(
        charts.ranked("contribution", "name", tips, len(rows)),
        rows,
        ("name", "contribution", "percentile_score", "raw_value", "raw_unit"),
        f"Bars of the {len(rows)} components with a score; from {said} points.",
    )
    caption = f"Components on {words.day(rows[0]['trade_date'])}."
    grid = Grid(caption, _COLUMNS, answer.rows)
    note = _absent([row for row in answer.rows if row["contribution"] is None])
    return Figure("heat-components", _TITLE, _UNIT, (chart,), grid, note, place="left")


def _absent(rows: list[Row]) -> str:
    if not rows:
        return ""
    named = [f"{words.text(row['component'])} ({words.text(row['score_missing_reason'])})"
             for row in rows]  # fmt: skip
    return f"Without a score: {words.listed(named)}."
