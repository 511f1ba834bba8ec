"""Suites of short positions and of a security's mood: every expectation is tripped."""

import datetime as dt
from functools import cache

import pytest

from tests.expectations.mart_mutations import (
    BETWEEN,
    DAY,
    EVENING,
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

FRIDAY = dt.date(2025, 2, 14)


def position(code: str, value: int | None, shares: int | None) -> Row:
    return {
        "position_date": DAY,
        "security_code": code,
        "published_date": dt.date(2025, 2, 24),
        "usable_from_date": dt.date(2025, 2, 25),
        "short_position_shares": 1_000_000,
        "short_position_hkd": value,
        "issued_shares": shares,
        "issued_shares_date": shares and FRIDAY,
        "short_position_pct_issued": shares and 1.0,
        "pct_issued_missing_reason": None if shares else "no_share_count",
        "split_ratio_since": 1.0,
        "position_evidence_grade": "synthetic",
        **PROVENANCE,
    }


FIGURES = {
    "short_turnover_ratio_pct": 12.0,
    "initial_short_turnover_ratio_pct": 11.0,
    "short_ratio_mean_20_pct": 9.0,
    "short_ratio_deviation_20_pct": 2.0,
    "short_ratio_z20": 1.0,
    "short_position_date": dt.date(2025, 2, 7),
    "short_position_pct_issued": 1.5,
    "average_volume_20_shares": 1_000_000,
    "days_to_cover": 3.5,
    "average_gain": 3.0,
    "average_loss": 1.0,
    "rsi14_wilder": 75.0,
    "momentum_state": "overbought",
    "realised_volatility_20_pct": 30.0,
    "turnover_ratio_20d": 1.2,
}
REASONS = {
    f"{figure}_missing_reason": None
    for figure in (
        "rsi14",
        "short_ratio_z20",
        "days_to_cover",
        "turnover_ratio_20d",
        "realised_volatility_20",
    )
}


def security(code: str, *, is_known: bool = True) -> Row:
    absent = dict.fromkeys(FIGURES), dict.fromkeys(REASONS, "window_incomplete")
    figures, reasons = (FIGURES, REASONS) if is_known else absent
    key = {"trade_date": DAY, "security_code": code, "is_half_day": False}
    return {**key, **figures, **reasons, **PROVENANCE}


def unexplained(flag: str, figure: str, reason: str) -> list[Mutation]:
    """Return a known figure with a reason, and in the second row an unknown one without."""
    return [
        (IN_SET, flag, {reason: "no_reason"}, 0),
        (IN_SET, flag, {figure: None, reason: None}, 1),
    ]


GOOD: dict[str, Rows] = {
    "fct_short_positions_weekly": [
        position("00700", 500_000_000, 100_000_000),
        position("09988", None, None),
    ],
    "mart_sentiment_security": [security("00700"), security("09988", is_known=False)],
}
MUTATIONS: dict[str, list[Mutation]] = {
    "fct_short_positions_weekly": [
        (UNIQUE, "position_date, security_code", {"security_code": "09988"}, 0),
        (BETWEEN, "day_of_week", {"position_date": dt.date(2025, 2, 15)}, 0),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (BETWEEN, "short_position_shares", {"short_position_shares": 0}, 1),
        (BETWEEN, "short_position_hkd", {"short_position_hkd": -1}, 0),
        (BETWEEN, "price_hkd", {"short_position_hkd": 500_000_000_000}, 0),
        (BETWEEN, "days_until_published", {"published_date": dt.date(2025, 2, 18)}, 0),
        (BETWEEN, "days_until_usable", {"usable_from_date": dt.date(2025, 2, 23)}, 0),
        (BETWEEN, "issued_shares", {"issued_shares": 1000}, 0),
        (BETWEEN, "share_count_age_days", {"issued_shares_date": dt.date(2025, 2, 18)}, 0),
        (BETWEEN, "short_position_pct_issued", {"short_position_pct_issued": 100.0}, 0),
        (BETWEEN, "pct_issued_gap", {"short_position_pct_issued": 0.01}, 0),
        *unexplained(
            "is_share_explained", "short_position_pct_issued", "pct_issued_missing_reason"
        ),
        (BETWEEN, "split_ratio_since", {"split_ratio_since": 0.0}, 0),
        (BETWEEN, "days_until_known", {"known_at": EVENING - dt.timedelta(days=5)}, 0),
    ],
    "mart_sentiment_security": [
        (UNIQUE, "trade_date, security_code", {"security_code": "09988"}, 0),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (BETWEEN, "short_turnover_ratio_pct", {"short_turnover_ratio_pct": 120.0}, 0),
        (
            BETWEEN,
            "initial_short_turnover_ratio_pct",
            {"initial_short_turnover_ratio_pct": 120.0},
            0,
        ),
        (BETWEEN, "short_ratio_deviation_20_pct", {"short_ratio_deviation_20_pct": -2.0}, 0),
        (BETWEEN, "z_gap", {"short_ratio_z20": 0.5}, 0),
        (BETWEEN, "short_ratio_z20", {"short_ratio_z20": 20.0}, 0),
        *unexplained("is_z20_explained", "short_ratio_z20", "short_ratio_z20_missing_reason"),
        (BETWEEN, "position_age_days", {"short_position_date": FRIDAY}, 0),
        (BETWEEN, "short_position_pct_issued", {"short_position_pct_issued": 150.0}, 0),
        (BETWEEN, "average_volume_20_shares", {"average_volume_20_shares": 10**12}, 0),
        (BETWEEN, "days_to_cover", {"days_to_cover": 5000.0}, 0),
        *unexplained("is_days_to_cover_explained", "days_to_cover", "days_to_cover_missing_reason"),
        (BETWEEN, "rsi14_wilder", {"rsi14_wilder": 175.0}, 0),
        (BETWEEN, "rsi_gap", {"average_loss": 3.0}, 0),
        *unexplained("is_rsi_explained", "rsi14_wilder", "rsi14_missing_reason"),
        (IN_SET, "momentum_state", {"momentum_state": "hot"}, 0),
        (IN_SET, "is_state_of_rsi", {"momentum_state": None}, 0),
        (BETWEEN, "realised_volatility_20_pct", {"realised_volatility_20_pct": 2000.0}, 0),
        *unexplained(
            "is_volatility_explained",
            "realised_volatility_20_pct",
            "realised_volatility_20_missing_reason",
        ),
        (BETWEEN, "turnover_ratio_20d", {"turnover_ratio_20d": 1e6}, 0),
        *unexplained(
            "is_turnover_ratio_explained",
            "turnover_ratio_20d",
            "turnover_ratio_20d_missing_reason",
        ),
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
