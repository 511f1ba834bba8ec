"""Suites of reference rates and calendar days: every expectation is tripped."""

import datetime as dt
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


def rate(series: str, publisher_series: str, unit: str, value: float) -> Row:
    return {
        "rate_date": DAY,
        "series": series,
        "publisher_series": publisher_series,
        "rate_value": value,
        "unit": unit,
        "source": "fred",
        **PROVENANCE,
    }


def weekday(day: dt.date, **more: Any) -> Row:
    flags = ("hong_kong_open", "mainland_open", "northbound_open", "southbound_open")
    return {
        "trade_date": day,
        **dict.fromkeys((f"is_{flag}" for flag in flags), True),
        "is_hong_kong_half_day": False,
        "is_southbound_half_day": False,
        "is_hong_kong_session": True,
        "is_hong_kong_session_half_day": False,
        "is_connect_session": True,
        "is_connect_session_half_day": False,
        "disagreement": None,
        **PROVENANCE,
        **more,
    }


TYPHOON = {
    "is_hong_kong_session": False,
    "is_hong_kong_session_half_day": None,
    "is_connect_session": False,
    "is_connect_session_half_day": None,
    "disagreement": "Hong Kong: open in print, no session",
}
DAYS = [DAY + dt.timedelta(days=number) for number in range(60)]
OPEN = [weekday(day) for day in DAYS if day.weekday() < 5]
GOOD: dict[str, Rows] = {
    "fct_reference_rates": [
        rate("USDHKD", "DEXHKUS", "HKD per USD", 7.78),
        rate("USDCNY", "DEXCHUS", "CNY per USD", 7.25),
        rate("US_10Y", "DGS10", "percent", 4.5),
        rate("HK_BALANCE", "balance", "HKD mn", 44_800.0),
    ],
    "dim_calendar_day": [
        *OPEN[:-1],
        OPEN[-1] | TYPHOON,
        weekday(dt.date(2030, 1, 2), is_hong_kong_session=None, is_connect_session=None),
    ],
}
SHUT = {"is_hong_kong_open": False, "is_southbound_open": False}
MUTATIONS: dict[str, list[Mutation]] = {
    "fct_reference_rates": [
        (
            UNIQUE,
            "rate_date, series, publisher_series",
            {"series": "USDCNY", "publisher_series": "DEXCHUS"},
            0,
        ),
        (REGEX, "series", {"series": "Hibor 1M"}, 3),
        (IN_SET, "is_usdhkd_in_its_unit", {"unit": "USD per HKD"}, 0),
        (IN_SET, "is_usdcny_in_its_unit", {"unit": "USD per CNY"}, 1),
        (BETWEEN, "usdhkd", {"rate_value": 0.1285}, 0),
        (BETWEEN, "usdcny", {"rate_value": 0.138}, 1),
        (BETWEEN, "rate_pct", {"rate_value": 450.0}, 2),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "dim_calendar_day": [
        ("column_values_to_be_unique", "trade_date", {"trade_date": DAYS[1]}, 0),
        (BETWEEN, "day_of_week", {"trade_date": dt.date(2025, 2, 15)}, 0),
        (IN_SET, "is_half_day_closed", {"is_hong_kong_half_day": True, **SHUT}, 0),
        (IN_SET, "is_southbound_half_day_closed", {"is_southbound_half_day": True, **SHUT}, 0),
        (IN_SET, "is_southbound_without_a_market", {"is_mainland_open": False}, 0),
        (REGEX, "disagreement", {"disagreement": "typhoon"}, 0),
        (IN_SET, "is_hong_kong_difference_named", {"is_hong_kong_session": False}, 0),
        (IN_SET, "is_southbound_difference_named", {"is_southbound_open": False}, 0),
        (BETWEEN, "disagreement_ratio", TYPHOON | {"trade_date": dt.date(2031, 1, 2)}, 0),
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
