"""SQL that depends on which tables a snapshot has: their days against calendars, their grades."""

from __future__ import annotations

from orchestration.publishing.manifest import Snapshot

CALENDARS = {
    "fct_southbound_daily": ("trade_date", "CONNECT", "channel = 'ALL'"),
    "fct_southbound_holdings": ("holding_date", "XHKG", ""),
    "fct_short_selling_daily": ("trade_date", "XHKG", ""),
    "fct_short_positions_weekly": ("position_date", "XHKG_WEEK_END", ""),
    "fct_prices_daily": ("trade_date", "XHKG", "length(security_id) = 5"),
    "fct_index_valuations_daily": ("trade_date", "XHKG", ""),
    "fct_security_valuations_daily": ("trade_date", "XHKG", ""),
    "fct_etf_flow_daily": ("nav_date", "XNYS", ""),
    "mart_sentiment_daily": ("trade_date", "XHKG", ""),
}
"""Tables that must have a row on each session of a calendar: date column, calendar, which rows."""

_NOTHING = "SELECT NULL AS table_name WHERE false"


def extents(snapshot: Snapshot) -> str:
    """Return SQL for first and last day of each table, and the sessions that lack a row."""
    held = {mart.name for mart in snapshot.marts if mart.rows}
    parts = [
        f"    SELECT '{table}' AS table_name, '{calendar}' AS calendar, {column} AS day,\n"
        f"        max(known_at) AS known_at\n"
        f"    FROM {table}" + (f" WHERE {rows}" if rows else "") + " GROUP BY ALL"
        for table, (column, calendar, rows) in CALENDARS.items()
        if table in held
    ]
    if not parts or "dim_session" not in held:
        return _NOTHING
    days = "\n    UNION ALL\n".join(parts)
    return f"""WITH held AS (
{days}
),
extent AS (
    SELECT table_name, calendar, min(day) AS first_date, max(day) AS last_date,
        count(*) AS days_held, max(known_at) AS known_at
    FROM held GROUP BY ALL
)
SELECT
    extent.table_name,
    extent.calendar,
    extent.first_date,
    extent.last_date,
    extent.days_held,
    extent.known_at,
    count(*) FILTER (
        WHERE session.trade_date <= extent.last_date AND held.day IS NULL
    ) AS sessions_missing,
    min(session.trade_date) FILTER (
        WHERE session.trade_date <= extent.last_date AND held.day IS NULL
    ) AS first_missing,
    count(*) FILTER (WHERE session.trade_date > extent.last_date) AS sessions_behind
FROM extent
INNER JOIN dim_session AS session
    ON session.calendar = extent.calendar
    AND session.trade_date BETWEEN extent.first_date AND (SELECT max(last_date) FROM extent)
LEFT JOIN held
    ON held.table_name = extent.table_name AND held.day = session.trade_date
GROUP BY ALL
ORDER BY sessions_missing DESC, sessions_behind DESC, extent.table_name"""


def grades(snapshot: Snapshot) -> str:
    """Return SQL that counts the rows of each graded table by evidence grade."""
    held = {mart.name for mart in snapshot.marts if mart.rows}
    parts = [
        f"SELECT '{table}' AS table_name, evidence_grade, is_synthetic, count(*) AS row_count\n"
        f"FROM {table} GROUP BY ALL"
        for table in CALENDARS
        if table in held
    ]
    if not parts:
        return _NOTHING
    return "\nUNION ALL\n".join(parts) + "\nORDER BY table_name, evidence_grade"
