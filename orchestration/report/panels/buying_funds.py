"""Flows of exchange-traded funds by week, one small chart for each fund."""

from __future__ import annotations

import datetime as dt

from orchestration.report import charts, words
from orchestration.report.answers import Answer, Row
from orchestration.report.panel import Chart, Column, Figure, Grid

_TITLE = "Flows of funds by week"
_UNIT = "USD million; change of shares outstanding x net asset value"
_FRIDAY_EVENING = dt.timedelta(days=5)
_COLUMNS = (
    Column("week_start", "Week of", words.short_day, is_number=False),
    Column("fund_symbol", "Fund", words.plain, is_number=False),
    Column("flow_usd_mn", "Flow, USD mn", words.signed),
    Column("flow_pct_aum", "Flow, % of net assets", words.signed),
    Column("aum_usd_mn", "Net assets, USD mn", words.whole),
)


def figure(answer: Answer) -> Figure:
    """Return the figure, each fund with its own scale."""
    if not answer.rows:
        return Figure("buying-funds", _TITLE, _UNIT, reason=answer.reason)
    funds = sorted({row["fund_symbol"] for row in answer.rows})
    drawn = tuple(
        _chart(fund, [row for row in reversed(answer.rows) if row["fund_symbol"] == fund])
        for fund in funds
    )
    inferred = sorted({row["fund_symbol"] for row in answer.rows if row["is_inferred_shares"]})
    note = "Each fund has its own scale."
    if inferred:
        note += (
            f" The shares of {words.listed(inferred)} are inferred from net assets and net asset "
            "value a share, not published."
        )
    grid = Grid("Flow of a fund in a week, newest first.", _COLUMNS, answer.rows)
    return Figure("buying-funds", _TITLE, _UNIT, drawn, grid, note)


def _chart(fund: str, rows: list[Row]) -> Chart:
    shown = [
        {
            "day": row["week_start"],
            "day_end": row["week_start"] + _FRIDAY_EVENING,
            "flow": row["flow_usd_mn"],
            "share": row["flow_pct_aum"],
        }
        for row in rows
    ]
    tips = (
        charts.Tip("day", "Week of", "day"),
        charts.Tip("flow", "Flow, USD mn", "+,.1f"),
        charts.Tip("share", "% of net assets", "+.2f"),
    )
    last = rows[-1]
    said = (
        f"{fund}, weekly flow; {words.signed(last['flow_usd_mn'])} USD million in the week of "
        f"{words.day(last['week_start'])}."
    )
    return Chart(
        charts.bars_over_time("flow", tips, height=84),
        shown,
        ("day", "day_end", "flow", "share"),
        said,
        label=f"{fund}: {words.signed(last['flow_usd_mn'])} in the week to "
        f"{words.day(last['week_end'])}",
    )
