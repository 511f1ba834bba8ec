"""The exchange's spread table: which prices can be quoted. Prices here are whole thousandths."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orchestration.sandbox.randomness import Floats

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

_BANDS = (
    (0.25, 0.001),
    (0.5, 0.005),
    (10.0, 0.01),
    (20.0, 0.02),
    (100.0, 0.05),
    (200.0, 0.1),
    (500.0, 0.2),
    (1000.0, 0.5),
    (2000.0, 1.0),
    (5000.0, 2.0),
    (float("inf"), 5.0),
)
"""Upper bound (exclusive) of each price band and its tick, in the counter's currency."""
_BOUNDS = np.array([bound for bound, _ in _BANDS[:-1]]) * 1000
_TICKS = np.array([round(tick * 1000) for _, tick in _BANDS], dtype=np.int64)


def tick_size(thousandths: ArrayLike) -> Integers:
    """Return the tick, in thousandths, of the band that each price falls in."""
    return _TICKS[np.searchsorted(_BOUNDS, thousandths, side="right")]


def on_tick(prices: Floats) -> Integers:
    """Return prices (currency units) rounded to their tick, in thousandths, at least one tick."""
    thousandths = prices * 1000
    tick = tick_size(thousandths)
    return np.maximum(np.rint(thousandths / tick).astype(np.int64), 1) * tick
