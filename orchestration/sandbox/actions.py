"""Scheduled events of the sandbox: one share split, one suspended session, yearly dividends.

Dates and dividend yields come from the seed alone; cash amounts need prices and are worked out by
`cash_dividends` once the paths exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.sandbox.listings import Listing
from orchestration.sandbox.randomness import Floats, stream
from orchestration.sandbox.records import Dividend, Split
from orchestration.sandbox.timeline import Axis, Timeline

SPLIT_WINDOW = (dt.date(2024, 3, 1), dt.date(2024, 8, 30))
SUSPENSION_WINDOW = (dt.date(2024, 9, 16), dt.date(2024, 12, 13))
"""The split and the suspended session fall in windows that do not meet."""
SPLIT_RATIO = 5
PAYER_SHARE = 0.6


@dataclass(frozen=True)
class Payout:
    """A dividend of one security: position of its ex-date, and yield on the close before."""

    position: int
    dividend_yield: float


class Schedule:
    """Which events happen when, for one seed and one list of securities."""

    def __init__(self, seed: int, listings: Sequence[Listing], timeline: Timeline) -> None:
        self.splits: dict[str, Split] = {}
        self.suspensions: dict[str, dt.date] = {}
        axis = timeline.hong_kong
        stocks = sorted(listing.code for listing in listings if listing.kind == "stock")
        if stocks:
            draw = stream(seed, "schedule")
            order = draw.permutation(len(stocks))
            ex_date = _session_in(axis, SPLIT_WINDOW, float(draw.random()))
            suspended = _session_in(axis, SUSPENSION_WINDOW, float(draw.random()))
            if ex_date:
                self.splits[stocks[order[0]]] = Split(ex_date, SPLIT_RATIO, 1)
            if suspended:
                self.suspensions[stocks[order[-1]]] = suspended
        self.payouts = {
            item.code: yearly_payouts(seed, item.code, item.kind, axis) for item in listings
        }

    def share_factor(self, code: str, axis: Axis) -> Floats:
        """Return how many of today's shares one share of each session has become."""
        factor = np.ones(len(axis))
        split = self.splits.get(code)
        if split:
            factor[: axis.on_or_after(split.ex_date)] = split.numerator / split.denominator
        return factor


def _session_in(axis: Axis, window: tuple[dt.date, dt.date], fraction: float) -> dt.date | None:
    positions = axis.span(*window)
    return axis.days[positions[int(fraction * len(positions))]] if len(positions) else None


def yearly_payouts(seed: int, name: str, kind: str, axis: Axis) -> tuple[Payout, ...]:
    """Return the yearly dividends of a security: none for some stocks, one a year for the rest.

    Stocks pay between March and September, funds (`etf`) in December.
    """
    draw = stream(seed, "payout", name)
    pays = kind == "etf" or draw.random() < PAYER_SHARE
    usual_yield = 0.005 + 0.025 * draw.random()
    month = 12 if kind == "etf" else 3 + int(7 * draw.random())
    day_of_month = 1 + int(20 * draw.random())
    if not pays:
        return ()
    payouts = []
    for year in range(axis.days[0].year, axis.days[-1].year + 1):
        this_yield = usual_yield * (0.7 + 0.6 * draw.random())
        position = axis.on_or_after(dt.date(year, month, day_of_month))
        if 0 < position < len(axis):
            payouts.append(Payout(position, this_yield))
    return tuple(payouts)


def ex_dividend_returns(payouts: Sequence[Payout], count: int) -> Floats:
    """Return the log return that each session loses by going ex-dividend."""
    returns = np.zeros(count)
    for payout in payouts:
        returns[payout.position] = np.log1p(-payout.dividend_yield)
    return returns


def cash_dividends(payouts: Sequence[Payout], closes: Floats, axis: Axis) -> list[Dividend]:
    """Return the dividends in cash, on split-adjusted closes, rounded to a tenth of a cent."""
    return [
        Dividend(
            axis.days[payout.position],
            max(0.001, round(float(closes[payout.position - 1]) * payout.dividend_yield, 3)),
        )
        for payout in payouts
    ]


def dividend_factor(
    dividends: Sequence[Dividend], closes: Floats, axis: Axis, as_of: dt.date
) -> Floats:
    """Return adjusted close / close of each session, with the dividends gone ex by a day."""
    factor = np.ones(len(axis))
    for dividend in dividends:
        if dividend.ex_date <= as_of:
            position = axis.position[dividend.ex_date]
            factor[:position] *= 1.0 - dividend.amount / closes[position - 1]
    return factor
