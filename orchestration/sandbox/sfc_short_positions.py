"""Sandbox renderer of the SFC's weekly short positions: one CSV per last session of a week.

Positions are a slow, mean-reverting share of the issued shares; a suspended security has no value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from urllib.parse import urlsplit

import numpy as np

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sandbox.randomness import Floats, mean_reverting, noise, stream
from orchestration.sandbox.share_counts import issued_shares
from orchestration.sandbox.timeline import FIRST_DAY
from orchestration.sources.base import Request
from orchestration.sources.sfc_short_positions import COLUMNS, NAME, NO_VALUE, URL

HOSTS = ("www.sfc.hk",)
PATH = re.compile(
    r"/-/media/EN/pdf/spr/([0-9]{4})/([0-9]{2})/([0-9]{2})/"
    r"Short_Position_Reporting_Aggregated_Data_([0-9]{8})\.csv",
    re.ASCII,
)
SMALLEST, LARGEST = 0.001, 0.15
"""Bounds of a position as a ratio of the issued shares."""
NO_FILE = Answer(
    200,
    b"<!DOCTYPE html>\r\n<html><head><title>Securities and Futures Commission</title></head>"
    b"<body><h1>Page not found</h1></body></html>\r\n",
    {"content-type": "text/html; charset=utf-8"},
)


def render(market: Market, request: Request) -> Answer:
    """Return the file of a reporting date; a page of HTML with status 200 for any other day."""
    asked = PATH.fullmatch(urlsplit(request.url).path)
    day = request.first_session
    if not asked or asked[4] != f"{day:%Y%m%d}" or not calendar.is_session("XHKG_WEEK_END", day):
        return NO_FILE
    quotes = {quote.code: quote for quote in market.quotes(day)}
    if not quotes:
        return NO_FILE
    ratios = _ratios(market)[_week(day)]
    lines = [",".join(COLUMNS)]
    for item, ratio in sorted(zip(market.listings, ratios, strict=True), key=lambda x: x[0].code):
        shares = int(issued_shares(market, item, day) * ratio)
        quote = quotes[item.code]
        value = (shares * quote.close).quantize(Decimal(1), ROUND_HALF_UP)
        printed = NO_VALUE if quote.is_suspended else str(value)
        name = item.name.replace(",", " ")
        lines.append(f"{day:%d/%m/%Y},{int(item.code)},{name},{shares},{printed}")
    return Answer(200, "\n".join([*lines, ""]).encode(), {"content-type": "text/csv"})


def _week(day: dt.date) -> int:
    return (day - FIRST_DAY).days // 7


@lru_cache(maxsize=2)
def _ratios(market: Market) -> Floats:
    """Return positions over issued shares, of shape (weeks, listings)."""
    codes = [item.code for item in market.listings]
    weeks = _week(calendar.all_sessions("XHKG")[-1]) + 1
    usual = [0.005 + 0.03 * stream(market.seed, "short stake", code).random() for code in codes]
    swings = mean_reverting(0.1 * noise(market.seed, "short position", codes, weeks, 1)[0], 0.93)
    return np.clip(np.array(usual) * np.exp(swings), SMALLEST, LARGEST)


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    asked = PATH.fullmatch(path)
    if method != "GET" or not asked or "".join(asked.groups()[:3]) != asked[4]:
        return None
    try:
        day = dt.date(*(int(part) for part in asked.groups()[:3]))
    except ValueError:
        return None
    return Request(NAME, f"{day}.csv", URL.format(day=day), day, day, params=query)
