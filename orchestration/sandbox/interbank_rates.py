"""Hong Kong interbank rates and the base rate of the sandbox, in percent, at every session.

HIBOR strays from the US policy rate for months, longer terms less; the base rate is the lower end
of the US target range plus half a percent point, a session later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from orchestration import calendar
from orchestration.sandbox.market import Market
from orchestration.sandbox.randomness import Floats, mean_reverting, stream

TERMS = ("overnight", "1w", "1m", "3m", "6m", "9m", "12m")
TERM_SPREADS = (-0.9, -0.8, -0.6, -0.35, -0.25, -0.2, -0.15)
LOWEST_RATE = 0.01
BASE_OVER_UPPER_END = 0.25
"""The target range is a quarter wide: half a point over its lower end."""
LONGEST_HOLIDAY = dt.timedelta(days=10)


@dataclass(frozen=True)
class InterbankDay:
    """One session's HIBOR fixings by term, the base rate, and the closing balance in HKD mn."""

    hibor: dict[str, float]
    base_rate: float
    closing_balance_hkd_mn: int


def interbank_day(market: Market, day: dt.date) -> InterbankDay | None:
    """Return the rates of a Hong Kong session; None when closed or before the market begins."""
    position = _positions().get(day)
    if position is None:
        return None
    policy = _policy_rate(market, day)
    state = _states(market.seed)[position]
    hibor = {
        term: round(max(policy + spread + 0.5 * state[0] + wobble, LOWEST_RATE), 5)
        for term, spread, wobble in zip(TERMS, TERM_SPREADS, 0.05 * state[1:8], strict=True)
    }
    balance = round(45_000 + 8_000 * float(np.tanh(state[8])))
    return InterbankDay(hibor, policy + BASE_OVER_UPPER_END, balance)


def _policy_rate(market: Market, day: dt.date) -> float:
    """Return the upper end of the US target range as it was known on a Hong Kong day."""
    for past in reversed(calendar.sessions("XNYS", day - LONGEST_HOLIDAY, day)):
        rate = market.rate("DFEDTARU", past) if past < day else None
        if rate is not None:
            return rate
    first = next(iter(calendar.sessions("XNYS", day, day + LONGEST_HOLIDAY)))
    return market.rate("DFEDTARU", first) or 0.0


@lru_cache(maxsize=1)
def _positions() -> dict[dt.date, int]:
    days = [day for day in calendar.all_sessions("XHKG") if day >= calendar.CONNECT_START]
    return {day: position for position, day in enumerate(days)}


@lru_cache(maxsize=2)
def _states(seed: int) -> Floats:
    draws = stream(seed, "interbank").standard_normal((len(_positions()), 9))
    shocks = draws * np.array([0.06, *[0.3] * 7, 0.05])
    return mean_reverting(shocks, np.array([0.99, *[0.6] * 7, 0.995]))
