"""Which sessions exist: Hong Kong, Stock Connect southbound, Shanghai, New York.

Pure: it knows dates and closing times, and the dated overrides in `calendar_overrides.csv` beside
it. It must not know sources, tables or Dagster. Base calendars come from exchange_calendars.
"""

from __future__ import annotations

import csv
import datetime as dt
import warnings
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
CONNECT_START = dt.date(2014, 11, 17)
"""First session of Stock Connect."""
CONNECT_ENHANCED = dt.date(2023, 4, 24)
"""From here Connect trades whenever both markets do; before, also its money had to settle in time,
so the overrides list the days that were closed for want of settlement."""
SEVERE_WEATHER_TRADING = dt.date(2024, 9, 23)
"""From here Hong Kong trades through typhoons and rainstorms: no override may close a later day."""
FIRST_DAY = dt.date(2012, 1, 1)
"""No calendar here answers for earlier days."""
CALENDARS = ("XHKG", "XHKG_WEEK_END", "CONNECT", "XSHG", "XNYS", "WEEKDAY")
OVERRIDES = Path(__file__).with_name("calendar_overrides.csv")


@cache
def _exchange(mic: str) -> Any:
    import exchange_calendars

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return exchange_calendars.get_calendar(mic, start=FIRST_DAY.isoformat())


@cache
def overrides() -> tuple[dict[str, str], ...]:
    """Return the dated corrections to the library's calendars, each with its reason."""
    with OVERRIDES.open(newline="", encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines))


def _overridden(calendar: str, status: str) -> set[dt.date]:
    return {
        dt.date.fromisoformat(row["trade_date"])
        for row in overrides()
        if row["calendar"] == calendar and row["status"] == status
    }


@cache
def all_sessions(calendar: str) -> tuple[dt.date, ...]:
    """Return every session of a calendar in order, as far ahead as it is published.

    Raises:
        ValueError: the calendar is not one of `CALENDARS`.
    """
    if calendar == "CONNECT":
        both = set(all_sessions("XHKG")) & set(all_sessions("XSHG"))
        days = {day for day in both if day >= CONNECT_START}
    elif calendar == "XHKG_WEEK_END":
        last_of_week = {day.isocalendar()[:2]: day for day in all_sessions("XHKG")}
        days = set(last_of_week.values())
    elif calendar in ("XHKG", "XSHG", "XNYS"):
        days = set(_library_sessions(calendar))
    elif calendar == "WEEKDAY":
        last = _library_sessions("XNYS")[-1]
        count = (last - FIRST_DAY).days + 1
        every = (FIRST_DAY + dt.timedelta(days=offset) for offset in range(count))
        days = {day for day in every if day.weekday() < 5}
    else:
        raise ValueError(f"unknown calendar {calendar!r}; known: {', '.join(CALENDARS)}")
    days = (days - _overridden(calendar, "closed")) | _overridden(calendar, "open")
    return tuple(sorted(days))


def _library_sessions(mic: str) -> list[dt.date]:
    return [stamp.date() for stamp in _exchange(mic).sessions]


@cache
def _session_set(calendar: str) -> frozenset[dt.date]:
    return frozenset(all_sessions(calendar))


def is_session(calendar: str, day: dt.date) -> bool:
    """Return whether the calendar trades on a day."""
    return day in _session_set(calendar)


def sessions(calendar: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the sessions of a calendar from first to last, both included."""
    return [day for day in all_sessions(calendar) if first <= day <= last]


@cache
def half_days(calendar: str) -> frozenset[dt.date]:
    """Return the sessions that close early."""
    if calendar == "CONNECT":
        return half_days("XHKG") & _session_set("CONNECT")
    if calendar not in ("XHKG", "XNYS"):
        return frozenset()
    early = {stamp.date() for stamp in _exchange(calendar).early_closes}
    early = (early | _overridden(calendar, "half_day")) - _overridden(calendar, "full_day")
    return frozenset(early & _session_set(calendar))


@cache
def late_opens(calendar: str) -> frozenset[dt.date]:
    """Return the sessions that began late, after a storm."""
    return frozenset(_overridden(calendar, "late_open") & _session_set(calendar))


@cache
def session_close(calendar: str, day: dt.date) -> dt.datetime:
    """Return when a session ends, in UTC.

    A day that is no session of the calendar is given the close it would have had, so that a figure
    published about a closed day still has a time.
    """
    if calendar in ("XHKG", "XHKG_WEEK_END", "CONNECT"):
        hour = 12 if day in half_days("XHKG") else 16
        local = dt.datetime.combine(day, dt.time(hour), tzinfo=HONG_KONG)
    elif calendar == "XSHG":
        local = dt.datetime.combine(day, dt.time(15), tzinfo=SHANGHAI)
    elif calendar == "XNYS":
        hour = 13 if day in half_days("XNYS") else 16
        local = dt.datetime.combine(day, dt.time(hour), tzinfo=NEW_YORK)
    else:
        local = dt.datetime.combine(day, dt.time(17), tzinfo=NEW_YORK)
    return local.astimezone(dt.UTC)


def previous_session(calendar: str, day: dt.date, count: int = 1) -> dt.date:
    """Return the session `count` sessions before a day (the day itself need not be a session).

    Raises:
        ValueError: the calendar does not go back that far.
    """
    known = all_sessions(calendar)
    position = bisect_left(known, day) - count
    if position < 0:
        raise ValueError(f"{calendar} has fewer than {count} sessions before {day}")
    return known[position]


def months(days: Sequence[dt.date]) -> list[str]:
    """Return the months (YYYY-MM) that hold any of the days, in order."""
    return sorted({day.strftime("%Y-%m") for day in days})
