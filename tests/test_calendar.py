import datetime as dt

import pytest

from orchestration import calendar


def day(text):
    return dt.date.fromisoformat(text)


def count(name, first, last):
    return len(calendar.sessions(name, day(first), day(last)))


@pytest.mark.parametrize(
    ("name", "first", "last", "sessions"),
    [
        ("CONNECT", "2025-01-01", "2025-01-31", 18),
        ("CONNECT", "2025-02-01", "2025-02-18", 10),
        ("CONNECT", "2025-01-24", "2025-02-18", 12),
        ("XHKG", "2025-01-24", "2025-02-18", 15),
        ("CONNECT", "2025-01-02", "2025-03-14", 46),
        ("CONNECT", "2024-01-01", "2024-12-31", 233),
        ("CONNECT", "2025-01-01", "2025-12-31", 237),
    ],
)
def test_check_values_of_the_domain(name, first, last, sessions):
    assert count(name, first, last) == sessions


@pytest.mark.parametrize("closed", ["2025-01-28", "2025-02-03", "2025-02-04"])
def test_connect_is_closed_while_only_hong_kong_trades(closed):
    assert calendar.is_session("XHKG", day(closed))
    assert not calendar.is_session("CONNECT", day(closed))


@pytest.mark.parametrize("half", ["2024-02-09", "2024-12-24", "2024-12-31", "2025-01-28"])
def test_half_days_are_the_eves(half):
    assert day(half) in calendar.half_days("XHKG")
    assert calendar.session_close("XHKG", day(half)).hour == 4


def test_mid_autumn_is_no_half_day():
    assert day("2024-09-17") not in calendar.half_days("XHKG")


@pytest.mark.parametrize("stormy", ["2023-07-17", "2023-09-01", "2023-09-08", "2024-09-06"])
def test_storms_closed_the_market_before_severe_weather_trading(stormy):
    assert not calendar.is_session("XHKG", day(stormy))
    assert not calendar.is_session("CONNECT", day(stormy))


def test_no_storm_closes_the_market_since():
    closures = [row for row in calendar.overrides() if row["status"] == "closed"]
    assert all(day(row["trade_date"]) < calendar.SEVERE_WEATHER_TRADING for row in closures)


def test_late_opens_are_sessions():
    assert calendar.late_opens("XHKG") == {day("2020-08-19"), day("2021-06-28"), day("2023-10-09")}


def test_before_the_enhancement_days_without_settlement_were_closed():
    for closed in ("2022-01-27", "2022-01-28", "2021-02-09", "2023-01-19"):
        assert not calendar.is_session("CONNECT", day(closed))
    for added in ("2023-04-27", "2023-04-28"):
        assert calendar.is_session("CONNECT", day(added))


def test_the_closure_list_is_what_the_settlement_rule_gives():
    hong_kong = calendar.all_sessions("XHKG")
    mainland = set(calendar._library_sessions("XSHG"))
    expected = {
        today
        for today, _, settles in zip(hong_kong, hong_kong[1:], hong_kong[2:], strict=False)
        if calendar.CONNECT_START <= today < calendar.CONNECT_ENHANCED
        and today in mainland
        and settles not in mainland
    }
    assert calendar._overridden("CONNECT", "closed") == expected


def test_new_york_holiday_is_no_session_of_the_funds():
    assert not calendar.is_session("XNYS", day("2025-02-17"))
    assert calendar.is_session("XHKG", day("2025-02-17"))


def test_shanghai_keeps_its_own_holidays_and_closes_at_three():
    assert calendar.is_session("XSHG", day("2024-07-01"))  # a Hong Kong holiday
    assert not calendar.is_session("XSHG", day("2025-02-03"))  # Hong Kong trades again
    assert calendar.half_days("XSHG") == frozenset()
    closed_at = calendar.session_close("XSHG", day("2025-01-28") - dt.timedelta(days=1))
    assert closed_at == dt.datetime(2025, 1, 27, 7, tzinfo=dt.UTC)


def test_week_ends_are_the_last_sessions_of_weeks():
    assert calendar.sessions("XHKG_WEEK_END", day("2025-01-20"), day("2025-02-07")) == [
        day("2025-01-24"),
        day("2025-01-28"),
        day("2025-02-07"),
    ]


def test_every_override_has_a_reason_and_a_known_status():
    for row in calendar.overrides():
        assert row["calendar"] in calendar.CALENDARS
        assert row["status"] in ("closed", "open", "half_day", "full_day", "late_open")
        assert len(row["reason"]) > 20


def test_two_sessions_earlier_skips_holidays():
    assert calendar.previous_session("XHKG", day("2025-02-04"), 2) == day("2025-01-28")


@pytest.mark.parametrize("name", calendar.CALENDARS)
def test_calendars_reach_to_the_end_of_the_locked_library(name):
    assert calendar.all_sessions(name)[-1] >= day("2026-12-31")


def test_unknown_calendar_is_named():
    with pytest.raises(ValueError, match="XLON"):
        calendar.all_sessions("XLON")
