"""Suites of the marts that compare markets: every expectation has a row that trips it."""

import datetime as dt
from functools import cache

import pytest

from tests.expectations.mart_mutations import (
    BETWEEN,
    DAY,
    GRADES,
    IN_SET,
    NULL,
    PROVENANCE,
    REGEX,
    UNIQUE,
    Mutation,
    Row,
    assert_all_tripped,
    assert_caught,
    changed,
    judged,
)

PREMIUM: Row = {
    "trade_date": DAY,
    "security_code": "00981",
    "a_share_symbol": "688981.SS",
    "h_close_price_hkd": 60.0,
    "a_close_price_cny": 72.0,
    "hkd_per_cny": 1.25,
    "a_close_price_hkd": 90.0,
    "ah_premium_pct": 50.0,
    "ah_premium_missing_reason": None,
    **PROVENANCE,
}
SUSPENDED = {
    "h_close_price_hkd": None,
    "ah_premium_pct": None,
    "ah_premium_missing_reason": "no_h_price",
}
RETURN: Row = {
    "trade_date": DAY,
    "subject_id": "HSTECH.HK",
    "benchmark_id": "000300.SS",
    "benchmark_market": "mainland",
    "window_sessions": 20,
    "window_start_date": dt.date(2025, 1, 13),
    "subject_return_pct": 25.0,
    "benchmark_return_pct": 5.0,
    "relative_return_pct": 20.0,
    "relative_return_missing_reason": None,
    **PROVENANCE,
}
FIRST = {
    "window_start_date": None,
    "subject_return_pct": None,
    "benchmark_return_pct": None,
    "relative_return_pct": None,
    "relative_return_missing_reason": "window_incomplete",
}
GOOD = {
    "fct_ah_premium_daily": [PREMIUM, PREMIUM | {"security_code": "01398"} | SUSPENDED],
    "fct_relative_returns": [RETURN, RETURN | {"benchmark_id": "^GSPC"} | FIRST],
}
MUTATIONS: dict[str, list[Mutation]] = {
    "fct_ah_premium_daily": [
        (UNIQUE, "trade_date, security_code", {"security_code": "01398"}, 0),
        (NULL, "trade_date", {"trade_date": None}, 0),
        (NULL, "security_code", {"security_code": None}, 0),
        (REGEX, "security_code", {"security_code": "688981"}, 0),
        (REGEX, "a_share_symbol", {"a_share_symbol": "0981.HK"}, 0),
        (BETWEEN, "h_close_price_hkd", {"h_close_price_hkd": 0.0}, 0),
        (BETWEEN, "a_close_price_cny", {"a_close_price_cny": 0.0}, 0),
        (BETWEEN, "hkd_per_cny", {"hkd_per_cny": 0.8}, 0),
        (BETWEEN, "conversion_ratio", {"a_close_price_hkd": 57.6}, 0),
        (BETWEEN, "premium_gap", {"ah_premium_pct": 33.3}, 0),
        (BETWEEN, "ah_premium_pct", {"ah_premium_pct": 5000.0}, 0),
        (IN_SET, "has_premium_or_reason", {"ah_premium_missing_reason": "no_rate"}, 0),
        (IN_SET, "has_premium_or_reason", {"ah_premium_missing_reason": None}, 1),
        (IN_SET, "ah_premium_missing_reason", {"ah_premium_missing_reason": "holiday"}, 1),
        (NULL, "known_at", {"known_at": None}, 0),
    ],
    "fct_relative_returns": [
        (
            UNIQUE,
            "trade_date, subject_id, benchmark_id, window_sessions",
            {"benchmark_id": "^GSPC"},
            0,
        ),
        (NULL, "trade_date", {"trade_date": None}, 0),
        (NULL, "subject_id", {"subject_id": None}, 0),
        (NULL, "benchmark_id", {"benchmark_id": None}, 0),
        (NULL, "window_sessions", {"window_sessions": None}, 0),
        (IN_SET, "window_sessions", {"window_sessions": 19}, 0),
        (IN_SET, "benchmark_market", {"benchmark_market": "Japan"}, 0),
        (IN_SET, "is_of_two_subjects", {"benchmark_id": "HSTECH.HK"}, 0),
        (IN_SET, "is_start_before_end", {"window_start_date": DAY}, 0),
        (BETWEEN, "subject_return_pct", {"subject_return_pct": 900.0}, 0),
        (BETWEEN, "benchmark_return_pct", {"benchmark_return_pct": -90.0}, 0),
        (BETWEEN, "difference_gap", {"relative_return_pct": 30.0}, 0),
        (IN_SET, "has_return_or_reason", {"relative_return_missing_reason": None}, 1),
        (
            IN_SET,
            "relative_return_missing_reason",
            {"relative_return_missing_reason": "holiday"},
            1,
        ),
        (NULL, "known_at", {"known_at": None}, 0),
    ],
}
CASES = [(mart, mutation) for mart in GOOD for mutation in [*MUTATIONS[mart], *GRADES]]


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
