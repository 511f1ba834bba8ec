"""The tables of trust: days held against calendars, verdicts of the audit, grades, agreement."""

from __future__ import annotations

from orchestration.publishing.manifest import Snapshot
from orchestration.report import words
from orchestration.report.answers import Answer, Row
from orchestration.report.panel import Column, Figure, Grid

_EXTENT_COLUMNS = (
    Column("table_name", "Table", words.plain, is_number=False),
    Column("calendar", "Calendar", words.plain, is_number=False),
    Column("first_date", "First day", words.short_day, is_number=False),
    Column("last_date", "Last day", words.short_day, is_number=False),
    Column("known_at", "Newest known, UTC", words.moment, is_number=False),
    Column("days_held", "Days held", words.whole),
    Column("sessions_missing", "Sessions missing", words.whole),
    Column("first_missing", "First missing", words.short_day, is_number=False),
    Column("sessions_behind", "Sessions behind", words.whole),
)
_VERDICT_COLUMNS = (
    Column("name", "Mart", words.plain, is_number=False),
    Column("rows", "Rows", words.whole),
    Column("verdict", "Verdict", words.plain, is_number=False, is_prose=True),
    Column("failed", "Failed expectations", words.plain, is_number=False, is_prose=True),
)
_GRADE_COLUMNS = (
    Column("table_name", "Table", words.plain, is_number=False),
    Column("evidence_grade", "Evidence grade", words.text, is_number=False),
    Column("row_count", "Rows", words.whole),
    Column("share_pct", "Share of the table, %", words.one_decimal),
)
_SOURCE_COLUMNS = (
    Column("metric_id", "Measure", words.text, is_number=False),
    Column("sources", "Sources", words.plain, is_number=False),
    Column("compared", "Compared", words.whole),
    Column("agreeing", "Agree", words.whole),
    Column("explained", "Differ, explained", words.whole),
    Column("unexplained", "Differ, unexplained", words.whole),
    Column("not_in_b", "Only in the first", words.whole),
)


def freshness(answer: Answer) -> Figure:
    """Return first and last day of each table and the sessions it lacks."""
    title, unit = "Freshness and gaps", "Sessions of each table's own calendar"
    if not answer.rows:
        return Figure("trust-fresh", title, unit, reason=answer.reason)
    grid = Grid("Days held by each table, gaps first.", _EXTENT_COLUMNS, answer.rows, is_open=True)
    return Figure("trust-fresh", title, unit, grid=grid)


def verdicts(snapshot: Snapshot) -> Figure:
    """Return what the audit said of every mart, failures first."""
    rows: list[Row] = [
        {
            "name": f"{mart.schema}.{mart.name}",
            "rows": mart.rows,
            "verdict": mart.verdict,
            "failed": "; ".join(_sentence(warning) for warning in mart.warnings),
        }
        for mart in sorted(snapshot.marts, key=lambda mart: (not mart.warnings, mart.rows > 0))
    ]
    failed = sum(bool(mart.warnings) for mart in snapshot.marts)
    empty = sum(not mart.rows for mart in snapshot.marts)
    unit = (
        f"{words.count(failed, 'mart')} with a failed expectation; {empty or 'none'} without rows"
    )
    grid = Grid("Marts and their verdicts, from manifest.json.", _VERDICT_COLUMNS, rows,
                is_open=failed > 0)  # fmt: skip
    return Figure("trust-verdicts", "Expectations", unit, grid=grid)


def evidence(answer: Answer) -> Figure:
    """Return the grades of evidence by table."""
    title = "Evidence grades"
    unit = "official: the publisher itself; vendor: a reseller; synthetic: invented by the sandbox"
    if not answer.rows:
        return Figure("trust-grades", title, unit, reason=answer.reason)
    totals: dict[str, int] = {}
    for row in answer.rows:
        totals[row["table_name"]] = totals.get(row["table_name"], 0) + row["row_count"]
    rows = [
        {**row, "share_pct": 100 * row["row_count"] / totals[row["table_name"]]}
        for row in answer.rows
    ]
    grid = Grid("Rows by table and evidence grade.", _GRADE_COLUMNS, rows)
    return Figure("trust-grades", title, unit, grid=grid)


def agreement(answer: Answer) -> Figure:
    """Return how often two sources of one figure agree."""
    title, unit = "Agreement of sources", "Figures of one day that two sources give"
    if not answer.rows:
        return Figure("trust-sources", title, unit, reason=answer.reason)
    rows = [{**row, "sources": f"{row['source_a']} and {row['source_b']}"} for row in answer.rows]
    grid = Grid("Comparisons of two sources.", _SOURCE_COLUMNS, rows)
    return Figure("trust-sources", title, unit, grid=grid)


def _sentence(warning: Row) -> str:
    """Return a failure as it was written down: what was expected, of what, and what was found."""
    where = ", ".join(str(warning[name]) for name in ("column", "columns") if warning.get(name))
    said = str(warning.get("message") or warning.get("expectation") or "an expectation failed")
    return f"{where}: {said}" if where and where not in said else said
