"""What moves the whole sandbox: world-wide equity factors, exchange rates, US interest rates.

Everything lives on the axis of weekdays. Levels are arbitrary, except that USD/HKD keeps inside the
band that the currency board defends and the three rates agree with each other.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from orchestration.sandbox.randomness import Floats, mean_reverting, stream
from orchestration.sandbox.timeline import Axis, Timeline

RATE_SERIES = ("DEXHKUS", "DEXCHUS", "DFEDTARU", "DGS10")
FX_SYMBOLS = ("HKD=X", "CNY=X", "CNYHKD=X")
BAND = (7.75, 7.85)
"""HKD per USD, strong and weak side."""
_PERSISTENCE = np.array([0.99, 0.998, 0.995, 0.998, 0.97])
_SHOCKS = np.array([0.12, 0.04, 0.06, 0.02, 0.1])
_MEETING_EVERY = 30
"""Weekdays between two decisions on the policy rate."""


class Macro:
    """Factors and rates, one value per weekday.

    `market` and `tech` are cumulative log returns. `fx` maps a symbol to its (days, 4) open, high,
    low and close. `policy_rate` and `ten_year` are in percent.
    """

    def __init__(self, seed: int, timeline: Timeline) -> None:
        count = len(timeline.weekdays)
        draws = stream(seed, "macro").standard_normal((count, 16))
        states = mean_reverting(draws[:, :5] * _SHOCKS, _PERSISTENCE)
        volatility = np.exp(states[:, 4])
        self.market = np.cumsum(0.009 * volatility * draws[:, 5])
        self.tech = np.cumsum(0.010 * volatility * draws[:, 6])
        self.volatility = volatility
        self.fx = _exchange_rates(states, draws[:, 7:13])
        self.ten_year = np.round(3.0 + 1.5 * np.tanh(states[:, 2]), 2)
        target = 0.25 * np.rint(4 * (2.5 + 2.0 * np.tanh(states[:, 3])))
        meetings = np.arange(count) // _MEETING_EVERY * _MEETING_EVERY
        self.policy_rate = target[meetings]

    def rate(self, series: str, weekday: int) -> float:
        """Return one of `RATE_SERIES` at a position of the weekday axis."""
        values = {
            "DEXHKUS": self.fx["HKD=X"][:, 3],
            "DEXCHUS": self.fx["CNY=X"][:, 3],
            "DFEDTARU": self.policy_rate,
            "DGS10": self.ten_year,
        }
        return round(float(values[series][weekday]), 4)

    def returns(self, timeline: Timeline, axis: Axis) -> tuple[Floats, Floats, Floats]:
        """Return market and tech log returns of an exchange's sessions, and their volatility."""
        latest = timeline.weekdays.latest(axis)
        market = np.diff(self.market[latest], prepend=0.0)
        tech = np.diff(self.tech[latest], prepend=0.0)
        return market, tech, self.volatility[latest]


def _exchange_rates(states: Floats, draws: Floats) -> dict[str, Floats]:
    hkd = np.round(7.80 + 0.046 * np.tanh(states[:, 0]), 4)
    cny = np.round(6.9 + 0.5 * np.tanh(states[:, 1]), 4)
    # The quoted cross differs a little from the other two, as three separate markets do.
    cross = np.round(hkd / cny * (1 + 0.0003 * np.clip(draws[:, 0], -3, 3)), 4)
    wide = (0.0, np.inf)
    return {
        "HKD=X": _rate_bars(hkd, draws[:, 1:4], 0.0002, BAND),
        "CNY=X": _rate_bars(cny, draws[:, 2:5], 0.0008, wide),
        "CNYHKD=X": _rate_bars(cross, draws[:, 3:6], 0.0008, wide),
    }


def _rate_bars(close: Floats, draws: Floats, width: float, band: tuple[float, float]) -> Floats:
    previous = np.concatenate((close[:1], close[:-1]))
    opened = np.clip(np.round(previous * (1 + 0.3 * width * draws[:, 0]), 4), *band)
    top, bottom = np.maximum(opened, close), np.minimum(opened, close)
    high = np.clip(np.round(top * (1 + width * np.abs(draws[:, 1])), 4) + 0.0001, *band)
    low = np.clip(np.round(bottom * (1 - width * np.abs(draws[:, 2])), 4) - 0.0001, *band)
    sides = np.column_stack((opened, high, low, close))
    return np.round(sides, 4).astype(np.float64)


def is_federal_holiday(day: dt.date) -> bool:
    """Return whether the Federal Reserve rests on a day on which New York stocks trade."""
    columbus = day.month == 10 and day.weekday() == 0 and 8 <= day.day <= 14
    veterans = day.month == 11 and (
        (day.day == 11 and day.weekday() < 5) or (day.day == 12 and day.weekday() == 0)
    )
    return columbus or veterans
