"""Bars of other markets: A shares of companies listed in Hong Kong too, mainland and US indices.

An A share is its Hong Kong twin's price in CNY with a premium that wanders; an index follows the
world-wide factors as far as its market does. None pays dividends or splits here. Real symbols,
invented numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.sandbox.funds import bars_around
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.macro import Macro
from orchestration.sandbox.paths import PricePaths
from orchestration.sandbox.randomness import Floats, mean_reverting, stream
from orchestration.sandbox.ticks import Integers
from orchestration.sandbox.timeline import Axis, Timeline

A_SHARE_TWINS = {"601398.SS": "01398", "688981.SS": "00981"}
"""Hong Kong code of the company behind each A share."""
USUAL_LOG_PREMIUM = (0.15, 0.75)
"""Between these an A share's usual premium over its twin lies; the seed decides where."""
PREMIUM_SHOCK, PREMIUM_PERSISTENCE = 0.012, 0.985
INDEX_PERSISTENCE = 0.9985


@dataclass(frozen=True)
class IndexSpec:
    """An index: where it trades, its arbitrary first level, how far it follows each factor.

    `own_volatility` is the deviation of what moves it alone, per session.
    """

    is_mainland: bool
    start_level: float
    market_share: float
    tech_share: float
    own_volatility: float


INDICES = {
    "000300.SS": IndexSpec(True, 3500.0, 0.55, 0.15, 0.006),
    "000001.SS": IndexSpec(True, 3100.0, 0.50, 0.10, 0.006),
    "^GSPC": IndexSpec(False, 4000.0, 0.25, 0.10, 0.007),
    "^NDX": IndexSpec(False, 12000.0, 0.25, 0.25, 0.008),
}


class OtherMarkets:
    """The symbols of other markets; an A share exists where its twin is among the listings."""

    def __init__(
        self,
        seed: int,
        listings: Sequence[Listing],
        timeline: Timeline,
        macro: Macro,
        paths: PricePaths,
    ) -> None:
        self._seed = seed
        self._timeline = timeline
        self._macro = macro
        self._paths = paths
        self._columns = {item.code: column for column, item in enumerate(listings)}
        twins = [symbol for symbol, code in A_SHARE_TWINS.items() if code in self._columns]
        self.symbols = (*INDICES, *twins)

    def bars(self, symbol: str) -> tuple[Axis, Floats, Integers]:
        """Return a symbol's sessions, its (days, 4) open, high, low, close, and its volume.

        Raises:
            KeyError: no such symbol trades on these markets.
        """
        spec = INDICES.get(symbol)
        is_abroad = spec is not None and not spec.is_mainland
        axis = self._timeline.new_york if is_abroad else self._timeline.shanghai
        draws = stream(self._seed, "other market", symbol).standard_normal((len(axis), 5))
        if spec is None:
            close = self._a_share(A_SHARE_TWINS[symbol], symbol, axis, draws[:, 0])
        else:
            close = self._index(spec, axis, draws[:, 0])
        volume = np.rint(5e7 * np.exp(0.3 * draws[:, 4])).astype(np.int64)
        return axis, bars_around(close, draws[:, 1:4]), volume

    def _index(self, spec: IndexSpec, axis: Axis, own: Floats) -> Floats:
        market, tech, volatility = self._macro.returns(self._timeline, axis)
        shocks = spec.market_share * market + spec.tech_share * tech
        shocks += volatility * spec.own_volatility * own
        return np.round(spec.start_level * np.exp(mean_reverting(shocks, INDEX_PERSISTENCE)), 2)

    def _a_share(self, code: str, symbol: str, axis: Axis, own: Floats) -> Floats:
        column = self._columns[code]
        closes = self._paths.prices.close[:, column] / 1000 / self._paths.share_factor[:, column]
        hkd = closes[self._timeline.hong_kong.latest(axis)]
        hkd_per_cny = self._macro.fx["CNYHKD=X"][self._timeline.weekdays.latest(axis), 3]
        least, most = USUAL_LOG_PREMIUM
        usual = least + (most - least) * stream(self._seed, "usual premium", symbol).random()
        premium = usual + mean_reverting(PREMIUM_SHOCK * own, PREMIUM_PERSISTENCE)
        return np.maximum(np.round(hkd / hkd_per_cny * np.exp(premium), 2), 0.05)
