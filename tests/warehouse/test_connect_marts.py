"""Southbound per security, the vendor's second opinion, rates and calendar days, on tiny lakes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse
from tests.warehouse.lake_rows import Row, evening, quotation, row, southbound

DAY = dt.date(2025, 2, 17)
RANKS = "security +fct_southbound_top10 assert_southbound_top10_within_channel"


def ranked(rank: int, buy: int, sell: int, **changes: object) -> Row:
    figures = {
        "channel": "SSE",
        "rank": rank,
        "security_code": f"{rank:05}",
        "security_name": "NAME",
        "buy_turnover_hkd": buy,
        "sell_turnover_hkd": sell,
        "total_turnover_hkd": buy + sell,
    }
    return row("southbound_top10", DAY, **(figures | changes))


def holding(day: dt.date, code: str, shares: int) -> Row:
    return row(
        "southbound_holdings",
        day,
        security_code=code,
        security_name="NAME",
        held_shares=shares,
        implied_trade_date=day - dt.timedelta(days=2),
        known_at=evening(day) + dt.timedelta(hours=11),
    )


def test_the_share_of_a_rank_is_of_its_channel(build: Build) -> None:
    lake = {
        "southbound_daily": [southbound(DAY, "SSE", "600.00", "400.00")],
        "southbound_top10": [ranked(1, 200_000_000, 50_000_000), ranked(2, 1_000_000, 3_000_000)],
    }
    warehouse = build(lake, select=RANKS)
    assert warehouse.failures == {}
    assert warehouse.rows(
        "select rank, security_id, net_buy_hkd, channel_share_pct "
        "from inflows.fct_southbound_top10 order by rank"
    ) == [(1, "00001", 150_000_000, 25.0), (2, "00002", -2_000_000, 0.4)]


@pytest.mark.parametrize(
    ("first", "failing"),
    [
        pytest.param(
            ranked(1, 9, 1, total_turnover_hkd=11), "top10_total_is_buy_plus_sell", id="total"
        ),
        pytest.param(ranked(1, 9, 1, security_code="00002"), "top10_security_has_one_rank", id="2"),
        pytest.param(
            ranked(1, 700_000_000, 300_005_001), "assert_southbound_top10_within_channel", id="sum"
        ),
    ],
)
def test_ranks_that_cannot_be_fail_the_build(build: Build, first: Row, failing: str) -> None:
    lake = {
        "southbound_daily": [southbound(DAY, "SSE", "600.00", "400.00")],
        "southbound_top10": [first, ranked(2, 0, 0)],
    }
    assert failing in build(lake, select=RANKS).failures


def test_a_holding_changes_in_the_shares_of_its_own_day(build: Build) -> None:
    days = [dt.date(2025, 1, 27), dt.date(2025, 1, 28), dt.date(2025, 2, 3)]
    lake = {
        "southbound_holdings": [
            *(
                holding(day, "00700", shares)
                for day, shares in zip(days, (10, 52, 50), strict=True)
            ),
            holding(days[0], "09988", 7),
            holding(days[2], "09988", 9),
        ],
        "corporate_actions": [
            row(
                "corporate_actions",
                days[1],
                symbol="0700.HK",
                action_type="split",
                currency="HKD",
                split_ratio=5.0,
                evidence_grade="vendor",
            )
        ],
        "quotations": [quotation(days[1], "00700", "80.50", 1000)],
    }
    warehouse = build(lake, select="security +fct_southbound_holdings")
    assert warehouse.failures == {}
    assert warehouse.rows(
        "select security_code, split_factor, share_change_shares, held_value_hkd, evidence_grade "
        "from inflows.fct_southbound_holdings order by security_code, holding_date"
    ) == [
        ("00700", None, None, None, "official"),
        ("00700", 5.0, 2, Decimal("4186.00"), "vendor"),
        ("00700", 1.0, -2, None, "official"),
        ("09988", None, None, None, "official"),
        ("09988", None, None, None, "official"),
    ]


@pytest.mark.parametrize(
    ("vendor_net", "difference", "is_reconciled"),
    [("200.05", "0.05", True), ("200.06", "0.06", False), ("-200.00", "-400.00", False)],
)
def test_the_vendor_is_held_against_the_exchange(
    build: Build, vendor_net: str, difference: str, is_reconciled: bool
) -> None:
    vendor = row("southbound_vendor_daily", DAY, channel="SSE", net_buy_hkd_mn=Decimal(vendor_net))
    warehouse = build(
        {
            "southbound_daily": [southbound(DAY, "SSE", "600.00", "400.00")],
            "southbound_vendor_daily": [vendor],
        },
        select="+fct_southbound_vendor_daily assert_southbound_vendor_net_buy_is_the_exchanges",
    )
    assert set(warehouse.failures) == (
        set() if is_reconciled else {"assert_southbound_vendor_net_buy_is_the_exchanges"}
    )
    assert warehouse.rows(
        "select difference_hkd_mn, is_reconciled from inflows.fct_southbound_vendor_daily"
    ) == [(Decimal(difference), is_reconciled)]


def test_a_rate_of_another_publisher_is_not_taken_for_this_one(build: Build) -> None:
    figures = {"series": "USDHKD", "unit": "HKD per USD", "rate_value": 7.78}
    rates = [
        row("reference_rates", DAY, publisher_series=name, source=source, **figures)
        for name, source in (("DEXHKUS", "fred"), ("usd", "somebody_else"))
    ]
    warehouse = build({"reference_rates": rates}, select="+fct_reference_rates")
    assert warehouse.rows(
        "select publisher_series, source from core.fct_reference_rates where source = 'fred'"
    ) == [("DEXHKUS", "fred")]
    assert warehouse.rows("select source from staging.stg_fred__reference_rates") == [("fred",)]


@pytest.fixture(scope="module")
def calendar_days(build: Build) -> Warehouse:
    """September 2024 in print: the sixth was lost to a typhoon, the eighteenth is a holiday."""
    opened = ("is_hong_kong_open", "is_mainland_open", "is_northbound_open", "is_southbound_open")
    half = dict.fromkeys(("is_hong_kong_half_day", "is_southbound_half_day"), False)
    days = [dt.date(2024, 9, number) for number in (5, 6, 18)]
    rows = [
        row("exchange_calendar", day, **dict.fromkeys(opened, day.day != 18), **half)
        for day in days
    ]
    return build({"exchange_calendar": rows}, select="+dim_calendar_day")


@pytest.mark.parametrize(
    ("day", "is_session", "disagreement"),
    [
        ("2024-09-05", True, None),
        (
            "2024-09-06",
            False,
            "Hong Kong: open in print, no session; Southbound: open in print, no session",
        ),
        ("2024-09-18", False, None),
    ],
)
def test_a_typhoon_is_a_disagreement_and_a_holiday_is_none(
    calendar_days: Warehouse, day: str, is_session: bool, disagreement: str | None
) -> None:
    assert calendar_days.failures == {}
    assert calendar_days.rows(
        "select is_hong_kong_session, is_connect_session, disagreement "
        f"from core.dim_calendar_day where trade_date = '{day}'"
    ) == [(is_session, is_session, disagreement)]
