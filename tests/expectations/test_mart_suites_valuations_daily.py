"""Suite of `mart_valuations_daily`: every expectation has a row that trips it."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.expectations.mart_mutations import (
    BETWEEN,
    DAY,
    GRADES,
    IN_SET,
    LOOK_AHEAD,
    NULL,
    PROVENANCE,
    UNIQUE,
    Mutation,
    Row,
    assert_all_tripped,
    assert_caught,
    changed,
    judged,
)

VALUED: Row = {
    "trade_date": DAY,
    "subject_id": "00700",
    "subject_kind": "security",
    "exchange_calendar": "XHKG",
    "close_price": Decimal(500),
    "missing_price_reason": None,
    "return_1_session_pct": 2.0,
    "return_60_sessions_pct": 20.0,
    "recovery_from_intraday_low_pct": 40.0,
    "recovery_from_closing_low_pct": 35.0,
    "intraday_low_date": dt.date(2025, 1, 13),
    "recovery_missing_reason": None,
    "drawdown_close_pct": -3.0,
    "drawdown_intraday_high_pct": -4.0,
    "years_since_higher_close": 3.5,
    "pe_ttm": 20.0,
    "pe_missing_reason": None,
    "pe_percentile_3y": 60.0,
    "pe_coverage_3y_pct": 98.0,
    "pe_percentile_3y_missing_reason": None,
    "backtest_share_pct": 0.0,
    "pb": 4.0,
    "dividend_yield_pct": 1.0,
    "dividend_yield_missing_reason": None,
    "us_10y_pct": 4.5,
    "us_10y_rate_date": dt.date(2025, 2, 14),
    "erp_us10y_pct": 0.5,
    "erp_missing_reason": None,
    "market_cap_hkd_mn": Decimal(4_600_000),
    "market_cap_change_20_sessions_hkd_mn": Decimal(100),
    "market_cap_price_effect_20_sessions_hkd_mn": Decimal(90),
    "market_cap_issuance_20_sessions_hkd_mn": Decimal(10),
} | PROVENANCE

MART = "mart_valuations_daily"
ROWS = [VALUED, VALUED | {"subject_id": "09988"}]
MUTATIONS: list[Mutation] = [
    (UNIQUE, "trade_date, subject_id", {"subject_id": "09988"}, 0),
    (NULL, "trade_date", {"trade_date": None}, 0),
    (NULL, "subject_id", {"subject_id": None}, 0),
    (IN_SET, "subject_kind", {"subject_kind": "bond"}, 0),
    (NULL, "subject_kind", {"subject_kind": None}, 0),
    (IN_SET, "exchange_calendar", {"exchange_calendar": "WEEKDAY"}, 0),
    (NULL, "exchange_calendar", {"exchange_calendar": None}, 0),
    (BETWEEN, "close_price", {"close_price": Decimal(0)}, 0),
    (IN_SET, "is_close_explained", {"close_price": None}, 0),
    (BETWEEN, "return_1_session_pct", {"return_1_session_pct": -80.0}, 0),
    (BETWEEN, "return_60_sessions_pct", {"return_60_sessions_pct": -100.0}, 0),
    (BETWEEN, "recovery_from_intraday_low_pct", {"recovery_from_intraday_low_pct": -1.0}, 0),
    (BETWEEN, "recovery_gap", {"recovery_from_intraday_low_pct": 30.0}, 0),
    (IN_SET, "is_recovery_explained", {"recovery_missing_reason": "no_price"}, 0),
    (BETWEEN, "low_age_days", {"intraday_low_date": dt.date(2025, 2, 18)}, 0),
    (BETWEEN, "drawdown_close_pct", {"drawdown_close_pct": 0.5}, 0),
    (BETWEEN, "drawdown_intraday_high_pct", {"drawdown_intraday_high_pct": 0.5}, 0),
    (BETWEEN, "years_since_higher_close", {"years_since_higher_close": 0.2}, 0),
    (BETWEEN, "pe_ttm", {"pe_ttm": -20.0}, 0),
    (IN_SET, "is_ratio_explained", {"pe_ttm": None}, 0),
    (BETWEEN, "pe_percentile_3y", {"pe_percentile_3y": 101.0}, 0),
    (BETWEEN, "pe_coverage_3y_pct", {"pe_coverage_3y_pct": 101.0}, 0),
    (IN_SET, "is_percentile_covered", {"pe_coverage_3y_pct": 79.0}, 0),
    (IN_SET, "is_percentile_explained", {"pe_percentile_3y": None}, 0),
    (BETWEEN, "backtest_share_pct", {"backtest_share_pct": 101.0}, 0),
    (BETWEEN, "pb", {"pb": -4.0}, 0),
    (BETWEEN, "dividend_yield_pct", {"dividend_yield_pct": 100.0}, 0),
    (IN_SET, "is_yield_explained", {"dividend_yield_pct": None}, 0),
    (BETWEEN, "premium_gap", {"erp_us10y_pct": 5.0}, 0),
    (BETWEEN, "yield_age_days", {"us_10y_rate_date": dt.date(2025, 2, 20)}, 0),
    (IN_SET, "is_premium_explained", {"erp_us10y_pct": None}, 0),
    (BETWEEN, "market_cap_hkd_mn", {"market_cap_hkd_mn": Decimal(4_600_000_000_000)}, 0),
    (BETWEEN, "cap_change_gap", {"market_cap_price_effect_20_sessions_hkd_mn": Decimal(0)}, 0),
    (NULL, "evidence_grade", {"evidence_grade": None}, 0),
    (NULL, "known_at", {"known_at": None}, 0),
    (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    *GRADES,
]


def test_good_rows_pass() -> None:
    assert [failure.message for failure in judged(MART, ROWS)] == []


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutation_is_caught(mutation: Mutation) -> None:
    assert_caught(judged(MART, changed(ROWS, mutation)), mutation)


def test_every_expectation_is_tripped() -> None:
    tried = [judged(MART, changed(ROWS, mutation)) for mutation in MUTATIONS]
    assert_all_tripped(MART, (failure for failures in tried for failure in failures))
