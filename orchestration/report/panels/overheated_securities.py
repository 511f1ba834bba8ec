"""Stocks that stand out: relative strength, and short ratios far from their own mean."""

from __future__ import annotations

from orchestration.report import charts, words
from orchestration.report.answers import Answer
from orchestration.report.panel import Chart, Column, Figure, Grid

_TITLE = "Relative strength of the stocks followed"
_UNIT = "RSI of 14 bars (Wilder), 0 to 100"
_COLUMNS = (
    Column("security_name", "Security", words.plain, is_number=False),
    Column("security_code", "Code", words.plain, is_number=False),
    Column("rsi14_wilder", "RSI-14", words.one_decimal),
    Column("momentum_state", "State", words.text, is_number=False),
    Column("short_turnover_ratio_pct", "Short ratio, %", words.one_decimal),
    Column("short_ratio_mean_20_pct", "Mean of 20 sessions, %", words.one_decimal),
    Column("short_ratio_z20", "Deviations from it", words.signed),
    Column("days_to_cover", "Days to cover", words.one_decimal),
)


def figure(answer: Answer) -> Figure:
    """Return the figure for the newest session."""
    rows = [row for row in answer.rows if row["rsi14_wilder"] is not None]
    if not rows:
        reason = answer.reason or "No stock has 15 bars yet."
        return Figure("heat-securities", _TITLE, _UNIT, reason=reason, place="right")
    tips = (
        charts.Tip("security_name", "Security"),
        charts.Tip("rsi14_wilder", "RSI-14", ".1f"),
        charts.Tip("short_turnover_ratio_pct", "Short ratio, %", ".1f"),
        charts.Tip("short_ratio_z20", "Deviations from its mean", "+.1f"),
    )
    chart = Chart(
        charts.ranked(
            "rsi14_wilder", "security_name", tips, len(rows), domain=(0, 100), is_dot=True
        ),
        rows,
        ("security_name", "rsi14_wilder", "short_turnover_ratio_pct", "short_ratio_z20"),
        f"A dot for each of {len(rows)} stocks, strongest first: {rows[0]['security_name']} "
        f"{words.number(rows[0]['rsi14_wilder'], 1)}; last {rows[-1]['security_name']} "
        f"{words.number(rows[-1]['rsi14_wilder'], 1)}.",
    )
    shorted = [row for row in rows if abs(row["short_ratio_z20"] or 0) >= 2]
    note = "No short ratio is 2 standard deviations from its mean of 20 sessions."
    if shorted:
        named = [f"{row['security_name']} ({words.signed(row['short_ratio_z20'])})"
                 for row in sorted(shorted, key=lambda row: -row["short_ratio_z20"])]  # fmt: skip
        note = f"Short ratio 2 or more standard deviations from its mean: {words.listed(named)}."
    grid = Grid(f"Stocks on {words.day(rows[0]['trade_date'])}.", _COLUMNS, answer.rows)
    return Figure("heat-securities", _TITLE, _UNIT, (chart,), grid, note, place="right")
