"""Can it be trusted: freshness, gaps, expectations, evidence grades, agreement of sources."""

from __future__ import annotations

from orchestration.publishing.manifest import Snapshot
from orchestration.report import words
from orchestration.report.answers import Answer, Row, ask, run
from orchestration.report.panel import Panel, Stat
from orchestration.report.panels import trusted_queries, trusted_tables

QUESTION = "Can it be trusted?"


def panel(snapshot: Snapshot) -> Panel:
    """Return the panel for a snapshot."""
    extents = run(snapshot, "trust_extents", trusted_queries.extents(snapshot))
    grades = run(snapshot, "trust_grades", trusted_queries.grades(snapshot))
    sources = ask(snapshot, "trust_reconciliation")
    return Panel(
        key="trusted",
        question=QUESTION,
        headline=headline(snapshot, extents, grades, sources),
        stats=_stats(snapshot, extents, grades, sources),
        figures=(
            trusted_tables.freshness(extents),
            trusted_tables.verdicts(snapshot),
            trusted_tables.evidence(grades),
            trusted_tables.agreement(sources),
        ),
        notes=(
            "A figure that fails a critical expectation is never published; what is listed here as "
            "failed are warnings, written down in manifest.json.",
        ),
        answers=(extents, grades, sources),
    )


def headline(snapshot: Snapshot, extents: Answer, grades: Answer, sources: Answer) -> str:
    """Return the sentence that answers the question."""
    parts = [_world(grades), _freshness(extents), _verdict(snapshot)]
    compared, unexplained = _totals(sources.rows)
    if compared:
        parts.append(
            f"Where two sources give the same figure they agree or the difference is explained in "
            f"{words.number(100 * (1 - unexplained / compared), 1)} % of "
            f"{words.count(compared, 'comparison')}."
        )
    return " ".join(part for part in parts if part)


def synthetic_share(grades: Answer) -> float:
    """Return the share of the rows with a grade that are synthetic, 0 to 1."""
    total = sum(row["row_count"] for row in grades.rows)
    invented = sum(row["row_count"] for row in grades.rows if row["is_synthetic"])
    return invented / total if total else 0.0


def _world(grades: Answer) -> str:
    if not grades.rows:
        return f"What the figures rest on cannot be said. {grades.reason}"
    share = synthetic_share(grades)
    if share == 1:
        return "As a statement about the market, no: every figure here is invented by the sandbox."
    if share:
        return f"Not all of it: {words.number(100 * share, 1)} % of the rows are synthetic."
    return "No row is synthetic."


def _freshness(extents: Answer) -> str:
    if not extents.rows:
        return extents.reason
    newest = max(row["last_date"] for row in extents.rows)
    missing = sum(row["sessions_missing"] for row in extents.rows)
    late = sum(row["sessions_behind"] > 0 for row in extents.rows)
    gaps = f"{words.count(missing, 'session')} missing" if missing else "no session missing"
    behind = ""
    if late:
        behind = f"; {words.count(late, 'table ends', 'tables end')} earlier than that"
    return f"It reaches to {words.day(newest)}, with {gaps} within its tables{behind}."


def _verdict(snapshot: Snapshot) -> str:
    judged = [mart for mart in snapshot.marts if mart.rows]
    warned = sum(bool(mart.warnings) for mart in judged)
    if not warned:
        return f"All {words.count(len(judged), 'mart')} with rows passed their expectations."
    return f"Of {words.count(len(judged), 'mart')} with rows, {warned} failed an expectation."


def _totals(rows: list[Row]) -> tuple[int, int]:
    return sum(row["compared"] for row in rows), sum(row["unexplained"] for row in rows)


def _stats(snapshot: Snapshot, extents: Answer, grades: Answer, sources: Answer) -> list[Stat]:
    found = []
    if extents.rows:
        newest = max(row["last_date"] for row in extents.rows)
        missing = sum(row["sessions_missing"] for row in extents.rows)
        found.append(Stat("Newest day", words.short_day(newest)))
        found.append(Stat("Sessions missing", words.whole(missing), "between first and last held"))
    warned = sum(len(mart.warnings) for mart in snapshot.marts)
    found.append(Stat("Expectations failed", words.whole(warned), "warnings; others block"))
    if grades.rows:
        share = words.number(100 * synthetic_share(grades), 0)
        found.append(Stat("Synthetic rows, %", share))
    compared, unexplained = _totals(sources.rows)
    if compared:
        found.append(
            Stat("Unexplained differences", words.whole(unexplained),
                 f"of {compared:,} comparisons of two sources")
        )  # fmt: skip
    return found
