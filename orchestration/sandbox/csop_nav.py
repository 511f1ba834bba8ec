"""Sandbox renderer of CSOP's NAV endpoint: a JSON list with an object per currency and counter."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.hong_kong_funds import HongKongFundDay, hong_kong_fund_day
from orchestration.sandbox.market import Market
from orchestration.sources.base import Request
from orchestration.sources.csop_nav import PRODUCT_NAME, URL, session_request

HOSTS = (urlsplit(URL).netloc,)
PATH = urlsplit(URL).path
CODE = "03033"
HEADERS = {"content-type": "application/json; charset=utf-8"}
WRONG_NAME = Answer(
    status=500, body=b'{"statusCode":500,"message":"Internal server error"}', headers=HEADERS
)


def render(market: Market, request: Request) -> Answer:
    """Return the fund as it stood after the session named by `_`; HTTP 500 for another name.

    A day without a session shows the one before.
    """
    day = _day(request.params)
    if request.json_body.get("productName") != PRODUCT_NAME or day is None:
        return WRONG_NAME
    if not calendar.is_session("XHKG", day):
        day = calendar.previous_session("XHKG", day)
    fund = hong_kong_fund_day(market, CODE, day)
    if fund is None:
        return WRONG_NAME
    counters = [
        _counter("3033 HK", "HKD", day, fund, 1.0),
        _counter("83033 HK", "RMB", day, fund, _hkd_per_cny(market, day)),
        _counter("3033 HK - A", "HKD", day, fund, 1.0) | {"closePrice": ""},
    ]
    body = json.dumps(counters, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status=200, body=body, headers=HEADERS)


def _day(params: Mapping[str, str]) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(params["_"])
    except (KeyError, ValueError):
        return None
    return day if day >= calendar.CONNECT_START else None


def _hkd_per_cny(market: Market, day: dt.date) -> float:
    bars = market.bars("CNYHKD=X", day - dt.timedelta(days=7), day)
    return next(bar.close for bar in reversed(bars) if bar.close)


def _counter(
    ticker: str, currency: str, day: dt.date, fund: HongKongFundDay, hkd: float
) -> dict[str, Any]:
    nav = fund.nav_hkd / hkd
    return {
        "Ticker": ticker,
        "Currency": currency,
        "NAV": f"{nav:,.4f}",
        "AUM": f"{nav * fund.units:,.2f}",
        "Shares": f"{fund.units:,}",
        "closePrice": f"{fund.close_hkd / hkd:,.3f}",
        "HstDate": f"{day:%d %b,%Y}",
        "HstDateFormat": day.isoformat(),
    }


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; `form` holds the fields of the JSON body."""
    day = _day(query)
    named = form.get("productName") == PRODUCT_NAME
    if (method, path) != ("POST", PATH) or day is None or not named:
        return None
    return session_request(day)
