"""How many shares of a sandbox security there are: issued, and held by mainland investors.

Holdings add up the southbound net buying of `Market.connect_trades`, settled two sessions later;
they start from an invented stake on one day and are worked out from it forwards and backwards, as
far as asked. No renderer logic here.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from math import prod

import numpy as np

from orchestration import calendar
from orchestration.sandbox.flows import CHANNELS, ETF_START
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.market import Market
from orchestration.sandbox.randomness import stream
from orchestration.sandbox.records import SessionQuote, Split
from orchestration.sandbox.ticks import Integers
from orchestration.sources.hkex_ccass_southbound import SETTLEMENT_SESSIONS

STAKE_DAY = dt.date(2023, 12, 29)
"""On this holding date the stakes are what the seed says; far within the sandbox's years."""
SMALLEST_STAKE, LARGEST_STAKE = 0.2, 0.4
"""As ratios of issued shares: wide enough of 0 and 1 for a decade of flows either way."""


def share_factor(market: Market, listing: Listing, day: dt.date) -> int:
    """Return how many of today's shares one share of a day has become."""
    splits = _splits(market).get(listing.code, ())
    return prod(split.numerator // split.denominator for split in splits if day < split.ex_date)


@lru_cache(maxsize=2)
def _splits(market: Market) -> dict[str, list[Split]]:
    splits = {item.code: market.splits(item.symbol) for item in market.listings}
    return {code: found for code, found in splits.items() if found}


def issued_shares(market: Market, listing: Listing, day: dt.date) -> int:
    """Return the issued shares of a security, as counted on a day."""
    return listing.issued_shares // share_factor(market, listing, day)


@lru_cache(maxsize=32)
def quotes_by_code(market: Market, day: dt.date) -> dict[str, SessionQuote]:
    """Return the quotes of a session by code, empty when Hong Kong is closed."""
    return {quote.code: quote for quote in market.quotes(day)}


class Holdings:
    """Shares held through southbound at the end of each Hong Kong session, in today's shares."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._listings = [item for item in market.listings if item.is_southbound]
        self._days = calendar.all_sessions("XHKG")
        self._position = {day: index for index, day in enumerate(self._days)}
        self._first = self._last = self._position[STAKE_DAY]
        self._held = {self._first: self._stakes()}

    def _stakes(self) -> Integers:
        """Return the starting stakes: whole shares before every split, too."""
        stakes = []
        for item in self._listings:
            draw = stream(self._market.seed, "southbound stake", item.code).random()
            ratio = SMALLEST_STAKE + (LARGEST_STAKE - SMALLEST_STAKE) * draw
            unit = share_factor(self._market, item, self._days[0])
            stakes.append(int(item.issued_shares * ratio) // unit * unit)
        return np.array(stakes, dtype=np.int64)

    def _settled(self, position: int) -> Integers:
        """Return the net shares that settle on a session: those traded two sessions before."""
        traded_on = self._days[position - SETTLEMENT_SESSIONS]
        net = dict.fromkeys((item.code for item in self._listings), 0)
        for channel in CHANNELS:
            for trade in self._market.connect_trades(traded_on, channel):
                net[trade.code] += trade.buy_hkd - trade.sell_hkd
        if not any(net.values()):
            return np.zeros(len(net), dtype=np.int64)
        quotes = quotes_by_code(self._market, traded_on)
        factors = [share_factor(self._market, item, traded_on) for item in self._listings]
        shares = [amount / float(quotes[code].close) for code, amount in net.items()]
        return np.rint(shares).astype(np.int64) * np.array(factors, dtype=np.int64)

    def _at(self, position: int) -> Integers:
        while self._last < position:
            self._last += 1
            self._held[self._last] = self._held[self._last - 1] + self._settled(self._last)
        while self._first > position:
            settled = self._settled(self._first)
            self._first -= 1
            self._held[self._first] = self._held[self._first + 1] - settled
        return self._held[position]

    def on(self, day: dt.date) -> dict[str, int]:
        """Return the shares held at the end of a Hong Kong session, by code, as counted that day.

        Securities that were not in Stock Connect yet, or of which nothing is held, are left out.

        Raises:
            KeyError: the day is no Hong Kong session.
        """
        adjusted = self._at(self._position[day]).tolist()
        return {
            item.code: held // share_factor(self._market, item, day)
            for item, held in zip(self._listings, adjusted, strict=True)
            if held > 0 and (item.kind != "etf" or day >= ETF_START)
        }


@lru_cache(maxsize=2)
def holdings_of(market: Market) -> Holdings:
    """Return a market's holdings, one object per market, so that what was added up is kept."""
    return Holdings(market)
