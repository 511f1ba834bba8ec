"""Corrections of publishers: guarded by the wrong value, ended by its healing, never silent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.warehouse.conftest import Correct
from tests.warehouse.correction_rows import (
    MONDAY,
    QUOTATIONS,
    STATUSES,
    TUESDAY,
    correction,
    misprint,
)
from tests.warehouse.dbt import Warehouse
from tests.warehouse.lake_rows import (
    Lake,
    evening,
    quotation,
    row,
    short_sale,
    southbound,
)

WEDNESDAY = dt.date(2025, 2, 19)
SHORTS = "stg_hkex_quotation_sheet__short_selling"
SOUTHBOUND = "stg_hkex_stock_connect__southbound_daily"
ACTIONS = "stg_yahoo_chart__corporate_actions"

PRICES = f"select trade_date, counter_code, close_price from staging.{QUOTATIONS} order by all"
UNTOUCHED = [(MONDAY, "09988", Decimal(50)), (TUESDAY, "00700", Decimal(50))]


def statuses(warehouse: Warehouse) -> list[tuple[str, str | None]]:
    found = warehouse.rows(f"select status, published_value from staging.{STATUSES}")
    return [(status, value) for status, value in found]


def test_an_override_replaces_one_figure_of_one_row(correct: Correct) -> None:
    warehouse = correct([correction()], misprint(), QUOTATIONS, STATUSES)
    assert warehouse.failures == {}
    assert warehouse.rows(PRICES) == [(MONDAY, "00700", Decimal(500)), *UNTOUCHED]
    assert statuses(warehouse) == [("applied", "50.000")]


def test_a_corrected_row_is_known_since_the_report_and_keeps_its_other_columns(
    correct: Correct,
) -> None:
    warehouse = correct([correction()], misprint(), QUOTATIONS, STATUSES)
    assert warehouse.rows(
        "select known_at = timestamptz '2025-02-18 00:00:00+00', published_at, traded_shares, "
        f"source from staging.{QUOTATIONS} where close_price = 500"
    ) == [(True, evening(MONDAY), 100, "hkex_quotation_sheet")]


def test_an_override_without_a_value_says_that_the_figure_is_unknown(correct: Correct) -> None:
    warehouse = correct([correction(corrected_value="")], misprint(), QUOTATIONS, STATUSES)
    assert warehouse.rows(PRICES) == [(MONDAY, "00700", None), *UNTOUCHED]


def test_two_figures_of_a_row_are_corrected_each_by_its_own_guard(correct: Correct) -> None:
    shares = {"column_name": "traded_shares", "corrected_value": "1000", "expected_value": "100"}
    low = {"column_name": "low_price", "corrected_value": "1", "expected_value": "49"}
    changes = [correction(), correction(**shares), correction(**low)]
    warehouse = correct(changes, misprint(), QUOTATIONS, STATUSES)
    assert warehouse.rows(
        f"select close_price, traded_shares, low_price from staging.{QUOTATIONS} "
        "where trade_date = '2025-02-17' and counter_code = '00700'"
    ) == [(Decimal(500), 1000, Decimal(50))]
    assert sorted(status for status, _ in statuses(warehouse)) == ["applied", "applied", "healed"]


def test_a_drop_leaves_the_row_out(correct: Correct) -> None:
    warehouse = correct(
        [correction(action="drop", corrected_value="")], misprint(), QUOTATIONS, STATUSES
    )
    assert warehouse.rows(PRICES) == UNTOUCHED
    assert statuses(warehouse) == [("applied", "50.000")]


@pytest.mark.parametrize("action", ["override", "drop"])
def test_a_correction_ends_when_the_source_heals(correct: Correct, action: str) -> None:
    lake = misprint()
    healed = quotation(MONDAY, "00700", "499.000", 100, known_at=evening(WEDNESDAY))
    lake["quotations"].append(healed)
    warehouse = correct([correction(action=action)], lake, QUOTATIONS, STATUSES)
    assert warehouse.rows(PRICES) == [(MONDAY, "00700", Decimal(499)), *UNTOUCHED]
    assert statuses(warehouse) == [("healed", "499.000")]


@pytest.mark.parametrize("action", ["override", "drop"])
def test_a_missing_figure_is_guarded_by_an_empty_expectation(correct: Correct, action: str) -> None:
    change = correction(action=action, expected_value="")
    warehouse = correct([change], misprint(close_price=None), QUOTATIONS)
    expected = [(MONDAY, "00700", Decimal(500))] if action == "override" else []
    assert warehouse.rows(PRICES) == [*expected, *UNTOUCHED]


@pytest.mark.parametrize(
    ("as_of", "price", "status"),
    [
        pytest.param("2025-02-17T23:00:00+00:00", "50", [], id="not reported yet"),
        pytest.param("2025-02-18T08:00:00+08:00", "500", ["applied"], id="from that day, UTC"),
        pytest.param("2025-02-19T12:00:00+00:00", "500", ["applied"], id="before it heals"),
        pytest.param("2025-02-19T13:00:00+00:00", "499", ["healed"], id="healed"),
    ],
)
def test_a_correction_is_known_from_the_day_of_its_report(
    correct: Correct, as_of: str, price: str, status: list[str]
) -> None:
    lake = misprint()
    lake["quotations"].append(
        quotation(MONDAY, "00700", "499.000", 100, known_at=evening(WEDNESDAY))
    )
    warehouse = correct([correction()], lake, QUOTATIONS, STATUSES, as_of=as_of)
    assert warehouse.rows(PRICES)[0] == (MONDAY, "00700", Decimal(price))
    assert [each for each, _ in statuses(warehouse)] == status


def test_a_correction_of_a_row_that_is_not_there_says_so(correct: Correct) -> None:
    warehouse = correct([correction(row_key="2025-02-16|00700")], misprint(), QUOTATIONS, STATUSES)
    assert warehouse.failures == {}
    assert len(warehouse.rows(PRICES)) == 3
    assert statuses(warehouse) == [("no_such_row", None)]


def short_versions() -> Lake:
    later = {"is_adjustment": True, "published_at": evening(TUESDAY), "known_at": evening(TUESDAY)}
    return {
        "short_selling": [
            short_sale(MONDAY, "00700", 90, 4000),
            short_sale(MONDAY, "00700", 9000, 4100, **later),
            short_sale(MONDAY, "09988", 9000, 100),
        ]
    }


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        pytest.param("override", [("00700", 90), ("00700", 91), ("09988", 9000)], id="override"),
        pytest.param("drop", [("09988", 9000)], id="drop"),
    ],
)
def test_of_a_table_with_versions_the_newest_is_changed_and_all_are_dropped(
    correct: Correct, action: str, expected: list[tuple[str, int]]
) -> None:
    change = correction(
        lake_table="short_selling",
        column_name="short_shares",
        action=action,
        corrected_value="91",
        expected_value="9000",
    )
    warehouse = correct([change], short_versions(), SHORTS)
    assert (
        warehouse.rows(f"select counter_code, short_shares from staging.{SHORTS} order by all")
        == expected
    )


def test_a_row_whose_key_has_three_parts_and_a_symbol_is_corrected(correct: Correct) -> None:
    action = row(
        "corporate_actions",
        MONDAY,
        symbol="0788.HK",
        action_type="split",
        currency="HKD",
        split_ratio=10.0,
    )
    change = correction(
        lake_table="corporate_actions",
        row_key="2025-02-17|0788.HK|split",
        column_name="split_ratio",
        corrected_value="0.1",
        expected_value="10",
    )
    warehouse = correct([change], {"corporate_actions": [action]}, ACTIONS)
    assert warehouse.rows(f"select split_ratio from staging.{ACTIONS}") == [(0.1,)]


def test_a_correction_reaches_the_marts(correct: Correct) -> None:
    change = correction(
        lake_table="southbound_daily",
        row_key="2025-02-17|SSE",
        column_name="total_turnover_hkd_mn",
        corrected_value="21",
        expected_value="210.00",
        reason="it isn't buy plus sell",
    )
    wrong = southbound(MONDAY, "SSE", "11", "10", total_turnover_hkd_mn=Decimal("210.00"))
    warehouse = correct([change], {"southbound_daily": [wrong]}, "fct_southbound_daily")
    assert warehouse.failures == {}
    assert warehouse.rows(
        "select total_turnover_hkd_mn, known_at = timestamptz '2025-02-18 00:00:00+00' "
        "from inflows.fct_southbound_daily where channel = 'SSE'"
    ) == [(Decimal(21), True)]


def test_without_corrections_staging_reads_the_lake_as_it_is(correct: Correct) -> None:
    warehouse = correct([], misprint(), QUOTATIONS, STATUSES)
    assert warehouse.failures == {}
    assert warehouse.rows(PRICES) == [(MONDAY, "00700", Decimal(50)), *UNTOUCHED]
    assert statuses(warehouse) == []
    types = warehouse.rows(
        "select column_name, data_type from duckdb_columns() "
        "where table_name = 'correction' and data_type != 'VARCHAR'"
    )
    assert types == [("reported_on", "DATE")]


def test_a_table_without_corrections_is_read_by_the_plain_query(correct: Correct) -> None:
    bars = "stg_yahoo_chart__daily_bars"
    warehouse = correct([correction()], misprint(), QUOTATIONS, bars)
    found = warehouse.rows(
        "select view_name from duckdb_views() "
        f"where sql like '%row_key%' and view_name in ('{QUOTATIONS}', '{bars}')"
    )
    assert found == [(QUOTATIONS,)]
