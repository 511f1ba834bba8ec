"""A consolidation is no flow, and two counters are one security: the classic mistakes of vendors.

The case has the shape of China Tower's ten-to-one consolidation of 20 February 2025; the figures
are round ones.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse
from tests.warehouse.lake_rows import Lake, Row, bar, evening, quotation, row, short_sale

TOWER, CONTROL, SUSPENDED = "00788", "00700", "00300"
BEFORE, LAST_OLD, EFFECTIVE, AFTER = (dt.date(2025, 2, day) for day in (18, 19, 20, 21))
IMPLIED = {
    BEFORE: dt.date(2025, 2, 14),
    LAST_OLD: dt.date(2025, 2, 17),
    EFFECTIVE: BEFORE,
    AFTER: LAST_OLD,
}


def holding(day: dt.date, code: str, shares: int) -> Row:
    return row(
        "southbound_holdings",
        day,
        security_code=code,
        security_name="NAME",
        held_shares=shares,
        implied_trade_date=IMPLIED[day],
    )


def consolidation(symbol: str) -> Row:
    return row(
        "corporate_actions",
        EFFECTIVE,
        symbol=symbol,
        action_type="split",
        currency="HKD",
        split_ratio=0.1,
    )


def lake() -> Lake:
    return {
        "southbound_holdings": [
            holding(BEFORE, TOWER, 8_850_000_000),
            holding(LAST_OLD, TOWER, 8_870_000_000),
            holding(EFFECTIVE, TOWER, 888_000_000),
            holding(AFTER, TOWER, 885_000_000),
            holding(LAST_OLD, CONTROL, 900_000_000),
            holding(EFFECTIVE, CONTROL, 901_000_000),
            # Not listed on the last session of the old shares.
            holding(BEFORE, SUSPENDED, 50_000_000),
            holding(EFFECTIVE, SUSPENDED, 5_000_000),
        ],
        "corporate_actions": [consolidation("0788.HK"), consolidation("0300.HK")],
        # The vendor restates the old days in new shares: prices times ten, volumes a tenth.
        "daily_bars": [
            bar(LAST_OLD, "0788.HK", 11.0, open_price=10.9, volume_shares=2_000_000),
            bar(EFFECTIVE, "0788.HK", 11.22, volume_shares=3_000_000),
            bar(LAST_OLD, "0700.HK", 500.0),
            bar(EFFECTIVE, "0700.HK", 505.0),
            bar(LAST_OLD, "CNYHKD=X", 1.08),
        ],
        "quotations": [
            quotation(LAST_OLD, "00700", "500.000", 1000),
            quotation(LAST_OLD, "80700", "460.000", 500),
        ],
        "short_selling": [
            short_sale(LAST_OLD, "00700", 100, 50_000),
            short_sale(LAST_OLD, "80700", 50, 23_000),
        ],
    }


@pytest.fixture(scope="module")
def warehouse(build: Build) -> Warehouse:
    marts = "+fct_southbound_holdings +fct_prices_daily +fct_short_selling_daily"
    return build(lake(), select=f"{marts} security")


def held(warehouse: Warehouse, day: dt.date, code: str) -> tuple[Any, ...]:
    [found] = warehouse.rows(
        "select held_shares, split_factor, share_change_shares "
        "from inflows.fct_southbound_holdings "
        f"where holding_date = '{day}' and security_code = '{code}'"
    )
    return found


def test_everything_passes(warehouse: Warehouse) -> None:
    assert warehouse.failures == {}


@pytest.mark.parametrize(
    ("day", "code", "expected"),
    [
        pytest.param(LAST_OLD, TOWER, (8_870_000_000, 1, 20_000_000), id="old shares"),
        pytest.param(EFFECTIVE, TOWER, (888_000_000, 0.1, 1_000_000), id="consolidation"),
        pytest.param(AFTER, TOWER, (885_000_000, 1, -3_000_000), id="new shares"),
        pytest.param(EFFECTIVE, CONTROL, (901_000_000, 1, 1_000_000), id="another security"),
        pytest.param(EFFECTIVE, SUSPENDED, (5_000_000, None, None), id="no session before"),
        pytest.param(BEFORE, TOWER, (8_850_000_000, None, None), id="first row"),
    ],
)
def test_a_change_of_holding_is_counted_in_the_shares_of_its_day(
    warehouse: Warehouse, day: dt.date, code: str, expected: tuple[Any, ...]
) -> None:
    shares, factor, change = held(warehouse, day, code)
    assert (shares, change) == (expected[0], expected[2])
    assert factor == pytest.approx(expected[1])


def test_the_naive_difference_would_have_been_a_flight_of_nine_tenths(
    warehouse: Warehouse,
) -> None:
    old, _, _ = held(warehouse, LAST_OLD, TOWER)
    new, _, change = held(warehouse, EFFECTIVE, TOWER)
    assert (new - old) / old < -0.89
    assert abs(change) / new < 0.002


def test_changes_add_up_over_the_consolidation_in_new_shares(warehouse: Warehouse) -> None:
    [(total,)] = warehouse.rows(
        "select sum(share_change_shares * case when holding_date < '2025-02-20' then 0.1 else 1 "
        f"end) from inflows.fct_southbound_holdings where security_code = '{TOWER}'"
    )
    assert total == 885_000_000 - 8_850_000_000 // 10


def test_without_the_action_the_change_is_the_naive_one(build: Build) -> None:
    unaware = {"southbound_holdings": lake()["southbound_holdings"]}
    warehouse = build(unaware, select="+fct_southbound_holdings")
    assert held(warehouse, EFFECTIVE, TOWER) == (888_000_000, 1, -7_982_000_000)


def test_an_action_known_later_carries_its_time_into_the_change(build: Build) -> None:
    late = consolidation("0788.HK") | {"known_at": evening(AFTER)}
    warehouse = build(lake() | {"corporate_actions": [late]}, select="+fct_southbound_holdings")
    assert warehouse.rows(
        "select holding_date from inflows.fct_southbound_holdings "
        f"where security_code = '{TOWER}' and known_at = timestamptz '2025-02-21 13:00:00+00' "
        "order by all"
    ) == [(EFFECTIVE,), (AFTER,)]


def test_the_value_held_uses_shares_and_price_of_one_basis(warehouse: Warehouse) -> None:
    assert warehouse.rows(
        "select holding_date, close_price, held_value_hkd from inflows.fct_southbound_holdings "
        f"where security_code = '{TOWER}' and close_price is not null order by all"
    ) == [
        (LAST_OLD, Decimal("1.1"), Decimal("9757000000.00")),
        (EFFECTIVE, Decimal("11.22"), Decimal("9963360000.00")),
    ]


def test_prices_before_a_consolidation_are_as_traded_and_the_return_bridges_it(
    warehouse: Warehouse,
) -> None:
    found = warehouse.rows(
        "select trade_date, open_price, close_price, volume_shares, previous_close_price, "
        f"return_pct from valuations.fct_prices_daily where security_id = '{TOWER}' order by all"
    )
    assert found == [
        (LAST_OLD, Decimal("1.09"), Decimal("1.1"), 20_000_000, None, None),
        (
            EFFECTIVE,
            Decimal("11.22"),
            Decimal("11.22"),
            3_000_000,
            Decimal("1.1"),
            pytest.approx(2),
        ),
    ]


def test_short_sales_of_the_rmb_counter_are_converted_and_summed_with_the_hkd_counter(
    warehouse: Warehouse,
) -> None:
    # 50,000 + 23,000 x 1.08 = 74,840 of 500,000 + 230,000 x 1.08 = 748,400
    assert warehouse.rows(
        "select security_code, short_shares, total_shares, short_turnover_hkd, total_turnover_hkd, "
        "short_turnover_ratio_pct from sentiment.fct_short_selling_daily"
    ) == [
        ("00700", 150, 1500, Decimal("74840.00"), Decimal("748400.00"), pytest.approx(10)),
    ]
