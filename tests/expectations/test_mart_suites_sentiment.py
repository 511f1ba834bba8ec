"""Suites of the market's mood and of events: every expectation is tripped."""

import datetime as dt
from decimal import Decimal
from functools import cache

import pytest

from tests.expectations.mart_mutations import (
    BETWEEN,
    DAY,
    EVENING,
    GRADES,
    IN_SET,
    LOOK_AHEAD,
    NULL,
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


def market(day: dt.date, *, is_scored: bool = True) -> Row:
    return {
        "trade_date": day,
        "market": "XHKG",
        "is_connect_session": True,
        "advancing_count": 30,
        "declining_count": 15,
        "unchanged_count": 5,
        "net_advance_pct": 30.0,
        "above_50_average_pct": 60.0,
        "market_turnover_hkd_mn": Decimal(200_000),
        "turnover_ratio_20d": 1.1 if is_scored else None,
        "turnover_ratio_20d_missing_reason": None if is_scored else "window_incomplete",
        "short_turnover_hkd_mn": Decimal(30_000),
        "short_turnover_ratio_market_pct": 15.0,
        "short_turnover_ratio_designated_pct": 16.0,
        "southbound_flow_z": 1.5 if is_scored else None,
        "southbound_flow_z_missing_reason": None if is_scored else "connect_closed",
        "hstech_rsi14_wilder": 64.0,
        "us_10y_pct": 4.5,
        "us_10y_rate_date": day - dt.timedelta(days=4),
        "erp_us10y_pct": 5.0,
        "erp_inverse_percentile": 80.0 if is_scored else None,
        "erp_missing_reason": None if is_scored else "history_too_short",
        "composite_score": 62.0 if is_scored else None,
        "score_missing_reason": None if is_scored else "fewer_than_5_components",
        "composite_band": "greed" if is_scored else None,
        "weights_version": "2026-1",
        "component_count": 7 if is_scored else 4,
        **PROVENANCE,
    }


def component(name: str, score: float | None) -> Row:
    return {
        "trade_date": DAY,
        "component": name,
        "weights_version": "2026-1",
        "observation_count": 100 if score else 0,
        "percentile_score": score,
        "score_missing_reason": None if score else "no_options_in_lake",
        "weight": 0.2 if score else None,
        "contribution": 0.2 * (score - 50) if score else None,
        "composite_score": 62.0,
        "component_count": 7,
        **PROVENANCE,
    }


def event(name: str, code: str | None) -> Row:
    return {
        "event_id": name,
        "event_type": "earnings",
        "event_date": DAY,
        "event_at": dt.datetime(2025, 2, 17, 9, tzinfo=dt.UTC),
        "timing": "after_close",
        "affected_trade_date": dt.date(2025, 2, 18),
        "security_code": code,
        "announced_on": dt.date(2025, 2, 3),
        "title": "Results",
        "source": "Announcement",
        "evidence_grade": "published_secondary",
        "is_synthetic": False,
        "known_at": EVENING,
    }


def unexplained(flag: str, figure: str, reason: str) -> list[Mutation]:
    """Return a known figure with a reason, and in the second row an unknown one without."""
    return [
        (IN_SET, flag, {reason: "no_reason"}, 0),
        (IN_SET, flag, {figure: None, reason: None}, 1),
    ]


GOOD: dict[str, Rows] = {
    "mart_sentiment_daily": [market(DAY), market(FRIDAY, is_scored=False)],
    "mart_sentiment_components": [component("breadth", 80.0), component("put_call_ratio", None)],
    "dim_event": [event("a", "00700"), event("b", None)],
}
MUTATIONS: dict[str, list[Mutation]] = {
    "mart_sentiment_daily": [
        (UNIQUE, "trade_date, market", {"trade_date": FRIDAY}, 0),
        (IN_SET, "market", {"market": "XNYS"}, 0),
        (BETWEEN, "compared_count", dict.fromkeys(("advancing_count", "declining_count"), -9), 0),
        (BETWEEN, "net_advance_gap", {"net_advance_pct": -30.0}, 0),
        (BETWEEN, "above_50_average_pct", {"above_50_average_pct": 600.0}, 0),
        (BETWEEN, "market_turnover_hkd_mn", {"market_turnover_hkd_mn": Decimal(10**9)}, 0),
        (BETWEEN, "turnover_ratio_20d", {"turnover_ratio_20d": 1e6}, 0),
        *unexplained(
            "is_turnover_ratio_explained",
            "turnover_ratio_20d",
            "turnover_ratio_20d_missing_reason",
        ),
        (BETWEEN, "short_turnover_ratio_market_pct", {"short_turnover_ratio_market_pct": 90.0}, 0),
        (BETWEEN, "short_ratio_gap_pct", {"short_turnover_hkd_mn": Decimal(3)}, 0),
        (
            BETWEEN,
            "designated_less_market_pct",
            {"short_turnover_ratio_designated_pct": 14.0},
            0,
        ),
        (BETWEEN, "southbound_flow_z", {"southbound_flow_z": 150.0}, 0),
        *unexplained("is_flow_explained", "southbound_flow_z", "southbound_flow_z_missing_reason"),
        (BETWEEN, "hstech_rsi14_wilder", {"hstech_rsi14_wilder": -1.0}, 0),
        (BETWEEN, "us_10y_pct", {"us_10y_pct": 450.0}, 0),
        (BETWEEN, "yield_age_days", {"us_10y_rate_date": DAY}, 0),
        (BETWEEN, "erp_us10y_pct", {"erp_us10y_pct": 500.0}, 0),
        (BETWEEN, "erp_inverse_percentile", {"erp_inverse_percentile": 101.0}, 0),
        *unexplained("is_premium_explained", "erp_inverse_percentile", "erp_missing_reason"),
        (BETWEEN, "composite_score", {"composite_score": 162.0}, 0),
        *unexplained("is_score_explained", "composite_score", "score_missing_reason"),
        (IN_SET, "is_score_of_enough", {"component_count": 4}, 0),
        (IN_SET, "composite_band", {"composite_band": "euphoria"}, 0),
        (IN_SET, "is_score_banded", {"composite_band": None}, 0),
        (BETWEEN, "component_count", {"component_count": 12}, 0),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "mart_sentiment_components": [
        (UNIQUE, "trade_date, component", {"component": "put_call_ratio"}, 0),
        (IN_SET, "component", {"component": "moon_phase"}, 0),
        (BETWEEN, "observation_count", {"observation_count": 900}, 0),
        (BETWEEN, "percentile_score", {"percentile_score": 180.0}, 0),
        *unexplained("is_score_explained", "percentile_score", "score_missing_reason"),
        (BETWEEN, "weight", {"weight": 2.0}, 0),
        (IN_SET, "is_weighted_in_a_score", {"weight": None}, 0),
        (BETWEEN, "contribution_gap", {"contribution": -6.0}, 0),
        (BETWEEN, "composite_score", {"composite_score": -1.0}, 0),
        (BETWEEN, "component_count", {"component_count": 12}, 0),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "dim_event": [
        ("column_values_to_be_unique", "event_id", {"event_id": "b"}, 0),
        (IN_SET, "event_type", {"event_type": "rumour"}, 0),
        (IN_SET, "timing", {"timing": "at noon"}, 0),
        (BETWEEN, "days_until_affected", {"affected_trade_date": FRIDAY}, 0),
        (BETWEEN, "days_from_announcement", {"announced_on": dt.date(2025, 2, 18)}, 0),
        (
            BETWEEN,
            "hours_from_event_date",
            {"event_at": dt.datetime(2025, 2, 18, 19, tzinfo=dt.UTC)},
            0,
        ),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (NULL, "title", {"title": None}, 0),
        (IN_SET, "evidence_grade", {"evidence_grade": "hearsay"}, 0),
        (IN_SET, "is_grade_of_its_world", {"is_synthetic": True}, 0),
    ],
}


def graded(mart: str) -> list[Mutation]:
    """Return the grades' mutations; events are real and have their own."""
    return [] if mart == "dim_event" else GRADES


CASES = [
    (mart, mutation)
    for mart in GOOD
    for mutation in [*MUTATIONS[mart], *graded(mart), *nulls(mart)]
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
