"""Sandbox renderer of FRED's graph CSV: one line per weekday, empty on US holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlsplit

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sources.base import Request
from orchestration.sources.fred import HOME, LONGEST_WAIT, NAME

HOSTS = ("fred.stlouisfed.org",)
DECIMALS = {"DEXHKUS": 4, "DEXCHUS": 4, "DFEDTARU": 2, "DGS10": 2}
"""Decimals that FRED prints, by series."""
NOT_FOUND = Answer(
    status=404,
    body=b"<!DOCTYPE html><html><head><title>Error - St. Louis Fed</title></head></html>\n",
    headers={"content-type": "text/html; charset=UTF-8"},
)


def render(market: Market, request: Request) -> Answer:
    """Return the observations of series `id` from `cosd` to `coed`; 404 for an unknown series."""
    series = request.params.get("id", "")
    try:
        first, last = _range(request.params)
    except (KeyError, ValueError):
        return NOT_FOUND
    if series not in DECIMALS:
        return NOT_FOUND
    lines = [f"observation_date,{series}"]
    for day in calendar.sessions("WEEKDAY", first, last):
        rate = market.rate(series, day)
        lines.append(f"{day},{'' if rate is None else format(rate, f'.{DECIMALS[series]}f')}")
    body = "\n".join([*lines, ""]).encode()
    return Answer(status=200, body=body, headers={"content-type": "application/csv"})


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where FRED has no such page."""
    if (method, path) != ("GET", urlsplit(HOME).path):
        return None
    try:
        first, last = _range(query)
        key, asked_first = f"{query['id']}.csv", first + LONGEST_WAIT
        return Request(NAME, key, HOME, asked_first, last, params=query)
    except (KeyError, ValueError, OverflowError):
        return None


def _range(params: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(params["cosd"]), dt.date.fromisoformat(params["coed"])
