"""Sandbox renderer of KraneShares' KWEB: daily holdings CSV and premium history JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sandbox.records import FundDay, FundHolding
from orchestration.sources._kweb_holdings import COLUMNS, FUND
from orchestration.sources.base import Request
from orchestration.sources.kraneshares_kweb import (
    HOLDINGS_URL,
    NAME,
    PREMIUM_KEY,
    PREMIUM_URL,
    PRODUCT_ID,
)

HOSTS = ("kraneshares.com",)
HOLDINGS_PATH = re.compile(r"/csv/(\d{2})_(\d{2})_(\d{4})_kweb_holdings\.csv", re.ASCII)
PREMIUM_PATH = urlsplit(PREMIUM_URL).path
PREMIUM_DECIMALS = 9
NOT_FOUND = Answer(
    status=404,
    body=b"<!DOCTYPE html><html><head><title>Page not found</title></head></html>\n",
    headers={"content-type": "text/html; charset=UTF-8"},
)


def render(market: Market, request: Request) -> Answer:
    """Return the holdings of the day in the URL, or the premiums from `start` to `end`.

    A day without a New York session, and any other address, is a 404 in HTML.
    """
    path = urlsplit(request.url).path
    try:
        if path == PREMIUM_PATH and request.params.get("pid") == PRODUCT_ID:
            return _premiums(market, *_range(request.params))
        day = _holdings_day(path)
    except (KeyError, ValueError):
        return NOT_FOUND
    return _holdings(market, day) if day else NOT_FOUND


def _range(params: Mapping[str, str]) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(params["start"]), dt.date.fromisoformat(params["end"])


def _holdings_day(path: str) -> dt.date | None:
    asked = HOLDINGS_PATH.fullmatch(path)
    if not asked:
        return None
    month, day, year = (int(part) for part in asked.groups())
    return dt.date(year, month, day)


def _holdings(market: Market, day: dt.date) -> Answer:
    fund = market.fund_day(FUND, day)
    if fund is None:
        return NOT_FOUND
    title = f'"{FUND} Holdings","As of {day.isoformat()}","Holdings Are Subject To Change"'
    header = ",".join(f'"{name}"' if " " in name or "$" in name else name for name in COLUMNS)
    lines = [_line(rank, holding) for rank, holding in enumerate(fund.holdings, start=1)]
    body = "\n".join([title, header, *lines, ""]).encode()
    return Answer(status=200, body=body, headers={"content-type": "text/csv; charset=UTF-8"})


def _line(rank: int, holding: FundHolding) -> str:
    name = holding.name.replace('"', '""')
    return (
        f'{rank},"{name}",{holding.weight_pct:.2f},{holding.ticker},{holding.identifier},'
        f'"{holding.shares:,}","{holding.market_value_usd:,.0f}"'
    )


def _premiums(market: Market, first: dt.date, last: dt.date) -> Answer:
    days = calendar.sessions("XNYS", first, last)
    funds = [fund for fund in (market.fund_day(FUND, day) for day in days) if fund]
    pairs = [[_millisecond(fund.day), _premium(fund)] for fund in funds]
    body = json.dumps(pairs, separators=(",", ":")).encode()
    return Answer(status=200, body=body, headers={"content-type": "application/json"})


def _millisecond(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC).timestamp()) * 1000


def _premium(fund: FundDay) -> float:
    return round(fund.close_usd / fund.nav_usd - 1, PREMIUM_DECIMALS)


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where the issuer has no such page."""
    try:
        if method == "GET" and path == PREMIUM_PATH:
            first, last = _range(query)
            return Request(NAME, PREMIUM_KEY, PREMIUM_URL, first, last, params=query)
        day = _holdings_day(path) if method == "GET" else None
    except (KeyError, ValueError):
        return None
    if day is None:
        return None
    url = HOLDINGS_URL.format(day=day)
    return Request(NAME, f"{day}.holdings.csv", url, day, day, params=query)
