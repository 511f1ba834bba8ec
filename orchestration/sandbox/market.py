"""The simulated market: one object that knows every figure of the sandbox world.

It is determined by its seed, reads and writes nothing, and a longer calendar only adds to it. The
renderers ask it for a day or a symbol and write the answer as a publisher would. Figures are
invented; what is true of real ones (identities between prices, turnover, flows and rates) is true
of them. Every listing exists from 2014-11-17, whenever the real security was listed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property

from orchestration.sandbox.actions import Schedule
from orchestration.sandbox.bars import Bars
from orchestration.sandbox.board import Board
from orchestration.sandbox.flows import Flows
from orchestration.sandbox.fund_list import FUNDS
from orchestration.sandbox.funds import Fund, us_share_prices
from orchestration.sandbox.listings import LISTINGS, TECH_INDEX, Listing
from orchestration.sandbox.macro import RATE_SERIES, Macro, is_federal_holiday
from orchestration.sandbox.other_markets import OtherMarkets
from orchestration.sandbox.paths import PricePaths
from orchestration.sandbox.randomness import Floats
from orchestration.sandbox.records import (
    Bar,
    ConnectTotals,
    ConnectTrade,
    Dividend,
    FundDay,
    FundHolding,
    SessionQuote,
    Split,
)
from orchestration.sandbox.timeline import FIRST_DAY, Timeline

__all__ = [
    "Bar",
    "ConnectTotals",
    "ConnectTrade",
    "Dividend",
    "FundDay",
    "FundHolding",
    "Listing",
    "Market",
    "SessionQuote",
    "Split",
]


class Market:
    """The sandbox world of one seed, from 2014-11-17 to the end of the published calendars.

    `listings` and `first_day` are for worlds of another size: thousands of made-up securities over
    a few months, for example. A world that starts on another day is another world.

    Raises:
        ValueError: the listings hold no stock, so that there is no index to follow.
    """

    def __init__(
        self,
        seed: int = 20141117,
        listings: Sequence[Listing] = LISTINGS,
        first_day: dt.date = FIRST_DAY,
    ) -> None:
        if not any(item.kind == "stock" for item in listings):
            raise ValueError("a sandbox market needs at least one listing of kind stock")
        self.seed = seed
        self.listings = tuple(listings)
        self._first_day = first_day

    @cached_property
    def _timeline(self) -> Timeline:
        return Timeline(self._first_day)

    @cached_property
    def _macro(self) -> Macro:
        return Macro(self.seed, self._timeline)

    @cached_property
    def _schedule(self) -> Schedule:
        return Schedule(self.seed, self.listings, self._timeline)

    @cached_property
    def _paths(self) -> PricePaths:
        return PricePaths(self.seed, self.listings, self._timeline, self._macro, self._schedule)

    @cached_property
    def _board(self) -> Board:
        latest = self._timeline.weekdays.latest(self._timeline.hong_kong)
        cny_per_hkd = 1.0 / self._macro.fx["CNYHKD=X"][latest, 3]
        return Board(self.seed, self.listings, self._timeline, self._paths, cny_per_hkd)

    @cached_property
    def _flows(self) -> Flows:
        tech_close = self._paths.indices[TECH_INDEX][:, 3]
        return Flows(self.seed, self.listings, self._timeline, self._board, tech_close)

    @cached_property
    def _funds(self) -> dict[str, Fund]:
        axis = self._timeline.new_york
        sessions = self._timeline.hong_kong.latest(axis)
        hkd_per_usd = self._macro.fx["HKD=X"][self._timeline.weekdays.latest(axis), 3]
        factor = self._paths.share_factor[sessions]
        closes = self._paths.prices.close[sessions] / 1000 / factor / hkd_per_usd[:, None]
        codes = [item.code for item in self.listings]
        factors: dict[str, Floats] = {code: factor[:, j] for j, code in enumerate(codes)}
        prices: dict[str, Floats] = {code: closes[:, j] for j, code in enumerate(codes)}
        prices.update(us_share_prices(self.seed, self._timeline, self._macro, prices))
        return {
            symbol: Fund(self.seed, spec, self._timeline, self.listings, prices, factors)
            for symbol, spec in FUNDS.items()
            if spec.us_tickers or not set(spec.hong_kong_codes).isdisjoint(codes)
        }

    @cached_property
    def _bars(self) -> Bars:
        return Bars(
            self.listings,
            self._timeline,
            self._schedule,
            self._paths,
            self._board,
            self._macro,
            self._funds,
            OtherMarkets(self.seed, self.listings, self._timeline, self._macro, self._paths),
        )

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """Return every symbol that `bars` answers for."""
        return self._bars.symbols

    def quotes(self, day: dt.date) -> list[SessionQuote]:
        """Return every counter's session, RMB counters included, sorted by code; [] if closed."""
        session = self._timeline.hong_kong.position.get(day)
        return [] if session is None else self._board.quotes(session)

    def connect_totals(self, day: dt.date, channel: str) -> ConnectTotals | None:
        """Return a southbound channel's totals; None when it is closed or not yet opened.

        Raises:
            ValueError: the channel is neither SSE nor SZSE.
        """
        return self._flows.totals(day, channel)

    def connect_trades(self, day: dt.date, channel: str) -> list[ConnectTrade]:
        """Return each eligible security's southbound trades, largest first; [] when closed.

        Raises:
            ValueError: the channel is neither SSE nor SZSE.
        """
        return self._flows.trades(day, channel)

    def bars(
        self, symbol: str, first: dt.date, last: dt.date, as_of: dt.date | None = None
    ) -> list[Bar]:
        """Return a symbol's daily bars from first to last, both included.

        Adjusted closes count the dividends gone ex by `as_of`, the day of asking, which is `last`
        unless given.

        Raises:
            KeyError: the market does not know the symbol.
        """
        return self._bars.between(symbol, first, last, as_of or last)

    def dividends(self, symbol: str) -> list[Dividend]:
        """Return a symbol's cash dividends per share of today, oldest first.

        Raises:
            KeyError: the market does not know the symbol.
        """
        return list(self._bars.series(symbol).dividends)

    def splits(self, symbol: str) -> list[Split]:
        """Return a symbol's share splits, oldest first.

        Raises:
            KeyError: the market does not know the symbol.
        """
        return list(self._bars.series(symbol).splits)

    def fund_day(self, symbol: str, day: dt.date) -> FundDay | None:
        """Return a US-listed fund at a New York session; None when New York is closed.

        Raises:
            KeyError: the market does not know the fund.
        """
        return self._funds[symbol].day(day)

    def rate(self, series: str, day: dt.date) -> float | None:
        """Return a rate: HKD or CNY per USD, or percent; None on weekends and US holidays.

        Raises:
            ValueError: the series is not one of `RATE_SERIES`.
        """
        if series not in RATE_SERIES:
            raise ValueError(f"unknown series {series!r}; known: {', '.join(RATE_SERIES)}")
        if day not in self._timeline.new_york.position or is_federal_holiday(day):
            return None
        return self._macro.rate(series, self._timeline.weekdays.position[day])
