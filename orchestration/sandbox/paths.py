"""Price paths of the HKD counters and the two indices: open, high, low and close per session.

Stocks follow a market factor, a tech factor and noise of their own, pulled gently back to their
start so that decades stay plausible. An index is the capitalisation of its members; a fund follows
its index. Prices are whole thousandths, on tick, as traded (before splits).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.sandbox.actions import Schedule, ex_dividend_returns
from orchestration.sandbox.listings import BROAD_INDEX, TECH_INDEX, TRACKED_INDEX, Listing
from orchestration.sandbox.macro import Macro
from orchestration.sandbox.randomness import Floats, mean_reverting, noise, stream, unit_interval
from orchestration.sandbox.ticks import Booleans, Integers, on_tick, tick_size
from orchestration.sandbox.timeline import Timeline

START_PRICES = (2, 3, 5, 8, 10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320)
"""Arbitrary start levels in HKD per share of today; the seed decides which."""
INDEX_BASE = {TECH_INDEX: 4000.0, BROAD_INDEX: 20000.0}
_PERSISTENCE = 0.9985
"""A pull with a half-life of about two years."""


@dataclass(frozen=True)
class Prices:
    """Prices as traded, in thousandths: arrays of shape (sessions, counters)."""

    open: Integers
    high: Integers
    low: Integers
    close: Integers


class PricePaths:
    """The HKD counters' prices in the order of the listings, and the indices' levels.

    `share_factor` is today's shares per share of the session; `is_traded` is false where suspended.
    `indices` maps a symbol to its (sessions, 4) open, high, low and close.
    """

    def __init__(
        self,
        seed: int,
        listings: Sequence[Listing],
        timeline: Timeline,
        macro: Macro,
        schedule: Schedule,
    ) -> None:
        axis = timeline.hong_kong
        stocks = [item for item in listings if item.kind == "stock"]
        self.share_factor = np.column_stack(
            [schedule.share_factor(item.code, axis) for item in listings]
        )
        self.is_traded = np.ones(self.share_factor.shape, dtype=bool)
        for code, day in schedule.suspensions.items():
            column = [item.code for item in listings].index(code)
            self.is_traded[axis.position[day], column] = False
        held = np.array([item.kind == "stock" for item in listings])
        draws = noise(seed, "price", [item.code for item in stocks], len(axis), 4)
        adjusted = _closes(seed, stocks, timeline, macro, schedule, draws[0])
        stock_prices = _stock_prices(
            adjusted, draws[1:], self.share_factor[:, held], self.is_traded[:, held]
        )
        self.indices = _indices(stocks, stock_prices, self.share_factor[:, held])
        columns: dict[str, Prices] = _by_code(stocks, stock_prices)
        for item in listings:
            if item.kind == "etf":
                columns[item.code] = _fund_prices(seed, item, self.indices)
        self.prices = Prices(
            *(
                np.column_stack([getattr(columns[item.code], side) for item in listings])
                for side in ("open", "high", "low", "close")
            )
        )


def _by_code(listings: Sequence[Listing], prices: Prices) -> dict[str, Prices]:
    return {
        item.code: Prices(
            prices.open[:, j], prices.high[:, j], prices.low[:, j], prices.close[:, j]
        )
        for j, item in enumerate(listings)
    }


def _closes(
    seed: int,
    stocks: Sequence[Listing],
    timeline: Timeline,
    macro: Macro,
    schedule: Schedule,
    draws: Floats,
) -> Floats:
    market, tech, volatility = macro.returns(timeline, timeline.hong_kong)
    traits = np.array([stream(seed, "trait", item.code).random(4) for item in stocks])
    traits = traits.reshape(len(stocks), 4)
    is_tech = np.array([item.is_hstech for item in stocks], dtype=float)
    shocks = (
        np.outer(market, 0.7 + 0.6 * traits[:, 0])
        + np.outer(tech, 0.1 + is_tech * (0.6 + 0.6 * traits[:, 1]))
        + volatility[:, None] * draws * (0.008 + 0.012 * traits[:, 2])
    )
    for column, item in enumerate(stocks):
        shocks[:, column] += ex_dividend_returns(schedule.payouts[item.code], len(shocks))
    return _start_prices(stocks, traits[:, 3]) * np.exp(mean_reverting(shocks, _PERSISTENCE))


def _start_prices(stocks: Sequence[Listing], draws: Floats) -> Floats:
    """Return round prices at which companies with more shares are larger, but not in proportion."""
    issued_bn = np.array([item.issued_shares for item in stocks]) / 1e9
    company_hkd = 1e11 * issued_bn**0.5 * np.exp(1.6 * (draws - 0.5))
    nearest = np.searchsorted(START_PRICES, company_hkd / (issued_bn * 1e9))
    return np.array(START_PRICES, dtype=float)[np.minimum(nearest, len(START_PRICES) - 1)]


def _stock_prices(
    adjusted: Floats, draws: Floats, share_factor: Floats, is_traded: Booleans
) -> Prices:
    for session, column in np.argwhere(~is_traded):
        adjusted[session, column] = adjusted[session - 1, column]
    previous = np.concatenate((adjusted[:1], adjusted[:-1]))
    width = 0.012
    opened = previous * (adjusted / previous) ** 0.4 * np.exp(0.5 * width * draws[0])
    high = np.maximum(opened, adjusted) * np.exp(width * 0.6 * np.abs(draws[1]))
    low = np.minimum(opened, adjusted) * np.exp(-width * 0.6 * np.abs(draws[2]))
    raw = [on_tick(path * share_factor) for path in (opened, high, low, adjusted)]
    prices = ordered(*raw)
    resting = ~is_traded
    for side in (prices.open, prices.high, prices.low):
        side[resting] = prices.close[resting]
    return prices


def ordered(opened: Integers, high: Integers, low: Integers, close: Integers) -> Prices:
    """Return prices with low <= open, close <= high and a range of one tick or more."""
    high = np.maximum(np.maximum(high, opened), close)
    low = np.minimum(np.minimum(low, opened), close)
    high = np.where(high == low, high + tick_size(high), high)
    return Prices(opened, high, low, close)


def _indices(stocks: Sequence[Listing], prices: Prices, factor: Floats) -> dict[str, Floats]:
    members = {
        BROAD_INDEX: np.ones(len(stocks), dtype=bool),
        TECH_INDEX: np.array([item.is_hstech for item in stocks], dtype=bool),
    }
    issued = np.array([float(item.issued_shares) for item in stocks])
    levels: dict[str, Floats] = {}
    for symbol, is_member in members.items():
        weights = (issued * is_member) if is_member.any() else issued
        opened, high, low, close = (
            (side / factor) @ weights
            for side in (prices.open, prices.high, prices.low, prices.close)
        )
        top, bottom = np.maximum(opened, close), np.minimum(opened, close)
        # Members do not all peak in the same minute: the index goes only part of the way.
        sides = (opened, top + 0.6 * (high - top), bottom - 0.6 * (bottom - low), close)
        levels[symbol] = np.round(np.column_stack(sides) / close[0] * INDEX_BASE[symbol], 2)
    return levels


def _fund_prices(seed: int, listing: Listing, indices: dict[str, Floats]) -> Prices:
    level = indices[TRACKED_INDEX.get(listing.sector, BROAD_INDEX)]
    draw = stream(seed, "tracking", listing.code)
    unit = (10, 15, 20)[int(3 * draw.random())] / level[0, 3]
    error = 1 + 0.002 * (unit_interval(draw.standard_normal(len(level))) - 0.5)
    paths = [on_tick(level[:, side] * unit * error) for side in range(4)]
    return ordered(*paths)
