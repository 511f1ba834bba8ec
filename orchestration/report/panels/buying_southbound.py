"""Southbound net buy over time: by session, by month, since the year began."""

from __future__ import annotations

from orchestration.report import charts, words
from orchestration.report.answers import Answer
from orchestration.report.panel import Chart, Column, Figure, Grid

_DAILY_COLUMNS = (
    Column("trade_date", "Session", words.short_day, is_number=False),
    Column("net_buy_hkd_mn", "Net buy, HKD mn", words.signed),
    Column("net_buy_20_sessions_hkd_mn", "20 sessions, HKD mn", words.signed),
    Column("net_buy_mtd_hkd_mn", "Month to date, HKD mn", words.signed),
    Column("net_buy_ytd_hkd_mn", "Year to date, HKD mn", words.signed),
    Column("turnover_share_hkex_pct", "Share of turnover, %", words.two_decimals),
)
_MONTHLY_COLUMNS = (
    Column("month_start", "Month", words.month, is_number=False),
    Column("net_buy_hkd_mn", "Net buy, HKD mn", words.signed),
    Column("session_count", "Sessions held", words.whole),
    Column("sessions_expected", "Sessions of the month", words.whole),
    Column("highest_in_n_months", "Highest in months", words.whole),
)


def by_session(daily: Answer) -> list[Figure]:
    """Return the small chart that sets the days of all others, and the bars of each session."""
    title, unit = "Southbound net buy by session", "HKD million, Shanghai and Shenzhen together"
    if not daily.rows:
        return [Figure("buying-daily", title, unit, reason=daily.reason)]
    rows = [
        {
            "day": row["trade_date"],
            "net_buy": row["net_buy_hkd_mn"],
            "sum20": row["net_buy_20_sessions_hkd_mn"],
        }
        for row in reversed(daily.rows)
    ]
    tips = (charts.DAY, charts.Tip("net_buy", "Net buy, HKD mn", "+,.2f"))
    chart = Chart(charts.bars_over_time("net_buy", tips), rows, ("day", "net_buy"), _summary(daily))
    grid = Grid("Southbound net buy, one session a row, newest first.", _DAILY_COLUMNS, daily.rows)
    return [
        *_overview([row for row in rows if row["sum20"] is not None]),
        Figure("buying-daily", title, unit, (chart,), grid),
    ]


def by_month(monthly: Answer) -> Figure:
    """Return the bars of each month."""
    title, unit = "Southbound net buy by month", "HKD million"
    if not monthly.rows:
        return Figure("buying-monthly", title, unit, reason=monthly.reason, place="half")
    rows = [
        {
            "day": row["month_start"],
            "day_end": row["month_end"],
            "net_buy": row["net_buy_hkd_mn"],
            "month": words.month(row["month_start"]),
            "sessions": f"{row['session_count']} of {row['sessions_expected']}",
        }
        for row in reversed(monthly.rows)
    ]
    tips = (
        charts.Tip("month", "Month"),
        charts.Tip("net_buy", "Net buy, HKD mn", "+,.2f"),
        charts.Tip("sessions", "Sessions held"),
    )
    short = sum(not row["is_complete"] for row in monthly.rows)
    note = f"{words.count(short, 'month')} not held whole; see the table." if short else ""
    chart = Chart(
        charts.bars_over_time("net_buy", tips),
        rows,
        ("day", "day_end", "net_buy", "month", "sessions"),
        f"Bars of net buy by month, {rows[0]['month']} to {rows[-1]['month']}, "
        f"{words.signed(rows[-1]['net_buy'])} HKD million in the last.",
    )
    grid = Grid(
        "Southbound net buy, one month a row, newest first.", _MONTHLY_COLUMNS, monthly.rows
    )
    return Figure("buying-monthly", title, unit, (chart,), grid, note, place="half")


def year_to_date(daily: Answer) -> Figure:
    """Return the line of net buy since the year began, which starts again every year."""
    title, unit = (
        "Southbound net buy since the year began",
        "HKD million; every year starts at zero",
    )
    rows = [
        {"day": row["trade_date"], "ytd": row["net_buy_ytd_hkd_mn"], "year": row["trade_date"].year}
        for row in reversed(daily.rows)
        if row["net_buy_ytd_hkd_mn"] is not None
    ]
    if not rows:
        reason = daily.reason or "Sessions are missing in every year held, so that no sum is whole."
        return Figure("buying-ytd", title, unit, reason=reason, place="half")
    tips = (charts.DAY, charts.Tip("ytd", "Year to date, HKD mn", "+,.2f"))
    chart = Chart(
        charts.lines_over_time("ytd", tips, levels=(0,), detail="year"),
        rows,
        ("day", "ytd", "year"),
        f"Line of net buy since the year began; {words.signed(rows[-1]['ytd'])} HKD million on "
        f"{words.day(rows[-1]['day'])}.",
    )
    columns = (_DAILY_COLUMNS[0], _DAILY_COLUMNS[4])
    grid = Grid("Year to date, one session a row, newest first.", columns, daily.rows)
    return Figure("buying-ytd", title, unit, (chart,), grid, place="half")


def _overview(rows: list[dict[str, object]]) -> list[Figure]:
    if not rows:
        return []
    unit = (
        "Southbound net buy over 20 sessions. Drag over it, or use the buttons and dates above, to "
        "set the days of every chart over time."
    )
    chart = Chart(
        charts.overview("sum20"),
        rows,
        ("day", "sum20"),
        "Area of southbound net buy over 20 sessions; the figures are in the next table. The dates "
        "at the top of the page do what dragging does.",
    )
    return [Figure("window", "Days shown", unit, (chart,))]


def _summary(daily: Answer) -> str:
    high = max(daily.rows, key=lambda row: row["net_buy_hkd_mn"])
    low = min(daily.rows, key=lambda row: row["net_buy_hkd_mn"])
    return (
        f"Bars of net buy for {words.count(len(daily.rows), 'session')}; highest "
        f"{words.signed(high['net_buy_hkd_mn'])} on {words.day(high['trade_date'])}, lowest "
        f"{words.signed(low['net_buy_hkd_mn'])} on {words.day(low['trade_date'])}, HKD million."
    )
