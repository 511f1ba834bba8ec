"""The most accumulated securities: estimated flow and change of holding value, kept apart."""

from __future__ import annotations

from orchestration.report import charts, words
from orchestration.report.answers import Answer, Row
from orchestration.report.panel import Chart, Column, Figure, Grid

_FLOW = "Most accumulated: estimated flow"
_FLOW_UNIT = "HKD million over 20 sessions; change of shares held x average price"
_VALUE = "The same securities: change of holding value"
_VALUE_UNIT = "HKD million over 20 sessions; the move of the price is in it, so it is no flow"
_COLUMNS = (
    Column("security_name", "Security", words.plain, is_number=False),
    Column("security_code", "Code", words.plain, is_number=False),
    Column("estimated_flow_hkd_mn", "Estimated flow, HKD mn", words.signed),
    Column("held_value_change_hkd_mn", "Change of holding value, HKD mn", words.signed),
    Column("held_value_hkd_mn", "Holding value, HKD mn", words.whole),
    Column("held_pct_issued", "Held, % of issued", words.two_decimals),
)


def figures(answer: Answer) -> list[Figure]:
    """Return the two figures, side by side, in the same order of securities."""
    if not answer.rows:
        return [
            Figure("buying-flow", _FLOW, _FLOW_UNIT, reason=answer.reason, place="half"),
            Figure("buying-value", _VALUE, _VALUE_UNIT, reason=answer.reason, place="half"),
        ]
    first = answer.rows[0]
    caption = (
        f"The ten securities with the highest estimated flow over 20 sessions to "
        f"{words.day(first['trade_date'])}, holdings settled {words.day(first['holding_date'])}."
    )
    note = f"{caption} Settled holdings lag trades by two sessions."
    flow = _chart(answer.rows, "estimated_flow_hkd_mn", "Estimated flow, HKD mn")
    value = _chart(answer.rows, "held_value_change_hkd_mn", "Change of holding value, HKD mn")
    grid = Grid(caption, _COLUMNS, answer.rows)
    return [
        Figure("buying-flow", _FLOW, _FLOW_UNIT, (flow,), grid, note, place="half"),
        Figure("buying-value", _VALUE, _VALUE_UNIT, (value,), note=_apart(), place="half"),
    ]


def _chart(rows: list[Row], field: str, title: str) -> Chart:
    tips = (charts.Tip("security_name", "Security"), charts.Tip(field, title, "+,.1f"))
    said = "; ".join(f"{row['security_name']} {words.signed(row[field])}" for row in rows[:3])
    return Chart(
        charts.ranked(field, "security_name", tips, len(rows)),
        rows,
        ("security_name", field),
        f"{title}, bars of {words.count(len(rows), 'security', 'securities')}: {said}.",
    )


def _apart() -> str:
    return (
        "A holding can lose value while more of it is bought. Press and vendors call either figure "
        "an increase; they answer different questions. The table is that of the estimated flow."
    )
