"""Levels and multiples of the sandbox's indices at every Hong Kong session, half days among them.

The market shows an index as a vendor does, without half days; there the level follows from the
capitalisation of the members, as on every other day. Earnings move once a month, so that between
two changes the price-earnings ratio and the dividend yield follow the level alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

from orchestration import calendar
from orchestration.sandbox.listings import BROAD_INDEX, TECH_INDEX, Listing
from orchestration.sandbox.market import Bar, Market
from orchestration.sandbox.share_counts import issued_shares, quotes_by_code

CHINA_INDEX = "^HSCE"
"""A mixture of the other two: the market has no members for it."""
BROAD_WEIGHT, CHINA_SCALE = 0.7, 0.6
MEMBER_RANGE = 0.6
"""Members do not all peak in the same minute: the index goes only part of the way."""
LONG_RUN_PE = {BROAD_INDEX: 11.0, CHINA_INDEX: 9.5, TECH_INDEX: 24.0}
PAYOUT_RATIO = {BROAD_INDEX: 0.42, CHINA_INDEX: 0.36, TECH_INDEX: 0.2}
EARNINGS_MONTHS = 24


@dataclass(frozen=True)
class IndexDay:
    """An index at one session: points with two decimals, multiples, members' turnover in HKD mn."""

    high: float
    low: float
    close: float
    previous_close: float
    pe_ratio: float
    dividend_yield_pct: float
    turnover_hkd_mn: float


def index_day(market: Market, symbol: str, day: dt.date) -> IndexDay | None:
    """Return an index at a session; None when Hong Kong is closed or the market has not begun."""
    if not quotes_by_code(market, day):
        return None
    high, low, close = _sides(market, symbol, day)
    before = calendar.previous_session("XHKG", day)
    previous = _sides(market, symbol, before)[2] if quotes_by_code(market, before) else close
    pe_ratio = close / _earnings(market, symbol, day.replace(day=1))
    quotes = quotes_by_code(market, day)
    turnover = sum(quotes[item.code].turnover for item in _members(market, symbol))
    return IndexDay(
        high=high,
        low=low,
        close=close,
        previous_close=previous,
        pe_ratio=round(pe_ratio, 2),
        dividend_yield_pct=round(100 * PAYOUT_RATIO[symbol] / pe_ratio, 2),
        turnover_hkd_mn=round(turnover / 1e6, 2),
    )


def _members(market: Market, symbol: str) -> list[Listing]:
    stocks = [item for item in market.listings if item.kind == "stock"]
    return [item for item in stocks if item.is_hstech or symbol != TECH_INDEX]


def _sides(market: Market, symbol: str, day: dt.date) -> tuple[float, float, float]:
    """Return high, low and close of a session."""
    if symbol == CHINA_INDEX:
        broad, tech = (_sides(market, name, day) for name in (BROAD_INDEX, TECH_INDEX))
        mixed = [
            CHINA_SCALE * b**BROAD_WEIGHT * t ** (1 - BROAD_WEIGHT)
            for b, t in zip(broad, tech, strict=True)
        ]
        return round(mixed[0], 2), round(mixed[1], 2), round(mixed[2], 2)
    if day not in calendar.half_days("XHKG"):
        bar = _bars(market, symbol)[day]
        assert bar.high is not None and bar.low is not None and bar.close is not None
        return bar.high, bar.low, bar.close
    before = calendar.previous_session("XHKG", day)
    points = _sides(market, symbol, before)[2] / _capital(market, symbol, before)["close"]
    value = {side: points * held for side, held in _capital(market, symbol, day).items()}
    top, bottom = max(value["open"], value["close"]), min(value["open"], value["close"])
    high = top + MEMBER_RANGE * (value["high"] - top)
    low = bottom - MEMBER_RANGE * (bottom - value["low"])
    return round(high, 2), round(low, 2), round(value["close"], 2)


def _capital(market: Market, symbol: str, day: dt.date) -> dict[str, float]:
    """Return the members' capitalisation in HKD at open, high, low and close."""
    quotes = quotes_by_code(market, day)
    members = [
        (quotes[item.code], issued_shares(market, item, day)) for item in _members(market, symbol)
    ]
    return {
        side: sum(float(getattr(quote, side)) * shares for quote, shares in members)
        for side in ("open", "high", "low", "close")
    }


@lru_cache(maxsize=8)
def _bars(market: Market, symbol: str) -> dict[dt.date, Bar]:
    days = calendar.all_sessions("XHKG")
    return {bar.day: bar for bar in market.bars(symbol, calendar.CONNECT_START, days[-1])}


@lru_cache(maxsize=256)
def _earnings(market: Market, symbol: str, month: dt.date) -> float:
    """Return a year's earnings per point: what the past two years' levels earn in the long run.

    A market younger than a month earns what its first session's level would.
    """
    full_days = [day for day in _bars(market, BROAD_INDEX) if day not in calendar.half_days("XHKG")]
    first_of_month = {(day.year, day.month): day for day in reversed(full_days)}
    past = [day for day in sorted(first_of_month.values()) if day < month][-EARNINGS_MONTHS:]
    levels = [_sides(market, symbol, day)[2] for day in past or full_days[:1]]
    return fmean(levels) / LONG_RUN_PE[symbol]
