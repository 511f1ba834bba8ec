"""The exchange's board: every counter's prices, volume, turnover and short selling per session.

An RMB counter is a column of its own: the HKD prices at the day's exchange rate, put on tick again,
with a small volume. Southbound money and vendors' bars are elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

import numpy as np

from orchestration.sandbox.listings import Listing
from orchestration.sandbox.paths import PricePaths, Prices, ordered
from orchestration.sandbox.randomness import Floats, mean_reverting, noise, stream, unit_interval
from orchestration.sandbox.records import SessionQuote
from orchestration.sandbox.ticks import Booleans, Integers, on_tick
from orchestration.sandbox.timeline import Timeline

HALF_DAY_VOLUME = 0.5
REVISED_SESSION_SHARE = 1 / 3
MOST_REVISED_NAMES = 3
_LOTS_TO_REVISE = 10


@cache
def _price(thousandths: int) -> Decimal:
    return Decimal(thousandths).scaleb(-3)


def rmb_counter_name(name: str) -> str:
    """Return the short name of a security's RMB counter: BABA-WR, TENCENT-R."""
    return f"{name}R" if name.endswith(("-W", "-SW", "-S")) else f"{name[:14]}-R"


class Board:
    """All counters sorted by code, with arrays of shape (sessions, counters).

    `listing_of` gives each counter's position in the listings. Prices are thousandths; turnover is
    in whole units of the counter's currency.
    """

    def __init__(
        self,
        seed: int,
        listings: Sequence[Listing],
        timeline: Timeline,
        paths: PricePaths,
        cny_per_hkd: Floats,
    ) -> None:
        counters = sorted(
            [(item.code, item.name, "HKD", j) for j, item in enumerate(listings)]
            + [
                (item.rmb_counter, rmb_counter_name(item.name), "CNY", j)
                for j, item in enumerate(listings)
                if item.rmb_counter
            ]
        )
        self.codes = [code for code, _, _, _ in counters]
        self.names = [name for _, name, _, _ in counters]
        self.currencies = [currency for _, _, currency, _ in counters]
        self.column = {code: j for j, code in enumerate(self.codes)}
        self.listing_of = np.array([position for _, _, _, position in counters])
        self.is_traded = paths.is_traded[:, self.listing_of]
        self.prices = _counter_prices(paths, self.listing_of, self.currencies, cny_per_hkd)
        lot = np.array([listings[position].lot_size for position in self.listing_of])
        draws = noise(seed, "counter", self.codes, len(timeline.hong_kong), 6)
        in_hkd = np.array([currency == "HKD" for currency in self.currencies])
        lots = self._lots(seed, listings, timeline, paths, draws[0], lot) * self.is_traded
        self.volume = lots * lot
        self.turnover = value_of(self.volume, self.prices, draws[1])
        short_lots = _short_lots(lots, in_hkd, draws[2])
        first_lots = _first_printed(seed, short_lots, lots, draws[4], draws[5])
        self.short_shares = short_lots * lot
        self.short_turnover = value_of(self.short_shares, self.prices, draws[3])
        self.initial_short_shares = first_lots * lot
        self.initial_short_turnover = value_of(self.initial_short_shares, self.prices, draws[3])

    def quotes(self, session: int) -> list[SessionQuote]:
        """Return every counter's record of the session at a position, sorted by code."""
        prices = self.prices
        no_close: list[Decimal | None] = [None] * len(self.codes)
        before = map(_price, prices.close[session - 1].tolist()) if session else no_close
        quoted = [
            map(_price, side[session].tolist())
            for side in (prices.open, prices.high, prices.low, prices.close)
        ]
        counted = [
            figures[session].tolist()
            for figures in (
                self.volume,
                self.turnover,
                self.short_shares,
                self.short_turnover,
                self.initial_short_shares,
                self.initial_short_turnover,
            )
        ]
        is_suspended = (~self.is_traded[session]).tolist()
        identity = (self.codes, self.names, self.currencies)
        return list(map(SessionQuote, *identity, before, *quoted, *counted, is_suspended))

    def _lots(
        self,
        seed: int,
        listings: Sequence[Listing],
        timeline: Timeline,
        paths: PricePaths,
        draws: Floats,
        lot: Integers,
    ) -> Integers:
        """Return lots traded: busier when prices move, half as many on half days."""
        # A security's two counters share its traits, so that the RMB one stays the small one.
        by_listing = np.array([stream(seed, "activity", item.code).random(2) for item in listings])
        traits = by_listing[self.listing_of]
        is_rmb = np.array([currency == "CNY" for currency in self.currencies])
        share_traded = 0.002 + 0.006 * traits[:, 0]
        share_traded = np.where(is_rmb, share_traded * (0.005 + 0.03 * traits[:, 1]), share_traded)
        issued = np.array([listings[position].issued_shares for position in self.listing_of])
        close = self.prices.close.astype(float)
        move = np.abs(np.diff(np.log(close / 1000), axis=0, prepend=np.log(close[:1] / 1000)))
        busy = np.exp(mean_reverting(0.2 * draws, 0.8) + 8 * np.minimum(move, 0.1) - 0.15)
        session = np.where(timeline.is_half_day, HALF_DAY_VOLUME, 1.0)[:, None]
        issued_then = issued / paths.share_factor[:, self.listing_of]
        return np.maximum(np.rint(issued_then * share_traded * busy * session / lot), 1).astype(int)


def _counter_prices(
    paths: PricePaths, listing_of: Integers, currencies: Sequence[str], cny_per_hkd: Floats
) -> Prices:
    in_cny = np.flatnonzero(np.array(currencies) == "CNY")
    parents = listing_of[in_cny]
    hkd = paths.prices
    sides = [getattr(hkd, side) for side in ("open", "high", "low", "close")]
    converted = ordered(
        *(on_tick(side[:, parents] / 1000 * cny_per_hkd[:, None]) for side in sides)
    )
    resting = ~paths.is_traded[:, parents]
    sides = [side[:, listing_of] for side in sides]
    for side, replacement in zip(
        sides, (converted.open, converted.high, converted.low, converted.close), strict=True
    ):
        side[:, in_cny] = replacement
    for session, column in np.argwhere(resting):
        for side in sides:
            side[session, in_cny[column]] = sides[3][session - 1, in_cny[column]]
    return Prices(*sides)


def value_of(shares: Integers, prices: Prices, draws: Floats) -> Integers:
    """Return the value of shares in whole currency units, at an average price within the range."""
    position = 0.2 + 0.6 * unit_interval(draws)
    average = prices.low + (prices.high - prices.low) * position
    least = -(-prices.low * shares // 1000)
    most = prices.high * shares // 1000
    return np.clip(np.rint(average * shares / 1000).astype(np.int64), least, most)


def _short_lots(lots: Integers, in_hkd: Booleans, draws: Floats) -> Integers:
    """Return lots sold short: about an eighth of the volume, seldom any in an RMB counter."""
    ratio = 0.45 * unit_interval(mean_reverting(0.25 * draws, 0.85) - 1.0)
    is_shorted = in_hkd[None, :] | (draws > 1.0)
    return (lots * ratio * is_shorted).astype(np.int64)


def _first_printed(
    seed: int, short_lots: Integers, lots: Integers, keys: Floats, sizes: Floats
) -> Integers:
    """Return the lots first printed: on one session in three, off for one to three counters."""
    draws = stream(seed, "revision").random((len(short_lots), 2))
    names = 1 + (draws[:, 1] * MOST_REVISED_NAMES).astype(int)
    names = np.where(draws[:, 0] < REVISED_SESSION_SHARE, names, 0)
    ranking = np.where(short_lots >= _LOTS_TO_REVISE, keys, -np.inf)
    kept = min(MOST_REVISED_NAMES, ranking.shape[1])
    largest = -np.sort(-ranking, axis=1)[:, :kept]
    threshold = np.full(len(names), np.inf)
    some = names > 0
    threshold[some] = largest[some, np.minimum(names[some], kept) - 1]
    chosen = (ranking >= threshold[:, None]) & np.isfinite(ranking)
    change = np.maximum(np.rint(np.minimum(np.abs(sizes), 3) * 0.1 * short_lots), 1)
    first = np.where(sizes > 1, short_lots + change, short_lots - change).astype(np.int64)
    return np.where(chosen, np.clip(first, 1, lots), short_lots)
