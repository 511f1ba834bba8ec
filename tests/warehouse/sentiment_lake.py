"""An invented market of half a year in the lake's own rows, for tests of moods and of hindsight.

Seeded random walks with all that the sentiment marts have to step over: half days that the vendor
of index bars lacks, a split, an RMB counter, corrections of short sales, positions and yields
that are published late, Connect holidays. Nothing here is taken from code under test.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

import numpy as np

from orchestration import calendar
from tests.warehouse.lake_rows import (
    Lake,
    Row,
    bar,
    evening,
    quotation,
    row,
    short_sale,
    southbound,
)

CODES = ("00700", "00981", "01398", "01810", "03690", "09618", "09988", "09999")
FIRST, LAST = dt.date(2024, 9, 2), dt.date(2025, 2, 28)
SPLIT_CODE, SPLIT_DAY = "00981", dt.date(2024, 12, 12)
SESSIONS = calendar.sessions("XHKG", FIRST, LAST)
HALF_DAYS = calendar.half_days("XHKG")


@cache
def market() -> Lake:
    """Return the lake's rows; the same on every call."""
    draw = np.random.default_rng(14)
    tables: Lake = {"quotations": [], "short_selling": [], "daily_bars": []}
    for code in CODES:
        _add_security(tables, draw, code)
    for symbol in ("HSTECH.HK", "^HSI"):
        _add_index(tables, draw, symbol)
    _add_rates(tables, draw)
    _add_southbound(tables, draw)
    _add_positions(tables, draw)
    tables["corporate_actions"] = [
        row(
            "corporate_actions",
            SPLIT_DAY,
            symbol="0981.HK",
            action_type="split",
            currency="HKD",
            split_ratio=2.0,
            known_at=evening(SPLIT_DAY),
        )
    ]
    return tables


def walk(draw: np.random.Generator, start: float) -> np.ndarray:
    """Return one price a session: a random walk in logarithms."""
    return start * np.exp(np.cumsum(draw.normal(0.0005, 0.02, len(SESSIONS))))


def _add_security(tables: Lake, draw: np.random.Generator, code: str) -> None:
    prices = walk(draw, float(draw.uniform(20, 400)))
    for number, day in enumerate(SESSIONS):
        is_split = code == SPLIT_CODE and day >= SPLIT_DAY
        price = f"{prices[number] / (2 if is_split else 1):.3f}"
        thinness = 0.5 if day in HALF_DAYS else 1.0
        shares = int(draw.integers(100_000, 900_000) * thinness * (2 if is_split else 1))
        turnover = int(Decimal(price) * shares)
        tables["quotations"].append(quotation(day, code, price, shares, turnover_amount=turnover))
        part = float(draw.uniform(0.05, 0.25))
        tables["short_selling"].append(
            short_sale(day, code, int(shares * part), int(turnover * part))
        )
        is_corrected = number % 9 == 4 and number + 1 < len(SESSIONS)
        if is_corrected:
            later = evening(SESSIONS[number + 1])
            tables["short_selling"].append(
                short_sale(
                    day,
                    code,
                    int(shares * part * 0.8),
                    int(turnover * part * 0.8),
                    is_adjustment=True,
                    published_at=later,
                    known_at=later,
                )
            )
        if code == "00700":
            rmb = quotation(day, "80700", f"{float(price) / 1.08:.3f}", 900)
            tables["quotations"].append(rmb)


def _add_index(tables: Lake, draw: np.random.Generator, symbol: str) -> None:
    valuations = tables.setdefault("index_valuations", [])
    for level, day in zip(walk(draw, 5000.0), SESSIONS, strict=True):
        close = None if day in HALF_DAYS else float(level)
        tables["daily_bars"].append(bar(day, symbol, close, exchange_calendar="XHKG"))
        figures = {"index_symbol": symbol, "index_name": "Index", "currency": "HKD"}
        levels = dict.fromkeys(("close_level", "high_level", "low_level"), float(level))
        changes = {"point_change": 0.0, "change_pct": 0.0, "dividend_yield_pct": 2.0}
        ratio = {"pe_ratio": float(level) / 500, "index_turnover_mn": 1000.0}
        printed = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0), tzinfo=dt.UTC)
        known = {"published_at": printed, "known_at": printed}
        valuations.append(
            row("index_valuations", day, **figures, **levels, **changes, **ratio, **known)
        )


def _add_rates(tables: Lake, draw: np.random.Generator) -> None:
    weekdays = calendar.sessions("WEEKDAY", FIRST - dt.timedelta(days=7), LAST)
    rates = tables.setdefault("reference_rates", [])
    for number, day in enumerate(weekdays):
        known = evening(day + dt.timedelta(days=2 + number % 3))
        rates.append(
            row(
                "reference_rates",
                day,
                source="fred",
                series="US_10Y",
                publisher_series="DGS10",
                unit="percent",
                rate_value=4.0 + float(draw.normal(0, 0.1)),
                published_at=known,
                known_at=known,
            )
        )
        tables["daily_bars"].append(bar(day, "CNYHKD=X", 1.08))


def _add_southbound(tables: Lake, draw: np.random.Generator) -> None:
    tables["southbound_daily"] = [
        southbound(day, channel, str(draw.integers(5000, 30_000)), str(draw.integers(5000, 30_000)))
        for day in calendar.sessions("CONNECT", FIRST, LAST)
        for channel in ("SSE", "SZSE")
    ]


def _add_positions(tables: Lake, draw: np.random.Generator) -> None:
    positions: list[Row] = []
    counts: list[Row] = []
    closes = {
        (each["trade_date"], each["security_code"]): float(each["close_price"])
        for each in tables["quotations"]
    }
    for day in calendar.sessions("XHKG_WEEK_END", FIRST, LAST):
        known = evening(day + dt.timedelta(days=7))
        for code in CODES[:-1]:
            shares = int(draw.integers(1_000_000, 9_000_000))
            is_split = code == SPLIT_CODE and day >= SPLIT_DAY
            positions.append(
                row(
                    "short_positions_weekly",
                    day,
                    security_code=code,
                    security_name="NAME",
                    short_position_shares=shares * (2 if is_split else 1),
                    short_position_hkd=shares * 100,
                    published_at=known,
                    known_at=known,
                )
            )
            issued = 1_000_000_000 * (2 if is_split else 1)
            counts.append(
                row(
                    "security_valuations",
                    day,
                    security_code=code,
                    currency="HKD",
                    close_price=closes[day, code],
                    shares_in_issue=issued,
                    market_cap_hkd_mn=issued * closes[day, code] / 1_000_000,
                    evidence_grade="vendor",
                )
            )
    tables["short_positions_weekly"] = positions
    tables["security_valuations"] = counts
