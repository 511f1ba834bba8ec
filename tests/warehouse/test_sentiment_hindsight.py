"""No row knows the future: cut the lake at a session, build again, and nothing before it moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from data_lake.tables import TABLES
from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse
from tests.warehouse.lake_rows import Lake
from tests.warehouse.sentiment_lake import SESSIONS, market

CUTS = (dt.date(2024, 12, 31), dt.date(2025, 2, 14))
"""A half day after the split, and the last session of a week whose report is a week away."""
SELECTED = "+path:models/marts/sentiment +path:models/marts/valuations security"
CORRECTED_LATER = {
    "fct_short_selling_daily": None,
    "mart_sentiment_security": {
        "short_shares",
        "short_turnover_hkd",
        "short_turnover_ratio_pct",
        "known_at",
    },
    "mart_sentiment_daily": {
        "short_turnover_hkd_mn",
        "short_turnover_ratio_market_pct",
        "short_turnover_ratio_designated_pct",
        "known_at",
    },
    "mart_sentiment_components": {"known_at"},
}
"""What says that it shows corrections, which come with the next session."""
DATES = {"fct_short_positions_weekly": "usable_from_date", "dim_event": "known_at"}


@pytest.fixture(scope="module")
def whole(build: Build) -> Warehouse:
    return build(market(), select=SELECTED)


def marts(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return the columns of every dated mart of the two schemas."""
    columns: dict[str, list[str]] = {}
    for schema, table, column in warehouse.rows(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where schema_name in ('sentiment', 'valuations') order by all"
    ):
        columns.setdefault(f"{schema}.{table}", []).append(column)
    return columns


def differences(
    whole: Warehouse, cut: Warehouse, last: dt.date, excused: dict[str, Any]
) -> dict[str, Any]:
    """Return, for every mart whose rows up to a day differ, one such row of either build."""
    found = {}
    for mart, columns in marts(whole).items():
        name = mart.split(".")[1]
        dated = DATES.get(name, "trade_date")
        left_out = excused.get(name, set())
        if left_out is None or dated not in columns:
            continue
        compared = ", ".join(column for column in columns if column not in left_out)
        query = f"select {compared} from {mart} where cast({dated} as date) <= '{last}'"
        rows, cut_rows = ({as_text(row) for row in each.rows(query)} for each in (whole, cut))
        if rows != cut_rows:
            found[mart] = (sorted(rows - cut_rows)[:1], sorted(cut_rows - rows)[:1])
    return found


def as_text(row: tuple[Any, ...]) -> str:
    """Return a row with its floats to nine digits: the order of adding up moves the last ones."""
    return str([f"{value:.9g}" if isinstance(value, float) else str(value) for value in row])


def truncated(lake: Lake, last: dt.date) -> Lake:
    return {
        name: [row for row in rows if row[TABLES[name].date_column] <= last]
        for name, rows in lake.items()
    }


def test_everything_passes(whole: Warehouse) -> None:
    assert whole.failures == {}


def test_the_comparison_covers_scores_and_is_not_of_empty_tables(whole: Warehouse) -> None:
    counts = {mart: whole.rows(f"select count(*) from {mart}")[0][0] for mart in marts(whole)}
    empty = {mart for mart, count in counts.items() if not count and "sentiment" in mart}
    assert empty == set()
    last = f"where trade_date <= '{CUTS[1]}'"
    [(scores, positions)] = whole.rows(
        "select (select count(composite_score) from sentiment.mart_sentiment_daily " + last + "), "
        "(select count(days_to_cover) from sentiment.mart_sentiment_security " + last + ")"
    )
    assert scores >= 20
    assert positions >= 300


@pytest.mark.parametrize("last", CUTS)
def test_no_row_up_to_a_session_rests_on_rows_dated_after_it(
    build: Build, whole: Warehouse, last: dt.date
) -> None:
    cut = build(truncated(market(), last), select=SELECTED)
    assert cut.failures == {}
    assert differences(whole, cut, last, {}) == {}


def test_no_row_rests_on_what_was_unknown_before_the_next_session_but_corrections(
    build: Build, whole: Warehouse
) -> None:
    last = SESSIONS[SESSIONS.index(CUTS[1]) - 1]
    morning = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(0, 59), tzinfo=dt.UTC)
    cut = build(market(), morning.isoformat(), SELECTED)
    assert cut.failures == {}
    assert differences(whole, cut, last, CORRECTED_LATER) == {}
