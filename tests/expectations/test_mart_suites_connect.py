"""Suites of the southbound marts per security and of the vendor: every expectation is tripped."""

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from tests.expectations.mart_mutations import (
    BETWEEN,
    DAY,
    GRADES,
    IN_SET,
    LOOK_AHEAD,
    PROVENANCE,
    REGEX,
    UNIQUE,
    Mutation,
    Row,
    Rows,
    assert_all_tripped,
    assert_caught,
    changed,
    judged,
    nulls,
)

CODES = [f"{number:05}" for number in range(1, 11)]


def ranked(rank: int, channel: str = "SSE", channel_total: int | None = 10_000_000_000) -> Row:
    return {
        "trade_date": DAY,
        "channel": channel,
        "rank": rank,
        "security_id": f"{rank:05}",
        "security_code": f"{rank:05}",
        "security_name": "INVENTED",
        "buy_turnover_hkd": 300_000_000,
        "sell_turnover_hkd": 200_000_000,
        "total_turnover_hkd": 500_000_000,
        "net_buy_hkd": 100_000_000,
        "channel_turnover_hkd": channel_total,
        "channel_share_pct": None if channel_total is None else 5.0,
        **PROVENANCE,
    }


def holding(code: str, **more: Any) -> Row:
    return {
        "holding_date": DAY,
        "security_code": code,
        "security_name": "Invented Limited",
        "implied_trade_date": dt.date(2025, 2, 13),
        "held_shares": 5_100_000,
        "held_pct_issued": 12.5,
        "split_factor": 5.0,
        "share_change_shares": 100_000,
        "close_price": Decimal("100.05"),
        "held_value_hkd": Decimal("510255000.00"),
        **PROVENANCE,
        **more,
    }


def vendor_flow(channel: str, buy: str, sell: str, exchange: str | None, **more: Any) -> Row:
    net = Decimal(buy) - Decimal(sell)
    return {
        "trade_date": DAY,
        "channel": channel,
        "buy_turnover_hkd_mn": Decimal(buy),
        "sell_turnover_hkd_mn": Decimal(sell),
        "total_turnover_hkd_mn": Decimal(buy) + Decimal(sell),
        "total_trades": 700_000,
        "net_buy_hkd_mn": net,
        "quota_flow_cny_mn": Decimal("4100.50"),
        "quota_balance_cny_mn": Decimal("37899.50"),
        "cumulative_net_buy_stock_hkd_mn": Decimal("3812000.10"),
        "exchange_net_buy_hkd_mn": exchange and Decimal(exchange),
        "difference_hkd_mn": exchange and net - Decimal(exchange),
        "is_reconciled": exchange and True,
        **PROVENANCE,
        **more,
    }


def valued(code: str, **more: Any) -> Row:
    return {
        "holding_date": DAY,
        "security_code": code,
        "security_name": "虚构",
        "held_shares": 1_000_000,
        "held_pct_issued": 11.5,
        "close_price": Decimal("380.2"),
        "held_value_hkd": Decimal("380200000"),
        "share_change_shares": 20_000,
        "share_change_value_hkd": Decimal("7630000"),
        "value_change_1d_hkd": Decimal("-3920000"),
        "value_change_5d_hkd": Decimal("-1000000.6"),
        "value_change_10d_hkd": Decimal("2000000.4"),
        "has_increases_of_opposite_sign": True,
        **PROVENANCE,
        **more,
    }


UNKNOWN = dict.fromkeys(("share_change_shares", "split_factor", "close_price", "held_value_hkd"))
FIRST = dict.fromkeys(("share_change_shares", "share_change_value_hkd", "value_change_1d_hkd"))
FIRST_SESSIONS = {"SSE": dt.date(2014, 11, 17), "SZSE": dt.date(2016, 12, 5)}
OPENED = {"cumulative_net_buy_stock_hkd_mn": Decimal("7.00"), "total_trades": 120}
GOOD: dict[str, Rows] = {
    "fct_southbound_top10": [
        *(ranked(rank) for rank in range(1, 11)),
        *(ranked(rank, "SZSE", None) for rank in range(1, 11)),
    ],
    "fct_southbound_holdings": [
        *(holding(code) for code in CODES),
        holding("00700", held_pct_issued=None, **UNKNOWN),
    ],
    "fct_southbound_vendor_daily": [
        vendor_flow("SSE", "20000.10", "15000.05", "5000.05"),
        vendor_flow("SZSE", "10000.00", "12000.00", "-2000.02"),
        vendor_flow("ALL", "30000.10", "27000.05", None),
        *(
            vendor_flow(channel, "9.50", "2.50", None, trade_date=opened, **OPENED)
            for channel, opened in FIRST_SESSIONS.items()
        ),
    ],
    "fct_southbound_vendor_holdings": [
        *(valued(code) for code in CODES),
        valued("00700", has_increases_of_opposite_sign=None, **FIRST),
    ],
}
MONEY = {"held_value_hkd": Decimal("510255002.00")}
SCALED = Decimal("3802000000000")
MUTATIONS: dict[str, list[Mutation]] = {
    "fct_southbound_top10": [
        (UNIQUE, "trade_date, channel, rank", {"rank": 2}, 0),
        (UNIQUE, "trade_date, channel, security_code", {"security_code": "00002"}, 0),
        (IN_SET, "channel", {"channel": "ALL"}, 0),
        (BETWEEN, "rank", {"rank": 11}, 0),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (REGEX, "security_id", {"security_id": "0700.HK"}, 0),
        (BETWEEN, "buy_turnover_hkd", {"buy_turnover_hkd": -1}, 0),
        (BETWEEN, "sell_turnover_hkd", {"sell_turnover_hkd": -1}, 0),
        (BETWEEN, "total_turnover_hkd", {"total_turnover_hkd": 500}, 0),
        (BETWEEN, "total_gap_hkd", {"total_turnover_hkd": 500_000_001}, 0),
        (BETWEEN, "net_gap_hkd", {"net_buy_hkd": -100_000_000}, 0),
        (BETWEEN, "channel_share_pct", {"channel_share_pct": 101.0}, 0),
        (BETWEEN, "share_gap_pct", {"channel_share_pct": 0.05}, 0),
        (IN_SET, "has_share_with_channel", {"channel_share_pct": None}, 0),
        (BETWEEN, "rest_of_channel_hkd", {"channel_turnover_hkd": 4_999_990_000}, 0),
        (BETWEEN, "row_count", {"trade_date": dt.date(2025, 2, 14)}, 0),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "fct_southbound_holdings": [
        (UNIQUE, "holding_date, security_code", {"security_code": "00002"}, 0),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (BETWEEN, "days_to_settlement", {"implied_trade_date": DAY}, 0),
        (BETWEEN, "held_shares", {"held_shares": -1}, 0),
        (BETWEEN, "held_pct_issued", {"held_pct_issued": 1250.0}, 0),
        (BETWEEN, "split_factor", {"split_factor": 0.0}, 0),
        (IN_SET, "has_change_with_previous", {"split_factor": None}, 0),
        (BETWEEN, "change_to_held_ratio", {"share_change_shares": 4_080_000}, 0),
        (BETWEEN, "close_price", {"close_price": Decimal(0)}, 0),
        (BETWEEN, "value_gap_hkd", MONEY, 0),
        (IN_SET, "has_value_with_price", {"held_value_hkd": None}, 0),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "fct_southbound_vendor_daily": [
        (UNIQUE, "trade_date, channel", {"channel": "SZSE"}, 0),
        (BETWEEN, "trade_date", {"trade_date": dt.date(2014, 11, 16)}, 0),
        (IN_SET, "channel", {"channel": "006"}, 0),
        (BETWEEN, "buy_turnover_hkd_mn", {"buy_turnover_hkd_mn": Decimal(20_000_100)}, 0),
        (BETWEEN, "sell_turnover_hkd_mn", {"sell_turnover_hkd_mn": Decimal(-1)}, 0),
        (BETWEEN, "net_gap_hkd_mn", {"net_buy_hkd_mn": Decimal("-5000.05")}, 0),
        (BETWEEN, "total_gap_hkd_mn", {"total_turnover_hkd_mn": Decimal("35000.18")}, 0),
        (BETWEEN, "mean_trade_hkd_mn", {"total_trades": 7}, 0),
        (BETWEEN, "quota_flow_cny_mn", {"quota_flow_cny_mn": Decimal(41_005_000)}, 0),
        (BETWEEN, "quota_balance_cny_mn", {"quota_balance_cny_mn": Decimal(-1)}, 0),
        (
            BETWEEN,
            "cumulative_net_buy_stock_hkd_mn",
            {"cumulative_net_buy_stock_hkd_mn": Decimal(381_200_010)},
            0,
        ),
        (IN_SET, "is_stock_in_flow", {"net_buy_hkd_mn": Decimal("3812000.10")}, 0),
        (BETWEEN, "difference_gap_hkd_mn", {"difference_hkd_mn": Decimal("0.01")}, 0),
        (IN_SET, "has_difference_with_both", {"exchange_net_buy_hkd_mn": None}, 0),
        (IN_SET, "has_verdict_with_difference", {"is_reconciled": None}, 0),
        (IN_SET, "is_reconciled", {"is_reconciled": False}, 0),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "fct_southbound_vendor_holdings": [
        (UNIQUE, "holding_date, security_code", {"security_code": "00002"}, 0),
        (REGEX, "security_code", {"security_code": "00700.HK"}, 0),
        (BETWEEN, "held_shares", {"held_shares": -1}, 0),
        (BETWEEN, "held_pct_issued", {"held_pct_issued": 1150.0}, 0),
        (BETWEEN, "close_price", {"close_price": Decimal(0)}, 0),
        (BETWEEN, "value_ratio", {"held_value_hkd": Decimal("38020")}, 0),
        (BETWEEN, "average_price_ratio", {"share_change_shares": 100_000}, 0),
        (BETWEEN, "value_change_1d_ratio", {"value_change_1d_hkd": -SCALED}, 0),
        (BETWEEN, "value_change_5d_ratio", {"value_change_5d_hkd": SCALED}, 0),
        (BETWEEN, "value_change_10d_ratio", {"value_change_10d_hkd": SCALED}, 0),
        (IN_SET, "has_flag_with_both", {"has_increases_of_opposite_sign": None}, 0),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
}
CASES = [
    (mart, mutation) for mart in GOOD for mutation in [*MUTATIONS[mart], *GRADES, *nulls(mart)]
]


@cache
def failures_of(number):
    mart, mutation = CASES[number]
    return judged(mart, changed(GOOD[mart], mutation))


@pytest.mark.parametrize("mart", GOOD)
def test_good_rows_pass_without_a_warning(mart):
    assert judged(mart, GOOD[mart]) == ()


@pytest.mark.parametrize("number", range(len(CASES)))
def test_mutation_is_caught_where_it_was_made(number):
    assert_caught(failures_of(number), CASES[number][1])


@pytest.mark.parametrize("mart", GOOD)
def test_every_expectation_has_a_mutation_that_trips_it(mart):
    numbers = [number for number, (name, _) in enumerate(CASES) if name == mart]
    assert_all_tripped(mart, [each for number in numbers for each in failures_of(number)])
