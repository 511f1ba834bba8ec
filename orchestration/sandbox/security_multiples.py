"""Earnings and book value per share of the sandbox's stocks: a constant for each calendar year.

Each stock earns what its average price of the year before is worth at its own long-run multiple;
some earn nothing. Everything is per share of today and follows from the market's seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

from orchestration import calendar
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.market import Market
from orchestration.sandbox.randomness import stream

LOWEST_PE, PE_SPREAD = 7.0, 30.0
LOWEST_PB, PB_SPREAD = 0.6, 4.5
LOSS_SHARE = 0.15
"""How often a stock's year ends in a loss."""


@dataclass(frozen=True)
class PerShare:
    """What a share of today earned last year and what it is worth in the books, in HKD."""

    earnings: float
    book_value: float


@lru_cache(maxsize=4096)
def per_share(market: Market, listing: Listing, year: int) -> PerShare:
    """Return a stock's figures that count during a calendar year; earnings of 0 stand for a loss.

    Before the market's second year its first prices stand in for the year before.
    """
    draws = stream(market.seed, "multiples", listing.code).random(2)
    is_loss = stream(market.seed, "loss", listing.code, str(year)).random() < LOSS_SHARE
    price = _average_price(market, listing, year - 1)
    earnings = 0.0 if is_loss else price / (LOWEST_PE + PE_SPREAD * draws[0])
    return PerShare(earnings, price / (LOWEST_PB + PB_SPREAD * draws[1]))


def _average_price(market: Market, listing: Listing, year: int) -> float:
    days = [day for day in calendar.all_sessions("XHKG") if day >= calendar.CONNECT_START]
    of_year = [day for day in days if day.year == year] or days[:20]
    bars = market.bars(listing.symbol, of_year[0], of_year[-1])
    return fmean(bar.close for bar in bars if bar.close)
