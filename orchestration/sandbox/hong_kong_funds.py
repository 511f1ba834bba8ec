"""Units in issue and net asset value of the sandbox's Hong Kong fund, at every session.

Units come and go in creation units; the closing price strays a little from the value.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from orchestration import calendar
from orchestration.sandbox.market import Market
from orchestration.sandbox.randomness import mean_reverting, stream
from orchestration.sandbox.share_counts import quotes_by_code

CREATION_UNIT = 100_000
LARGEST_PREMIUM = 0.01


@dataclass(frozen=True)
class HongKongFundDay:
    """A fund at one session: single units, HKD a unit with four decimals."""

    units: int
    nav_hkd: float
    close_hkd: float


def hong_kong_fund_day(market: Market, code: str, day: dt.date) -> HongKongFundDay | None:
    """Return a fund at a Hong Kong session; None when closed, or where there is no such listing."""
    quote = quotes_by_code(market, day).get(code)
    position = _positions().get(day)
    if quote is None or position is None:
        return None
    size, premium = _states(market.seed, code)[position]
    issued = next(item.issued_shares for item in market.listings if item.code == code)
    units = int(np.rint(issued / CREATION_UNIT * np.exp(size))) * CREATION_UNIT
    premium = min(max(premium, -LARGEST_PREMIUM), LARGEST_PREMIUM)
    close = float(quote.close)
    return HongKongFundDay(units, round(close / (1 + premium), 4), close)


@lru_cache(maxsize=1)
def _positions() -> dict[dt.date, int]:
    days = [day for day in calendar.all_sessions("XHKG") if day >= calendar.CONNECT_START]
    return {day: position for position, day in enumerate(days)}


@lru_cache(maxsize=4)
def _states(seed: int, code: str) -> list[tuple[float, float]]:
    draws = stream(seed, "hong kong fund", code).standard_normal((len(_positions()), 2))
    states = mean_reverting(draws * (0.006, 0.0015), np.array([0.995, 0.5]))
    return [(float(size), float(premium)) for size, premium in states]
