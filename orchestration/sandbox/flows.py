"""Southbound money: what each channel of Stock Connect buys and sells of every eligible security.

The net flow is a signed, mean-reverting process, a little tied to the market's return. Channel
totals are sums over securities, rounded as the exchange prints them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from orchestration.sandbox.board import Board
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.randomness import Floats, mean_reverting, noise, stream, unit_interval
from orchestration.sandbox.records import ConnectTotals, ConnectTrade
from orchestration.sandbox.timeline import Timeline

CHANNEL_START = {"SSE": dt.date(2014, 11, 17), "SZSE": dt.date(2016, 12, 5)}
ETF_START = dt.date(2022, 7, 4)
"""First session with funds in Stock Connect."""
CHANNELS = tuple(CHANNEL_START)
LARGEST_SHARE = 0.5
"""Southbound buying plus selling never exceeds this share of twice a security's turnover."""
LARGEST_NET = 0.5
"""Nor does the net of buying and selling exceed this share of their sum."""


class Flows:
    """Buy and sell turnover in HKD by channel: arrays of shape (channels, sessions, securities)."""

    def __init__(
        self,
        seed: int,
        listings: Sequence[Listing],
        timeline: Timeline,
        board: Board,
        index_close: Floats,
    ) -> None:
        self._position = timeline.hong_kong.position
        self._is_connect = timeline.is_connect
        eligible = [item for item in listings if item.is_southbound]
        self._securities = [(item.code, item.name) for item in eligible]
        self._is_fund = np.array([item.kind == "etf" for item in eligible], dtype=bool)
        columns = [board.column[item.code] for item in eligible]
        turnover = board.turnover[:, columns]
        draws = noise(seed, "southbound", [item.code for item in eligible], len(turnover), 4)
        traits = np.array([stream(seed, "taste", item.code).random(2) for item in eligible])
        traits = traits.reshape(len(eligible), 2)
        share = LARGEST_SHARE * unit_interval(
            mean_reverting(0.2 * draws[0], 0.9) + 1.5 * traits[:, 0] - 1.5
        )
        sse_part = unit_interval(0.4 + 0.6 * (traits[:, 1] - 0.5) + 0.2 * draws[1])
        days = timeline.hong_kong.days
        sessions = np.array([day.toordinal() for day in days])
        open_to_funds = (sessions >= ETF_START.toordinal())[:, None] | ~self._is_fund
        gross = 2.0 * turnover * share * open_to_funds
        mood = _mood(seed, index_close)
        parts = {"SSE": sse_part, "SZSE": 1.0 - sse_part}
        self.buy, self.sell = {}, {}
        for number, channel in enumerate(CHANNELS):
            is_open = (sessions >= CHANNEL_START[channel].toordinal())[:, None]
            both_ways = gross * parts[channel] * is_open
            leaning = np.tanh(mood[:, number][:, None] + 0.35 * draws[2 + number])
            bought = both_ways * (1 + LARGEST_NET * leaning) / 2
            self.buy[channel] = np.floor(bought).astype(np.int64)
            self.sell[channel] = np.floor(both_ways - bought).astype(np.int64)
        self._trade_size = 45_000 + 20_000 * stream(seed, "trade size").random((len(turnover), 4))

    def _session(self, day: dt.date, channel: str) -> int | None:
        if channel not in CHANNEL_START:
            raise ValueError(f"unknown channel {channel!r}; known: {', '.join(CHANNELS)}")
        session = self._position.get(day)
        if session is None or not self._is_connect[session] or day < CHANNEL_START[channel]:
            return None
        return session

    def totals(self, day: dt.date, channel: str) -> ConnectTotals | None:
        """Return a channel's totals, or None when the channel is closed or not yet opened.

        Raises:
            ValueError: the channel is neither SSE nor SZSE.
        """
        session = self._session(day, channel)
        if session is None:
            return None
        bought, sold = self.buy[channel][session], self.sell[channel][session]
        buy, sell = _millions(int(bought.sum())), _millions(int(sold.sum()))
        sizes = self._trade_size[session, 2 * CHANNELS.index(channel) :]
        buy_trades, sell_trades = int(bought.sum() / sizes[0]), int(sold.sum() / sizes[1])
        funds = int((bought + sold)[self._is_fund].sum())
        return ConnectTotals(
            buy_hkd_mn=buy,
            sell_hkd_mn=sell,
            total_hkd_mn=buy + sell,
            buy_trades=buy_trades,
            sell_trades=sell_trades,
            total_trades=buy_trades + sell_trades,
            etf_hkd_mn=_millions(funds),
        )

    def trades(self, day: dt.date, channel: str) -> list[ConnectTrade]:
        """Return what was traded of each security, largest buy + sell first; [] when closed.

        Raises:
            ValueError: the channel is neither SSE nor SZSE.
        """
        session = self._session(day, channel)
        if session is None:
            return []
        amounts = zip(
            self._securities,
            self.buy[channel][session].tolist(),
            self.sell[channel][session].tolist(),
            strict=True,
        )
        traded = [
            ConnectTrade(*security, buy, sell) for security, buy, sell in amounts if buy + sell
        ]
        return sorted(traded, key=lambda trade: (-trade.buy_hkd - trade.sell_hkd, trade.code))


def _mood(seed: int, index_close: Floats) -> Floats:
    """Return each channel's leaning to buy: mean-reverting, nudged by the day's index return."""
    returns = np.diff(np.log(index_close), prepend=np.log(index_close[0]))
    draws = stream(seed, "mood").standard_normal((len(index_close), 3))
    shared = 0.22 * draws[:, :1] + 4.0 * returns[:, None]
    return mean_reverting(shared + 0.12 * draws[:, 1:], 0.6)


def _millions(amount: int) -> Decimal:
    return Decimal((amount + 5_000) // 10_000).scaleb(-2)
