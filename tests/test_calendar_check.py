"""Disagreements between the published calendar and ours are found, named and explained."""

import datetime as dt
from typing import Any

import pytest

from orchestration import calendar
from orchestration.calendar_check import Disagreement, compare

PLAIN, HALF_DAY = dt.date(2025, 2, 12), dt.date(2025, 12, 24)
MAINLAND_CLOSED, TYPHOON = dt.date(2025, 2, 3), dt.date(2024, 9, 6)
BEFORE_CONNECT = dt.date(2014, 6, 3)


def row(day: dt.date, **said: Any) -> dict[str, Any]:
    """Return what the exchange would print if it agreed with our calendar, but for `said`."""
    in_step = {
        "trade_date": day,
        "is_hong_kong_open": calendar.is_session("XHKG", day),
        "is_hong_kong_half_day": day in calendar.half_days("XHKG"),
        "is_mainland_open": True,
        "is_northbound_open": True,
        "is_southbound_open": calendar.is_session("CONNECT", day),
        "is_southbound_half_day": day in calendar.half_days("CONNECT"),
    }
    return in_step | said


def test_calendars_in_step_give_no_disagreement():
    weekdays = calendar.sessions("WEEKDAY", dt.date(2024, 1, 1), dt.date(2025, 12, 31))
    assert compare(row(day) for day in weekdays) == []


@pytest.mark.parametrize(
    ("day", "statement", "published", "ours"),
    [
        (PLAIN, "is_hong_kong_open", False, True),
        (PLAIN, "is_hong_kong_half_day", True, False),
        (PLAIN, "is_southbound_open", False, True),
        (PLAIN, "is_southbound_half_day", True, False),
        (HALF_DAY, "is_hong_kong_half_day", False, True),
        (HALF_DAY, "is_southbound_half_day", False, True),
        (MAINLAND_CLOSED, "is_southbound_open", True, False),
    ],
)
def test_one_statement_that_differs_is_one_disagreement(day, statement, published, ours):
    found = compare([row(PLAIN), row(day, **{statement: published})])
    assert found == [Disagreement(day, statement, published, ours, explanation="")]


def test_a_typhoon_day_that_was_printed_as_open_is_explained_by_its_override():
    found = compare([row(TYPHOON, is_hong_kong_open=True, is_southbound_open=True)])
    assert [item.statement for item in found] == ["is_hong_kong_open", "is_southbound_open"]
    assert all("Typhoon" in item.explanation for item in found)


def test_southbound_is_not_compared_before_it_existed():
    said = row(BEFORE_CONNECT, is_southbound_open=True, is_southbound_half_day=True)
    assert compare([said]) == []


def test_disagreements_come_in_order_of_dates():
    rows = [row(HALF_DAY, is_hong_kong_open=False), row(PLAIN, is_hong_kong_open=False)]
    assert [item.trade_date for item in compare(rows)] == [PLAIN, HALF_DAY]
