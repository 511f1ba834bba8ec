"""Sandbox renderer of the Yahoo chart API: bars, dividends and splits as the vendor sends them.

Prices carry the tail of a 32-bit float, as the vendor's do. No market logic here.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo

import numpy as np

from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sandbox.records import Bar
from orchestration.sources._chart_symbols import CALENDAR_OF, INDICES
from orchestration.sources.base import Request
from orchestration.sources.yahoo_chart import HOME, NAME

HOSTS = ("query2.finance.yahoo.com", "query1.finance.yahoo.com")
JSON_HEADERS = {"content-type": "application/json;charset=utf-8"}
VENUES: dict[str, dict[str, Any]] = {
    "XHKG": {"zone": "Asia/Hong_Kong", "opens": dt.time(9, 30), "name": "HKG", "short": "HKT"},
    "XSHG": {"zone": "Asia/Shanghai", "opens": dt.time(9, 30), "name": "SHH", "short": "CST"},
    "XNYS": {"zone": "America/New_York", "opens": dt.time(9, 30), "name": "PCX", "short": "EST"},
    "WEEKDAY": {"zone": "Europe/London", "opens": dt.time(0), "name": "CCY", "short": "GMT"},
}
CURRENCY_OF_PAIR = {"HKD=X": "HKD", "CNY=X": "CNY", "CNYHKD=X": "HKD"}
CURRENCY_OF = {"XHKG": "HKD", "XSHG": "CNY", "XNYS": "USD"}
EXCHANGE_OF_INDEX = {"^GSPC": "SNP", "^NDX": "NIM"}
ONE_DAY = dt.timedelta(days=1)
LATEST_TIMESTAMP = 4_102_444_800
"""2100-01-01: no bar is later."""


def render(market: Market, request: Request) -> Answer:
    """Return the chart JSON of the symbol in the URL, between `period1` and `period2` (excluded).

    An unknown symbol is a 404 with the vendor's error JSON, a period that is none a 400.
    """
    symbol = unquote(urlsplit(request.url).path.rpartition("/")[2])
    if symbol not in market.symbols:
        return _error(404, "Not Found", "No data found, symbol may be delisted")
    period = _period(request.params)
    if period is None:
        return _error(400, "Bad Request", "Invalid input - period1 and period2 are expected")
    start, end = period
    calendar = CALENDAR_OF.get(symbol, "XHKG")
    last = _utc_date(end - 1)
    # A day more on either side: a bar's time of day may lie on the day before, in UTC.
    around = market.bars(symbol, _utc_date(start) - ONE_DAY, last + ONE_DAY, as_of=last)
    bars = [bar for bar in around if start <= _stamp(calendar, bar.day) < end]
    result: dict[str, Any] = {"meta": _meta(symbol, calendar)}
    if bars:
        result["timestamp"] = [_stamp(calendar, bar.day) for bar in bars]
    events = _events(market, symbol, calendar, start, end)
    if events:
        result["events"] = events
    result["indicators"] = _indicators(bars)
    return _json(200, {"result": [result], "error": None})


def _period(params: Mapping[str, str]) -> tuple[int, int] | None:
    try:
        start, end = (int(params[name]) for name in ("period1", "period2"))
    except (KeyError, ValueError):
        return None
    clipped = max(start, 0), min(end, LATEST_TIMESTAMP)
    return clipped if clipped[0] < clipped[1] else None


def _utc_date(stamp: int) -> dt.date:
    return dt.datetime.fromtimestamp(stamp, dt.UTC).date()


def _json(status: int, chart: dict[str, Any]) -> Answer:
    body = json.dumps({"chart": chart}, separators=(",", ":")).encode()
    return Answer(status=status, body=body, headers=JSON_HEADERS)


def _error(status: int, code: str, description: str) -> Answer:
    return _json(status, {"result": None, "error": {"code": code, "description": description}})


def _stamp(calendar: str, day: dt.date) -> int:
    venue = VENUES[calendar]
    opening = dt.datetime.combine(day, venue["opens"], tzinfo=ZoneInfo(venue["zone"]))
    return int(opening.timestamp())


def _instrument_type(symbol: str, calendar: str) -> str:
    if calendar == "WEEKDAY":
        return "CURRENCY"
    if symbol in INDICES:
        return "INDEX"
    return "ETF" if calendar == "XNYS" else "EQUITY"


def _meta(symbol: str, calendar: str) -> dict[str, Any]:
    venue = VENUES[calendar]
    offset = dt.datetime.combine(
        dt.date(2024, 1, 2), dt.time(), ZoneInfo(venue["zone"])
    ).utcoffset()
    return {
        "currency": CURRENCY_OF_PAIR.get(symbol) or CURRENCY_OF[calendar],
        "symbol": symbol,
        "exchangeName": EXCHANGE_OF_INDEX.get(symbol, venue["name"]),
        "instrumentType": _instrument_type(symbol, calendar),
        "hasPrePostMarketData": calendar == "XNYS",
        "gmtoffset": int((offset or dt.timedelta()).total_seconds()),
        "timezone": venue["short"],
        "exchangeTimezoneName": venue["zone"],
        "priceHint": 4 if calendar == "WEEKDAY" else 3,
        "dataGranularity": "1d",
        "range": "",
    }


def _narrow(price: float | None) -> float | None:
    return None if price is None else float(np.float32(price))


def _indicators(bars: list[Bar]) -> dict[str, Any]:
    if not bars:
        return {"quote": [{}], "adjclose": [{}]}
    quote: dict[str, list[Any]] = {
        name: [_narrow(getattr(bar, name)) for bar in bars]
        for name in ("high", "open", "low", "close")
    }
    quote["volume"] = [bar.volume for bar in bars]
    adjusted = [_narrow(bar.adjusted_close) for bar in bars]
    return {"quote": [quote], "adjclose": [{"adjclose": adjusted}]}


def _events(
    market: Market, symbol: str, calendar: str, start: int, end: int
) -> dict[str, dict[str, Any]]:
    dividends: dict[str, dict[str, Any]] = {}
    splits: dict[str, dict[str, Any]] = {}
    for dividend in market.dividends(symbol):
        stamp = _stamp(calendar, dividend.ex_date)
        dividends[str(stamp)] = {"amount": dividend.amount, "date": stamp}
    for split in market.splits(symbol):
        stamp = _stamp(calendar, split.ex_date)
        splits[str(stamp)] = {
            "date": stamp,
            "numerator": float(split.numerator),
            "denominator": float(split.denominator),
            "splitRatio": f"{split.numerator}:{split.denominator}",
        }
    kinds = {"dividends": dividends, "splits": splits}
    within = {
        kind: {key: event for key, event in events.items() if start <= event["date"] < end}
        for kind, events in kinds.items()
    }
    return {kind: events for kind, events in within.items() if events}


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where the vendor has no such page."""
    folder, _, symbol = path.rpartition("/")
    if method != "GET" or f"{folder}/" != urlsplit(HOME).path:
        return None
    try:
        stamps = (int(query[name]) for name in ("period1", "period2"))
        start, end = (dt.datetime.fromtimestamp(stamp, dt.UTC).date() for stamp in stamps)
    except (KeyError, ValueError, OverflowError, OSError):
        start = end = dt.date(1970, 1, 2)  # the vendor's own words for it are the renderer's
    first = start + ONE_DAY if CALENDAR_OF.get(symbol) == "WEEKDAY" else start
    url = HOME + quote(symbol, safe="=")
    return Request(NAME, f"{symbol}.json", url, first, end - ONE_DAY, params=query)
