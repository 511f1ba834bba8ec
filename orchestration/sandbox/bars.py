"""A vendor's daily bars, made from the sandbox's own series: split-adjusted, with its oddities.

The vendor has no half days of Hong Kong symbols (it shows a flat bar without volume at the close
before) and no prices for a suspended session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.sandbox.actions import Schedule, cash_dividends, dividend_factor
from orchestration.sandbox.board import Board
from orchestration.sandbox.funds import Fund
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.macro import FX_SYMBOLS, Macro
from orchestration.sandbox.other_markets import OtherMarkets
from orchestration.sandbox.paths import PricePaths
from orchestration.sandbox.randomness import Floats
from orchestration.sandbox.records import Bar, Dividend, Split
from orchestration.sandbox.ticks import Booleans, Integers
from orchestration.sandbox.timeline import Axis, Timeline


@dataclass(frozen=True)
class Series:
    """One symbol: (days, 4) open, high, low, close per share of today, and what happened to it.

    `is_blank` marks days on which the vendor has no prices at all.
    """

    axis: Axis
    prices: Floats
    volume: Integers
    is_blank: Booleans
    dividends: Sequence[Dividend] = ()
    splits: Sequence[Split] = ()


class Bars:
    """The vendor's view of every symbol, each worked out when it is first asked for."""

    def __init__(
        self,
        listings: Sequence[Listing],
        timeline: Timeline,
        schedule: Schedule,
        paths: PricePaths,
        board: Board,
        macro: Macro,
        funds: Mapping[str, Fund],
        others: OtherMarkets,
    ) -> None:
        self._timeline = timeline
        self._schedule = schedule
        self._paths = paths
        self._board = board
        self._macro = macro
        self._funds = funds
        self._others = others
        self._positions = {item.symbol: (j, item.code) for j, item in enumerate(listings)}
        self._known: dict[str, Series] = {}
        self.symbols = (*paths.indices, *FX_SYMBOLS, *funds, *others.symbols, *self._positions)

    def series(self, symbol: str) -> Series:
        """Return all there is about a symbol.

        Raises:
            KeyError: the market does not know the symbol.
        """
        if symbol not in self._known:
            self._known[symbol] = self._build(symbol)
        return self._known[symbol]

    def between(self, symbol: str, first: dt.date, last: dt.date, as_of: dt.date) -> list[Bar]:
        """Return the bars from first to last, closes adjusted for dividends up to a day.

        Raises:
            KeyError: the market does not know the symbol.
        """
        series = self.series(symbol)
        closes = series.prices[:, 3]
        adjusted = closes * dividend_factor(series.dividends, closes, series.axis, as_of)
        span = series.axis.span(first, last)
        window = slice(span.start, span.stop)
        rows = zip(
            series.axis.days[window],
            series.prices[window].tolist(),
            adjusted[window].tolist(),
            series.volume[window].tolist(),
            series.is_blank[window].tolist(),
            strict=True,
        )
        return [
            Bar(day, None, None, None, None, None, None)
            if is_blank
            else Bar(day, opened, high, low, close, adjusted_close, volume)
            for day, (opened, high, low, close), adjusted_close, volume, is_blank in rows
        ]

    def _build(self, symbol: str) -> Series:
        if symbol in FX_SYMBOLS:
            return _plain(self._timeline.weekdays, self._macro.fx[symbol])
        if symbol in self._funds:
            fund = self._funds[symbol]
            plain = _plain(self._timeline.new_york, fund.bars, fund.volume)
            return Series(plain.axis, plain.prices, plain.volume, plain.is_blank, fund.dividends)
        if symbol in self._others.symbols:
            return _plain(*self._others.bars(symbol))
        axis = self._timeline.hong_kong
        if symbol in self._paths.indices:
            volume = self._board.volume.sum(axis=1)
            plain = _plain(axis, self._paths.indices[symbol], volume)
            return self._without_half_days(plain)
        if symbol not in self._positions:
            raise KeyError(f"the sandbox has no symbol {symbol!r}")
        return self._without_half_days(self._stock(*self._positions[symbol]))

    def _stock(self, position: int, code: str) -> Series:
        axis, column = self._timeline.hong_kong, self._board.column[code]
        factor = self._paths.share_factor[:, position]
        prices = self._board.prices
        sides = (prices.open, prices.high, prices.low, prices.close)
        adjusted = np.column_stack([side[:, column] for side in sides]) / 1000 / factor[:, None]
        split = self._schedule.splits.get(code)
        return Series(
            axis=axis,
            prices=adjusted,
            volume=np.rint(self._board.volume[:, column] * factor).astype(np.int64),
            is_blank=~self._board.is_traded[:, column],
            dividends=cash_dividends(self._schedule.payouts[code], adjusted[:, 3], axis),
            splits=[split] if split else [],
        )

    def _without_half_days(self, series: Series) -> Series:
        prices, volume = series.prices.copy(), series.volume.copy()
        half = np.flatnonzero(self._timeline.is_half_day)
        prices[half] = series.prices[np.maximum(half - 1, 0), 3][:, None]
        volume[half] = 0
        return Series(series.axis, prices, volume, series.is_blank, series.dividends, series.splits)


def _plain(axis: Axis, prices: Floats, volume: Integers | None = None) -> Series:
    none = np.zeros(len(axis), dtype=np.int64)
    return Series(axis, prices, none if volume is None else volume, none.astype(bool))
