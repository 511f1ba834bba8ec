"""Suites of index and security valuations and of share counts: every expectation is tripped."""

from decimal import Decimal
from functools import cache

import pytest

from tests.expectations.mart_mutations import (
    BETWEEN,
    DAY,
    GRADES,
    IN_SET,
    PROVENANCE,
    REGEX,
    UNIQUE,
    Mutation,
    Row,
    assert_all_tripped,
    assert_caught,
    changed,
    judged,
    nulls,
)


def index(symbol: str) -> Row:
    return {
        "trade_date": DAY,
        "index_symbol": symbol,
        "close_level": 5000.0,
        "high_level": 5100.0,
        "low_level": 4900.0,
        "pe_ratio": 20.0,
        "earnings_yield_pct": 5.0,
        "dividend_yield_pct": 1.5,
        **PROVENANCE,
    }


def security(code: str) -> Row:
    return {
        "trade_date": DAY,
        "security_code": code,
        "close_price": Decimal(100),
        "pe_ratio": 20.0,
        "pb_ratio": 3.0,
        "shares_in_issue": 1_000_000,
        "market_cap_hkd_mn": Decimal(100),
        **PROVENANCE,
    }


def fund(symbol: str) -> Row:
    return {
        "share_date": DAY,
        "fund_symbol": symbol,
        "shares_outstanding": 1_000_000.0,
        "nav_per_share": 30.0,
        "aum_fund_currency": 30_000_000.0,
        "flow_fund_currency": 300_000.0,
        "flow_missing_reason": None,
        **PROVENANCE,
    }


FIRST = {"flow_fund_currency": None, "flow_missing_reason": "first_row_of_lake"}
GOOD = {
    "fct_index_valuations_daily": [index("^HSI"), index("HSTECH.HK")],
    "fct_security_valuations_daily": [security("00700"), security("09988")],
    "fct_etf_shares_daily": [fund("FXI"), fund("MCHI"), fund("3033.HK") | FIRST],
}
MUTATIONS: dict[str, list[Mutation]] = {
    "fct_index_valuations_daily": [
        (UNIQUE, "trade_date, index_symbol", {"index_symbol": "HSTECH.HK"}, 0),
        (BETWEEN, "close_level", {"close_level": 5_000_000.0}, 0),
        (BETWEEN, "high_minus_close", {"high_level": 4950.0}, 0),
        (BETWEEN, "close_minus_low", {"low_level": 5050.0}, 0),
        (BETWEEN, "pe_ratio", {"pe_ratio": 2000.0}, 0),
        (BETWEEN, "dividend_yield_pct", {"dividend_yield_pct": 150.0}, 0),
        (BETWEEN, "yield_times_ratio", {"earnings_yield_pct": 0.05}, 0),
    ],
    "fct_security_valuations_daily": [
        (UNIQUE, "trade_date, security_code", {"security_code": "09988"}, 0),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (BETWEEN, "close_price", {"close_price": Decimal(100_000)}, 0),
        (BETWEEN, "cap_ratio", {"market_cap_hkd_mn": Decimal(1_000_000)}, 0),
        (BETWEEN, "pe_ratio", {"pe_ratio": 1e6}, 0),
        (BETWEEN, "pb_ratio", {"pb_ratio": -1.0}, 0),
    ],
    "fct_etf_shares_daily": [
        (UNIQUE, "share_date, fund_symbol", {"fund_symbol": "MCHI"}, 0),
        (BETWEEN, "shares_outstanding", {"shares_outstanding": 1.0}, 0),
        (BETWEEN, "nav_per_share", {"nav_per_share": 30_000.0}, 0),
        (BETWEEN, "aum_gap_ratio", {"aum_fund_currency": 31_000_000.0}, 0),
        (BETWEEN, "flow_to_aum_ratio", {"flow_fund_currency": 20_000_000.0}, 0),
        (IN_SET, "is_flow_explained", {"flow_missing_reason": "first_row_of_lake"}, 0),
        (IN_SET, "is_flow_explained", {"flow_missing_reason": None}, 2),
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
