"""Sandbox renderer of the Stock Connect daily file, in the publisher's own JavaScript wrapper.

Southbound figures are the market's. The market has no northbound side: its turnover is drawn here
from the session and the channel, so that a reader of southbound finds its usual neighbours.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from email.utils import format_datetime
from random import Random
from typing import Any

from orchestration.calendar import HONG_KONG, is_session
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sources.base import Request
from orchestration.sources.hkex_stock_connect import requests

HOSTS = ("www.hkex.com.hk",)
FILE_PATH = re.compile(r"/eng/csm/DailyStat/data_tab_daily_(\d{8})e\.js", re.ASCII)
CONNECT_START = dt.date(2014, 11, 17)
SZSE_START = dt.date(2016, 12, 5)
ETF_START = dt.date(2022, 7, 4)
NORTHBOUND_SIDES_END = dt.date(2024, 8, 19)
"""First session for which the publisher gives northbound turnover without buy and sell."""
CHANNELS = ("SSE", "SZSE")
TOP10_SOUTHBOUND = (
    "Rank",
    "Stock Code",
    "Stock Name",
    "Buy Turnover",
    "Sell Turnover",
    "Total Turnover",
)
TOP10_NORTHBOUND = ("Rank", "Stock Code", "Stock Name", "Total Turnover")
MAINLAND_SHARES = {
    "SSE": (("600519", "KWEICHOW MOUTAI CO., LTD."), ("601318", "PING AN INSURANCE")),
    "SZSE": (("300750", "CONTEMPORARY AMPEREX"), ("000858", "WULIANGYE YIBIN CO., LTD.")),
}
BALANCE_ABOVE_THRESHOLD = "999,999,999"
DASH = "-"
NOT_FOUND = (
    b"<!DOCTYPE html>\r\n<html><head><title>404 Not Found</title></head>"
    b"<body><h1>Page Not Found</h1></body></html>\r\n"
)


def render(market: Market, request: Request) -> Answer:
    """Return the daily file of a Hong Kong session, or a 404 page for any other day.

    On a session without Connect trading southbound is printed as zero and northbound as dashes.
    """
    day = request.first_session
    if day < CONNECT_START or not is_session("XHKG", day):
        return Answer(404, NOT_FOUND, {"content-type": "text/html"})
    blocks = []
    for number, channel in enumerate(CHANNELS):
        if channel == "SSE" or day >= SZSE_START:
            blocks.append(_block(2 * number, day, channel, "Northbound", _northbound(day, channel)))
            southbound = _southbound(market, day, channel)
            blocks.append(_block(2 * number + 1, day, channel, "Southbound", southbound))
    text = json.dumps(blocks, separators=(",", ":"), ensure_ascii=False)
    headers = {
        "content-type": "application/x-javascript; charset=utf-8",
        "last-modified": _last_modified(day),
    }
    return Answer(200, f"tabData = {text};\n".encode(), headers)


def _last_modified(day: dt.date) -> str:
    seconds = Random(f"published {day}").randrange(5 * 60)
    local = dt.datetime.combine(day, dt.time(17, 27), tzinfo=HONG_KONG)
    moment = local + dt.timedelta(seconds=seconds)
    return format_datetime(moment.astimezone(dt.UTC), usegmt=True)


def _block(
    number: int, day: dt.date, channel: str, direction: str, content: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": number,
        "date": day.isoformat(),
        "market": f"{channel} {direction}",
        "tradingDay": int(is_session("CONNECT", day)),
        "content": content,
    }


def _content(totals: dict[str, str], columns: tuple[str, ...], top: list[list[str]]) -> list[Any]:
    trading = {
        "classname": "tradingTable",
        "schema": [list(totals)],
        "tr": [{"td": [[text]]} for text in totals.values()],
    }
    unfilled = [[DASH] * len(columns)] * (10 - len(top))
    ranking = {
        "classname": "top10Table",
        "schema": [list(columns)],
        "tr": [{"td": [row]} for row in top + unfilled],
    }
    return [{"style": 1, "table": trading}, {"style": 2, "table": ranking}]


def _southbound(market: Market, day: dt.date, channel: str) -> list[Any]:
    found = market.connect_totals(day, channel)
    money = (found.total_hkd_mn, found.buy_hkd_mn, found.sell_hkd_mn) if found else (Decimal(),) * 3
    trades = (found.total_trades, found.buy_trades, found.sell_trades) if found else (0,) * 3
    sides = ("Total", "Buy", "Sell")
    totals = {
        f"{side} Turnover": f"{amount:,.2f}" for side, amount in zip(sides, money, strict=True)
    }
    totals |= {f"{side} Trade Count": f"{n:,}" for side, n in zip(sides, trades, strict=True)}
    if day >= ETF_START:
        totals["ETF Turnover"] = f"{found.etf_hkd_mn if found else Decimal():,.2f}"
    top = [
        [str(rank), trade.code, trade.name]
        + [f"{n:,}" for n in (trade.buy_hkd, trade.sell_hkd, trade.buy_hkd + trade.sell_hkd)]
        for rank, trade in enumerate(market.connect_trades(day, channel)[:10], start=1)
    ]
    return _content(totals, TOP10_SOUTHBOUND, top)


def _northbound(day: dt.date, channel: str) -> list[Any]:
    has_sides = day < NORTHBOUND_SIDES_END
    sides = ("Total", "Buy", "Sell") if has_sides else ("Total",)
    columns = TOP10_SOUTHBOUND if has_sides else TOP10_NORTHBOUND
    names = [f"{side} Turnover" for side in sides] + [f"{side} Trade Count" for side in sides]
    names += ["DQB"] + (["ETF Turnover"] if day >= ETF_START else [])
    if not is_session("CONNECT", day):
        return _content(dict.fromkeys(names, DASH), columns, [])
    draw = Random(f"northbound {day} {channel}")
    values = _sides(draw.randrange(40_000, 120_000) * 100, draw, has_sides)
    texts = [f"{value / 100:,.2f}" for value in values]
    texts += [f"{n:,}" for n in _sides(draw.randrange(2_000_000, 6_000_000), draw, has_sides)]
    texts += [BALANCE_ABOVE_THRESHOLD, f"{values[0] / 5_000:,.2f}"]
    top = []
    for rank, (code, name) in enumerate(MAINLAND_SHARES[channel], start=1):
        amounts = _sides(draw.randrange(10**9, 2 * 10**9) // rank, draw, has_sides)
        ordered = [*amounts[1:], amounts[0]]
        top.append([str(rank), code, name, *(f"{amount:,}" for amount in ordered)])
    return _content(dict(zip(names, texts, strict=False)), columns, top)


def _sides(total: int, draw: Random, has_sides: bool) -> list[int]:
    """Return the total, and buy and sell that add up to it where the publisher still gave them."""
    buy = total * draw.randrange(45, 55) // 100
    return [total, buy, total - buy] if has_sides else [total]


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    asked = FILE_PATH.fullmatch(path)
    if method != "GET" or asked is None:
        return None
    try:
        day = dt.datetime.strptime(asked[1], "%Y%m%d").date()
    except ValueError:
        return None
    return requests([day])[0]
