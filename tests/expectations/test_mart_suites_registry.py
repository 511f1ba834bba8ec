"""Suites of dates, memberships, metrics, observations and reconciliation: each is tripped."""

import datetime as dt
from functools import cache
from typing import Any

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

MONDAY = dt.date(2025, 2, 17)


def calendar_day(day: dt.date, **more: Any) -> Row:
    is_open = day.weekday() < 5
    return {
        "date_day": dt.datetime.combine(day, dt.time()),
        "week_start": dt.datetime.combine(day - dt.timedelta(days=day.weekday()), dt.time()),
        "month_start": dt.datetime(day.year, day.month, 1),
        "quarter_start": dt.datetime(day.year, 3 * ((day.month - 1) // 3) + 1, 1),
        "year_start": dt.datetime(day.year, 1, 1),
        "iso_weekday": day.isoweekday(),
        "is_hong_kong_session": is_open,
        "is_connect_session": is_open,
        "is_new_york_session": is_open,
        **more,
    }


def membership(code: str, **more: Any) -> Row:
    return {
        "index_symbol": "HSTECH.HK",
        "security_code": code,
        "security_name": "Invented",
        "not_before": dt.datetime(2020, 7, 27),
        "valid_from": dt.datetime(2021, 3, 8),
        "valid_to": None,
        "is_valid_from_known": True,
        "is_member_today": True,
        "basis": "launch of the index",
        **more,
    }


def metric(variant: str, **more: Any) -> Row:
    return {
        "metric_id": "southbound_net_buy",
        "variant_id": variant,
        "observation_window": "day",
        "window_length": 1,
        "subject_kind": "channel",
        "sign": "signed flow",
        "definition": "Invented.",
        "formula": "buy - sell",
        "model": "fct_southbound_daily",
        "subject_column": "channel",
        "subject_value": None,
        "tolerance_relative": 0.001,
        "tolerance_absolute": 0.01,
        "data_needed": None,
        **more,
    }


def observation(**more: Any) -> Row:
    return {
        "metric_id": "southbound_net_buy",
        "subject_id": "ALL",
        "period_start": dt.datetime(2025, 2, 11),
        "period_end": dt.datetime(2025, 2, 17),
        "observation_window": "sessions",
        "value": 12.5,
        "value_date": None,
        **PROVENANCE,
        **more,
    }


def comparison(subject: str, **more: Any) -> Row:
    return {
        "observed_on": dt.datetime(2025, 2, 17),
        "metric_id": "southbound_net_buy",
        "subject_id": subject,
        "source_a": "hkex",
        "source_b": "eastmoney",
        "value_a": 100.0,
        "value_b": 100.02,
        "difference": 100.02 - 100.0,
        "difference_pct": 0.02,
        "tolerance": 0.05,
        "status": "agrees",
        "explained_by": None,
        **PROVENANCE,
        **more,
    }


UNPAIRED = {"value_b": None, "difference": None, "difference_pct": None, "status": "not_in_b"}
FAR = {"value_b": 110.0, "difference": 10.0, "difference_pct": 10.0}
UNSETTLED = {"model": None, "subject_column": None, "data_needed": "the broker's table"}
GOOD: dict[str, Rows] = {
    "dim_date": [calendar_day(MONDAY + dt.timedelta(days=number)) for number in range(14)],
    "dim_index_membership": [
        membership("00700"),
        membership("00992", valid_to=dt.datetime(2022, 3, 7), is_member_today=False),
        membership("09988", valid_from=None, is_valid_from_known=False),
    ],
    "dim_metric": [
        metric("net_buy_hkd"),
        metric("estimated", subject_column=None, subject_value="ALL"),
        metric("since_row", observation_window="lake", sign="signed stock"),
        metric("as_cited", observation_window="none", window_length=0, **UNSETTLED),
    ],
    "mart_metric_observations": [
        observation(),
        observation(value=None, value_date=dt.datetime(2025, 1, 13)),
        observation(observation_window="lake", period_start=None),
    ],
    "fct_reconciliation": [
        comparison("ALL"),
        comparison("SSE", **UNPAIRED),
        comparison("SZSE", status="differs", explained_by="unknown", **FAR),
    ],
}
MUTATIONS: dict[str, list[Mutation]] = {
    "dim_date": [
        ("column_values_to_be_unique", "date_day", {"date_day": dt.datetime(2025, 2, 18)}, 0),
        (BETWEEN, "weekday_gap", {"iso_weekday": 0}, 0),
        (BETWEEN, "days_of_week", {"week_start": dt.datetime(2025, 2, 10)}, 0),
        (BETWEEN, "days_of_month", {"month_start": dt.datetime(2025, 1, 1)}, 0),
        (BETWEEN, "days_of_quarter", {"quarter_start": dt.datetime(2024, 10, 1)}, 0),
        (BETWEEN, "days_of_year", {"year_start": dt.datetime(2024, 1, 1)}, 0),
        (IN_SET, "is_weekend_closed", {"is_new_york_session": True}, 5),
        (IN_SET, "is_connect_within_hong_kong", {"is_hong_kong_session": False}, 0),
    ],
    "dim_index_membership": [
        (UNIQUE, "index_symbol, security_code, not_before", {"security_code": "00992"}, 0),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (IN_SET, "index_symbol", {"index_symbol": "HSTECH"}, 0),
        (IN_SET, "is_after_launch", {"not_before": dt.datetime(2015, 1, 2)}, 0),
        (BETWEEN, "days_of_membership", {"valid_to": dt.datetime(2021, 3, 8)}, 1),
        (BETWEEN, "days_of_waiting", {"not_before": dt.datetime(2022, 1, 4)}, 0),
        (IN_SET, "is_entry_flag_right", {"is_valid_from_known": False}, 0),
        (IN_SET, "is_today_flag_right", {"is_member_today": True}, 1),
    ],
    "dim_metric": [
        (
            UNIQUE,
            "metric_id, variant_id, observation_window, window_length, subject_kind",
            {"variant_id": "estimated"},
            0,
        ),
        (REGEX, "metric_id", {"metric_id": "Net buy"}, 0),
        (REGEX, "variant_id", {"variant_id": "net-buy"}, 0),
        (IN_SET, "observation_window", {"observation_window": "fortnight"}, 0),
        (BETWEEN, "window_length", {"window_length": -5}, 0),
        (BETWEEN, "tolerance_relative", {"tolerance_relative": 0.5}, 0),
        (BETWEEN, "tolerance_absolute", {"tolerance_absolute": -0.1}, 0),
        (IN_SET, "is_settled_or_said", {"data_needed": "nothing"}, 0),
        (IN_SET, "is_window_of_a_mart", {"observation_window": "none"}, 0),
        (IN_SET, "is_subject_named", {"subject_value": "ALL"}, 0),
        (IN_SET, "is_flow_no_stock", {"sign": "signed flow"}, 2),
    ],
    "mart_metric_observations": [
        (IN_SET, "observation_window", {"observation_window": "fortnight"}, 0),
        (IN_SET, "is_one_figure", {"value": None}, 0),
        (IN_SET, "is_start_known", {"period_start": None}, 0),
        (BETWEEN, "window_days", {"period_start": dt.datetime(2025, 2, 18)}, 0),
    ],
    "fct_reconciliation": [
        (
            UNIQUE,
            "observed_on, metric_id, subject_id, source_a, source_b, is_synthetic",
            {"subject_id": "SSE"},
            0,
        ),
        (IN_SET, "status", {"status": "fine"}, 0),
        (IN_SET, "is_explained", {"explained_by": "unit"}, 0),
        (IN_SET, "is_one_sided", {"value_b": None}, 0),
        (BETWEEN, "difference_gap", {"difference": 1.0}, 0),
        (IN_SET, "is_within_tolerance", FAR, 0),
        (BETWEEN, "tolerance", {"tolerance": -0.05}, 0),
        (BETWEEN, "difference_pct", {"difference_pct": 900.0}, 2),
        (BETWEEN, "days_until_known", LOOK_AHEAD | {"known_at": EVENING - dt.timedelta(30)}, 0),
    ],
}
CASES = [
    (mart, mutation)
    for mart in GOOD
    for mutation in [
        *MUTATIONS[mart],
        *(GRADES if "evidence_grade" in GOOD[mart][0] else []),
        *nulls(mart),
    ]
]
assert MONDAY == DAY


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
