"""Sandbox renderer of the exchange's trading calendar: one CSV per year, as known beforehand.

Dates come from the calendars the warehouse uses, less what nobody can know a year ahead: a day that
a dated override closes is still printed as open.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Mapping
from functools import cache

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sources.base import Request
from orchestration.sources.hkex_calendar import (
    CLOSED,
    COLUMNS,
    DAY_NAMES,
    FIRST_YEAR,
    HALF_DAY,
    HOLIDAY,
    NAME,
    OPEN,
    URL,
)

HOSTS = ("www.hkex.com.hk",)
PATH = re.compile(
    r"/-/media/HKEX-Market/Mutual-Market/Stock-Connect/Reference-Materials/"
    r"Trading-Hour,-Trading-and-Settlement-Calendar/([0-9]{4})-Calendar_csv_e\.csv",
    re.ASCII,
)
NOT_FOUND = Answer(
    404,
    b"<!DOCTYPE html>\r\n<html><head><title>404 Not Found</title></head></html>\r\n",
    {"content-type": "text/html"},
)


def render(market: Market, request: Request) -> Answer:
    """Return the calendar of the year in the key; 404 for a year that is not published."""
    year = int(request.key.removesuffix(".csv"))
    mainland = _mainland_sessions()
    last = min(max(mainland), calendar.all_sessions("XHKG")[-1])
    if year < FIRST_YEAR or dt.date(year, 12, 31) > last:
        return NOT_FOUND
    days = calendar.sessions("WEEKDAY", dt.date(year, 1, 1), dt.date(year, 12, 31))
    lines = [",".join(COLUMNS), *(_line(day, day in mainland) for day in days)]
    body = "\ufeff" + "\r\n".join([*lines, ""])
    return Answer(200, body.encode(), {"content-type": "text/csv"})


@cache
def _mainland_sessions() -> frozenset[dt.date]:
    import exchange_calendars

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = exchange_calendars.get_calendar("XSHG", start=calendar.FIRST_DAY.isoformat())
    return frozenset(stamp.date() for stamp in library.sessions)


@cache
def _closed_at_short_notice() -> frozenset[str]:
    rows = calendar.overrides()
    return frozenset(
        row["trade_date"] for row in rows if (row["calendar"], row["status"]) == ("XHKG", "closed")
    )


def _line(day: dt.date, mainland_trades: bool) -> str:
    is_surprise = day.isoformat() in _closed_at_short_notice()
    hong_kong_trades = is_surprise or calendar.is_session("XHKG", day)
    is_half_day = day in calendar.half_days("XHKG")
    connects = hong_kong_trades and mainland_trades and day >= calendar.CONNECT_START
    hong_kong = HALF_DAY if is_half_day else OPEN if hong_kong_trades else HOLIDAY
    cells = (
        day.isoformat(),
        DAY_NAMES[day.weekday()],
        hong_kong,
        OPEN if mainland_trades else HOLIDAY,
        OPEN if connects else CLOSED,
        (HALF_DAY if is_half_day else OPEN) if connects else CLOSED,
    )
    return ",".join(cells)


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    asked = PATH.fullmatch(path)
    if method != "GET" or not asked or not int(asked[1]):
        return None
    year = int(asked[1])
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return Request(NAME, f"{asked[1]}.csv", URL.format(year=asked[1]), first, last, params=query)
