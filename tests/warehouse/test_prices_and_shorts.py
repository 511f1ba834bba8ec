"""Prices, short selling and fund flows, by numbers worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse
from tests.warehouse.lake_rows import (
    Lake,
    bar,
    evening,
    fund_day,
    quotation,
    row,
    short_sale,
)

MONDAY, TUESDAY = dt.date(2025, 2, 17), dt.date(2025, 2, 18)
HALF_DAY = dt.date(2025, 1, 28)


def split(day: dt.date, symbol: str, ratio: float) -> dict[str, Any]:
    return row(
        "corporate_actions",
        day,
        symbol=symbol,
        action_type="split",
        currency="HKD",
        split_ratio=ratio,
    )


def lake() -> Lake:
    flat = {"missing_price_reason": "flat_bar_without_volume"}
    bars = [
        bar(HALF_DAY, "0700.HK", None, **flat),
        bar(MONDAY, "0700.HK", 493.6),
        bar(TUESDAY, "0700.HK", 503.5, high_price=513.0, low_price=497.0, open_price=498.0),
        # Vendor prices before the split of the 18th are halved.
        bar(MONDAY, "0300.HK", 20.0, open_price=19.5, volume_shares=2000),
        bar(TUESDAY, "0300.HK", 21.0),
        bar(MONDAY, "^HSI", 22616.234375, volume_shares=None),
        bar(MONDAY, "CNYHKD=X", 1.07),
        bar(dt.date(2025, 2, 13), "KWEB", 31.5),
        bar(dt.date(2025, 2, 14), "KWEB", 32.0),
        bar(TUESDAY, "KWEB", 32.0),
    ]
    quotations = [
        quotation(MONDAY, "01810", "44.500", 1000, previous_close=Decimal("40.000")),
        quotation(MONDAY, "81810", "41.000", 200),
        quotation(TUESDAY, "01810", "46.725", 800),
        quotation(TUESDAY, "81810", "43.000", 100),
    ]
    shorts = [
        short_sale(MONDAY, "01810", 90, 4005),
        short_sale(
            MONDAY, "01810", 100, 4450, is_adjustment=True, published_at=evening(TUESDAY),
            known_at=evening(TUESDAY),
        ),
        short_sale(MONDAY, "81810", 20, 820),
        short_sale(TUESDAY, "81810", 10, 430),
        short_sale(TUESDAY, "00700", 5, 2500),
    ]  # fmt: skip
    funds = [
        fund_day(dt.date(2025, 2, 13), [3100.0, -100.0], 0.05),
        fund_day(dt.date(2025, 2, 14), [3500.0, 20.0], 0.0),
        fund_day(TUESDAY, [3520.0], 0.0),
    ]
    return {
        "daily_bars": bars,
        "corporate_actions": [split(TUESDAY, "0300.HK", 2.0)],
        "quotations": quotations,
        "short_selling": shorts,
        "etf_holdings": [line for fund in funds for line in fund["etf_holdings"]],
        "etf_nav": [nav for fund in funds for nav in fund["etf_nav"]],
    }


@pytest.fixture(scope="module")
def warehouse(build: Build) -> Warehouse:
    return build(
        lake(),
        select="+fct_prices_daily +fct_short_selling_daily +fct_etf_flow_daily security"
        " assert_vendor_close_agrees_with_sheet",
    )


def price(warehouse: Warehouse, day: dt.date, security: str, columns: str) -> tuple[Any, ...]:
    [found] = warehouse.rows(
        f"select {columns} from valuations.fct_prices_daily "
        f"where trade_date = '{day}' and security_id = '{security}'"
    )
    return found


def test_everything_passes(warehouse: Warehouse) -> None:
    assert warehouse.failures == {}


def test_tencent_on_its_record_day_comes_from_the_bars_alone(warehouse: Warehouse) -> None:
    columns = "high_price, close_price, price_source, security_code, evidence_grade"
    assert price(warehouse, TUESDAY, "00700", columns) == (
        Decimal("513.0"),
        Decimal("503.5"),
        "yahoo_chart",
        "00700",
        "vendor",
    )


def test_return_is_close_over_previous_close(warehouse: Warehouse) -> None:
    [change] = price(warehouse, TUESDAY, "00700", "return_pct")
    assert change == pytest.approx(2.005672609, abs=1e-8)


def test_a_flat_half_day_bar_is_a_missing_price_with_its_reason(warehouse: Warehouse) -> None:
    columns = "close_price, is_missing_price, missing_price_reason, return_pct"
    assert price(warehouse, HALF_DAY, "00700", columns) == (
        None,
        True,
        "flat_bar_without_volume",
        None,
    )


def test_prices_before_a_split_are_as_traded_and_the_return_bridges_it(
    warehouse: Warehouse,
) -> None:
    before = price(warehouse, MONDAY, "00300", "open_price, close_price, volume_shares")
    assert before == (Decimal(39), Decimal(40), 1000)
    after = price(warehouse, TUESDAY, "00300", "close_price, previous_close_price, return_pct")
    assert after == (Decimal(21), Decimal(40), pytest.approx(5.0))


def test_an_index_keeps_its_symbol_and_decimals(warehouse: Warehouse) -> None:
    columns = "close_price, security_code, exchange_calendar"
    assert price(warehouse, MONDAY, "^HSI", columns) == (Decimal("22616.234375"), None, "XHKG")


def test_the_sheet_gives_price_turnover_and_previous_close_of_the_hkd_counter(
    warehouse: Warehouse,
) -> None:
    columns = "close_price, volume_shares, turnover_hkd, previous_close_price, return_pct"
    assert price(warehouse, MONDAY, "01810", columns) == (
        Decimal("44.5"),
        1000,
        44500,
        Decimal(40),
        pytest.approx(11.25),
    )
    assert price(warehouse, TUESDAY, "01810", "return_pct") == (pytest.approx(5.0),)
    assert warehouse.rows(
        "select count(*) from valuations.fct_prices_daily where security_id = '81810'"
    ) == [(0,)]


SHORT = """
    select short_shares, initial_short_shares, short_shares_revision_shares, is_revised,
        total_shares, short_turnover_hkd, total_turnover_hkd, has_unconverted_counter
    from sentiment.fct_short_selling_daily
    where trade_date = '{day}' and security_code = '{code}'
"""


def test_short_sales_of_both_counters_are_summed_in_the_corrected_version(
    warehouse: Warehouse,
) -> None:
    # 4450 + 820 x 1.07 and 44500 + 8200 x 1.07
    assert warehouse.rows(SHORT.format(day=MONDAY, code="01810")) == [
        (120, 110, 10, True, 1200, Decimal("5327.40"), Decimal("53274.00"), False)
    ]
    [(ratio,)] = warehouse.rows(
        "select short_turnover_ratio_pct from sentiment.fct_short_selling_daily "
        f"where trade_date = '{MONDAY}'"
    )
    assert ratio == pytest.approx(10.0)


def test_a_counter_without_a_rate_of_the_day_is_left_out_of_values_only(
    warehouse: Warehouse,
) -> None:
    assert warehouse.rows(SHORT.format(day=TUESDAY, code="01810")) == [
        (10, 10, 0, False, 900, None, Decimal("37380.00"), True)
    ]


def test_the_ratio_is_null_where_turnover_is_unknown(warehouse: Warehouse) -> None:
    assert warehouse.rows(SHORT.format(day=TUESDAY, code="00700")) == [
        (5, 5, 0, False, None, Decimal("2500.00"), None, False)
    ]
    assert warehouse.rows(
        "select short_turnover_ratio_pct from sentiment.fct_short_selling_daily "
        "where security_code = '00700'"
    ) == [(None,)]


def test_fund_flow_is_new_shares_at_the_nav_before_and_skips_closed_days(
    warehouse: Warehouse,
) -> None:
    found = warehouse.rows(
        "select shares_outstanding, nav_per_share_usd, flow_usd, flow_at_current_nav_usd, "
        "flow_pct_aum, flow_missing_reason, is_inferred_shares "
        "from inflows.fct_etf_flow_daily order by nav_date"
    )
    near = pytest.approx
    assert found == [
        (100, near(30), None, None, None, "first_row_of_lake", True),
        (110, near(32), near(300), near(320), near(10), None, True),
        (110, near(32), near(0), near(0), near(0), None, True),
    ]


def test_more_shares_short_than_traded_fails_the_build(build: Build) -> None:
    warehouse = build(
        {
            "quotations": [quotation(MONDAY, "00700", "500.000", 100)],
            "short_selling": [short_sale(MONDAY, "00700", 101, 40000)],
        },
        select="+fct_short_selling_daily security",
    )
    assert list(warehouse.failures) == ["short_shares_do_not_exceed_volume"]


def test_a_vendor_close_far_from_the_sheet_is_a_warning_and_not_used(build: Build) -> None:
    warehouse = build(
        {
            "quotations": [quotation(MONDAY, "00700", "500.000", 100)],
            "daily_bars": [bar(MONDAY, "0700.HK", 100.0)],
        },
        select="+fct_prices_daily security",
    )
    assert list(warehouse.failures) == ["assert_vendor_close_agrees_with_sheet"]
    assert warehouse.statuses["assert_vendor_close_agrees_with_sheet"] == "warn"
    columns = "open_price, close_price"
    assert price(warehouse, MONDAY, "00700", columns) == (None, Decimal(500))
