"""Figures of the valuation panel: ratios and premium over time, percentiles, recovery."""

from __future__ import annotations

from orchestration.report import charts, words
from orchestration.report.answers import Answer, Row
from orchestration.report.panel import Chart, Column, Figure, Grid

INDEX_NAMES = {"^HSI": "Hang Seng Index", "HSTECH.HK": "Hang Seng TECH", "^HSCE": "HSCEI"}
_RECOVERY = "recovery_from_intraday_low_pct"


def over_time(
    answer: Answer, field: str, key: str, title: str, unit: str, levels: tuple[float, ...] = ()
) -> Figure:
    """Return a figure of the indices over time, a line for each, with `levels` drawn across."""
    rows = [
        {
            "day": row["trade_date"],
            "series": INDEX_NAMES.get(row["subject_id"], row["subject_id"]),
            "value": row[field],
        }
        for row in reversed(answer.rows)
        if row[field] is not None
    ]
    if not rows:
        reason = answer.reason or "No index has this figure on any session held."
        return Figure(key, title, unit, reason=reason, place="half")
    series = tuple(sorted({row["series"] for row in rows}))
    tips = (charts.DAY, charts.Tip("series", "Index"), charts.Tip("value", title, ",.2f"))
    last = {row["series"]: row["value"] for row in rows}
    said = "; ".join(f"{name} {words.number(value)}" for name, value in last.items())
    chart = Chart(
        charts.lines_over_time("value", tips, series, levels),
        rows,
        ("day", "series", "value"),
        f"{title} over time, a line for each index. Newest: {said}.",
    )
    columns = (
        Column("trade_date", "Session", words.short_day, is_number=False),
        Column("subject_id", "Index", words.plain, is_number=False),
        Column(field, title, words.two_decimals),
    )
    grid = Grid(f"{title}, newest first.", columns, answer.rows)
    return Figure(key, title, unit, (chart,), grid, place="half")


def places(answer: Answer, rows: list[Row]) -> Figure:
    """Return where each ratio stands in its own history, dearest first after the indices."""
    title = "Where each price-earnings ratio stands in its own history"
    unit = "Percentile: share of the sessions with a ratio at or below today's, 0 to 100"
    placed = sorted(
        (row for row in rows if row["pe_ttm"] is not None and row["place"] is not None),
        key=lambda row: (row["subject_kind"] != "index", -row["place"]),
    )
    if not placed:
        reason = answer.reason or "No security or index has a ratio on the newest session."
        return Figure("dear-places", title, unit, reason=reason, place="half")
    tips = (
        charts.Tip("name", "Name"),
        charts.Tip("place", "Percentile", ".0f"),
        charts.Tip("window", "Of"),
        charts.Tip("pe_ttm", "P/E", ",.2f"),
    )
    spec = charts.ranked("place", "name", tips, len(placed), domain=(0, 100), is_dot=True)
    said = f"{placed[0]['name']} {words.whole(placed[0]['place'])}"
    chart = Chart(
        spec,
        placed,
        ("name", "place", "window", "pe_ttm"),
        f"A dot for each of {len(placed)} indices and securities, dearest against itself first "
        f"after the indices; {said}.",
    )
    columns = (
        Column("name", "Name", words.plain, is_number=False),
        Column("pe_ttm", "P/E", words.two_decimals),
        Column("place", "Percentile", words.whole),
        Column("window", "Of", words.plain, is_number=False),
        Column("pb", "P/B", words.two_decimals),
        Column("dividend_yield_pct", "Dividend yield, %", words.two_decimals),
        Column("erp_us10y_pct", "Earnings yield less US 10-year, points", words.two_decimals),
    )
    missing = sum(row["pe_ttm"] is None for row in rows)
    without = words.count(missing, "security has", "securities have")
    note = f"{without} no ratio." if missing else ""
    grid = Grid("Ratios of the newest session.", columns, rows)
    return Figure("dear-places", title, unit, (chart,), grid, note, place="half")


def recovery(answer: Answer, rows: list[Row]) -> Figure:
    """Return how far each price is above its low."""
    title = "Recovery from the low"
    unit = "% above the lowest price of 250 sessions"
    risen = sorted(
        (row for row in rows if row[_RECOVERY] is not None), key=lambda row: -row[_RECOVERY]
    )
    if not risen:
        reason = answer.reason or "No price has 250 sessions behind it yet."
        return Figure("dear-recovery", title, unit, reason=reason, place="half")
    tips = (
        charts.Tip("name", "Name"),
        charts.Tip(_RECOVERY, "Above the low, %", ",.1f"),
        charts.Tip("low", "Low of"),
    )
    shown = [{**row, "low": words.day(row["intraday_low_date"])} for row in risen]
    chart = Chart(
        charts.ranked(_RECOVERY, "name", tips, len(shown)),
        shown,
        ("name", _RECOVERY, "low"),
        f"A bar for each of {len(shown)} indices and securities; most: {shown[0]['name']}, "
        f"{words.number(shown[0][_RECOVERY], 1)} %.",
    )
    columns = (
        Column("name", "Name", words.plain, is_number=False),
        Column(_RECOVERY, "Above the low, %", words.one_decimal),
        Column("intraday_low_date", "Low of", words.short_day, is_number=False),
        Column("drawdown_close_pct", "Below the highest close held, %", words.one_decimal),
    )
    grid = Grid("Recovery and drawdown on the newest session.", columns, shown)
    return Figure("dear-recovery", title, unit, (chart,), grid, place="half")
