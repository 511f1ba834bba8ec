"""Sandbox renderer of Eastmoney's data center: southbound totals and holdings as paged JSON.

Here live the envelope, the filters and the paging. The records are `vendor_records`' affair.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sandbox.vendor_records import daily_records, holding_records
from orchestration.sources._eastmoney import API, PAGE_SIZE
from orchestration.sources.base import Request
from orchestration.sources.eastmoney_southbound import (
    CHANNELS,
    DAILY_REPORT,
    DATE,
    HOLDINGS_REPORT,
    NAME,
)

HOSTS = (urlsplit(API).netloc,)
PATHS = ("/api/data/v1/get", "/web/api/data/v1/get")
CONDITION = re.compile(r"\(([A-Z_]+)(=|>=|<=)[\"']?([^\"'()]*)[\"']?\)")
HEADERS = {"content-type": "text/plain;charset=UTF-8"}
NOTHING_FOUND = (9201, "返回数据为空")
NO_SUCH_REPORT = (9501, "报表配置不存在")
WRONG_PARAMETER = (9001, "参数错误")


def render(market: Market, request: Request) -> Answer:
    """Return one page of a report; JSONP where a callback is named.

    Whatever is not understood is refused as the vendor does it: status 200 and a null result.
    """
    params = request.params
    callback = params.get("callback", "")
    if params.get("reportName") not in (DAILY_REPORT, HOLDINGS_REPORT):
        return _refusal(*NO_SUCH_REPORT, callback)
    try:
        page, size = int(params.get("pageNumber", "1")), int(params.get("pageSize", "500"))
        found = _found(market, params["reportName"], params.get("filter", ""))
    except (KeyError, ValueError):
        return _refusal(*WRONG_PARAMETER, callback)
    size = min(max(size, 1), PAGE_SIZE)
    held = found[(page - 1) * size : page * size] if page > 0 else []
    if not held:
        return _refusal(*NOTHING_FOUND, callback)
    result = {"pages": -(-len(found) // size), "data": held, "count": len(found)}
    envelope = {"version": "0" * 32, "result": result, "success": True, "message": "ok", "code": 0}
    return _answer(envelope, callback)


def _refusal(code: int, message: str, callback: str) -> Answer:
    envelope = {"version": None, "result": None, "success": False, "message": message, "code": code}
    return _answer(envelope, callback)


def _answer(envelope: dict[str, Any], callback: str) -> Answer:
    text = json.dumps(envelope, separators=(",", ":"), ensure_ascii=False)
    return Answer(200, (f"{callback}({text});" if callback else text).encode(), HEADERS)


def _found(market: Market, report: str, filters: str) -> list[dict[str, Any]]:
    """Return a report's records after its filters, newest or largest first.

    Raises:
        KeyError: the filter names no MUTUAL_TYPE or dates.
        ValueError: a date is none.
    """
    asked = {(name, sign): value for name, sign, value in CONDITION.findall(filters)}
    kind = asked["MUTUAL_TYPE", "="]
    if kind not in CHANNELS:
        return []
    if report == HOLDINGS_REPORT:
        day = dt.date.fromisoformat(asked[DATE, "="])
        return [{"MUTUAL_TYPE": kind} | record for record in holding_records(market, day)]
    first, last = (dt.date.fromisoformat(asked[DATE, sign]) for sign in (">=", "<="))
    return [{"MUTUAL_TYPE": kind} | r for r in daily_records(market, CHANNELS[kind], first, last)]


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    if method != "GET" or path not in PATHS:
        return None
    asked = {
        (name, sign): value for name, sign, value in CONDITION.findall(query.get("filter", ""))
    }
    is_daily = query.get("reportName") == DAILY_REPORT
    bounds = (">=", "<=") if is_daily else ("=", "=")
    try:
        first, last = (dt.date.fromisoformat(asked[DATE, sign]) for sign in bounds)
    except (KeyError, ValueError):
        first = last = dt.date(1970, 1, 2)  # the vendor's own words for it are the renderer's
    page = query.get("pageNumber", "1")
    suffix = "" if page == "1" else f".p{page}"
    kind = asked.get(("MUTUAL_TYPE", "="), "")
    key = f"daily.{kind}{suffix}.json" if is_daily else f"holdings.{first}.json"
    return Request(NAME, key, API, first, last, params=query)
