"""Southbound flows: totals, sums to date and rolling sums, by numbers worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from orchestration import calendar
from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse
from tests.warehouse.lake_rows import evening, southbound

ONLY_SOUTHBOUND = "+fct_southbound_daily assert_southbound_cumulative_moves_by_net_buy"
MISSING = dt.date(2025, 2, 7)
"""Shenzhen is not in the lake that day."""


@pytest.fixture(scope="module")
def warehouse(build: Build) -> Warehouse:
    """January has 18 Connect sessions; Shanghai nets 1.00 and Shenzhen 2.50 on each.

    What is bought grows by a cent a session: no day is the day before.
    """
    rows = []
    days = calendar.sessions("CONNECT", dt.date(2025, 1, 1), dt.date(2025, 2, 14))
    for cents, day in enumerate(days, start=1000):
        sold = Decimal(cents) / 100
        rows.append(southbound(day, "SSE", f"{sold + 1}", f"{sold}"))
        if day != MISSING:
            rows.append(southbound(day, "SZSE", f"{sold + Decimal('2.50')}", f"{sold}"))
    day = dt.date(2015, 3, 2)
    rows.append(southbound(day, "SSE", "4.00", "1.00", known_at=evening(day)))
    return build(
        {"southbound_daily": rows},
        select=f"{ONLY_SOUTHBOUND} assert_southbound_all_is_sum_of_channels",
    )


def figures(warehouse: Warehouse, day: str, channel: str, *columns: str) -> tuple | None:
    found = warehouse.rows(
        f"select {', '.join(columns)} from inflows.fct_southbound_daily "
        f"where trade_date = '{day}' and channel = '{channel}'"
    )
    return found[0] if found else None


def test_everything_passes(warehouse: Warehouse) -> None:
    assert warehouse.failures == {}


MTD = ("net_buy_mtd_hkd_mn", "is_mtd_complete", "net_buy_ytd_hkd_mn", "is_ytd_complete")


@pytest.mark.parametrize(
    ("day", "channel", "expected"),
    [
        pytest.param("2025-01-27", "ALL", ("63.00", True, "63.00", True), id="18 x 3.50"),
        pytest.param("2025-02-05", "ALL", ("3.50", True, "66.50", True), id="new month"),
        pytest.param("2025-02-10", "ALL", (None, False, None, False), id="after the gap"),
        pytest.param("2025-02-10", "SSE", ("4.00", True, "22.00", True), id="Shanghai has none"),
    ],
)
def test_sums_to_date_are_null_where_a_session_is_missing(
    warehouse: Warehouse, day: str, channel: str, expected: tuple
) -> None:
    month, is_month, year, is_year = expected
    assert figures(warehouse, day, channel, *MTD) == (
        month and Decimal(month),
        is_month,
        year and Decimal(year),
        is_year,
    )


def test_there_is_no_total_without_both_channels(warehouse: Warehouse) -> None:
    assert figures(warehouse, MISSING.isoformat(), "ALL", "net_buy_hkd_mn") is None
    assert figures(warehouse, MISSING.isoformat(), "SSE", "net_buy_hkd_mn") == (Decimal("1.00"),)


def test_shanghai_alone_is_the_total_before_shenzhen_opened(warehouse: Warehouse) -> None:
    assert figures(warehouse, "2015-03-02", "ALL", "net_buy_hkd_mn", "net_buy_ytd_hkd_mn") == (
        Decimal("3.00"),
        None,
    )


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        pytest.param("2025-02-06", 20, "70.00", id="the twentieth session"),
        pytest.param("2025-02-05", 20, None, id="the nineteenth session"),
        pytest.param("2025-02-06", 5, "17.50", id="over the New Year holiday"),
        pytest.param("2025-02-13", 5, None, id="four sessions since the gap"),
        pytest.param("2025-02-14", 5, "17.50", id="five sessions since the gap"),
        pytest.param("2025-02-14", 60, None, id="too few"),
    ],
)
def test_rolling_sums_count_connect_sessions_without_a_gap(
    warehouse: Warehouse, day: str, count: int, expected: str | None
) -> None:
    column = f"net_buy_{count}_sessions_hkd_mn"
    assert figures(warehouse, day, "ALL", column) == (expected and Decimal(expected),)


def test_the_cumulative_sum_ends_at_a_gap_of_ten_years(warehouse: Warehouse) -> None:
    columns = ("net_buy_since_first_lake_row_hkd_mn", "is_cumulative_complete")
    assert figures(warehouse, "2015-03-02", "SSE", *columns) == (Decimal("3.00"), True)
    assert figures(warehouse, "2025-01-02", "SSE", *columns) == (None, False)
    assert figures(warehouse, "2025-02-06", "SZSE", *columns) == (Decimal("50.00"), True)


def test_invented_and_real_days_are_never_added_up(build: Build) -> None:
    days = calendar.sessions("CONNECT", dt.date(2025, 2, 5), dt.date(2025, 2, 7))
    marks = [("official", False), ("synthetic", True), ("synthetic", True)]
    rows = [
        southbound(day, "SSE", "3.00", "1.00", evidence_grade=grade, is_synthetic=is_synthetic)
        for day, (grade, is_synthetic) in zip(days, marks, strict=True)
    ]
    warehouse = build({"southbound_daily": rows}, select=ONLY_SOUTHBOUND)
    assert warehouse.rows(
        "select is_synthetic, net_buy_mtd_hkd_mn, net_buy_since_first_lake_row_hkd_mn "
        "from inflows.fct_southbound_daily order by trade_date"
    ) == [
        (False, Decimal("2.00"), Decimal("2.00")),
        (True, None, Decimal("2.00")),
        (True, None, Decimal("4.00")),
    ]


def test_a_total_that_is_not_buy_plus_sell_fails_the_build(build: Build) -> None:
    broken = southbound(
        dt.date(2025, 2, 5), "SSE", "3.00", "1.00", total_turnover_hkd_mn=Decimal("40.00")
    )
    warehouse = build({"southbound_daily": [broken]}, select=ONLY_SOUTHBOUND)
    assert list(warehouse.failures) == ["southbound_total_is_buy_plus_sell"]


@pytest.mark.parametrize(
    ("as_of", "net_buy"),
    [
        pytest.param("2025-02-05T12:00:00+00:00", None, id="before it was published"),
        pytest.param("2025-02-05T21:00:00+08:00", "2.00", id="the same evening in Hong Kong"),
        pytest.param("2025-03-01T00:00:00+00:00", "7.00", id="after the correction"),
        pytest.param("", "7.00", id="now"),
    ],
)
def test_a_corrected_figure_is_read_as_it_was_known(
    build: Build, as_of: str, net_buy: str | None
) -> None:
    day = dt.date(2025, 2, 5)
    first = southbound(day, "SSE", "3.00", "1.00")
    corrected = southbound(
        day, "SSE", "8.00", "1.00", known_at=dt.datetime(2025, 2, 20, tzinfo=dt.UTC)
    )
    staged = "stg_hkex_stock_connect__southbound_daily"
    warehouse = build({"southbound_daily": [first, corrected]}, as_of, f"+{staged}")
    assert warehouse.rows(
        f"select buy_turnover_hkd_mn - sell_turnover_hkd_mn from staging.{staged}"
    ) == ([(Decimal(net_buy),)] if net_buy else [])
