"""Prices that went through a 32-bit float, given back the decimals they were printed with.

Here lives arithmetic only: one price, and a whole column of them with the same outcome.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

DECIMALS = 6
_SCALE = 10**DECIMALS
_LARGEST = 1e9
"""Above it a scaled price has too few bits left to be rounded in one step."""


def heal(price: float) -> float:
    """Return a price without the tail that a 32-bit float leaves, to 6 decimals at most."""
    with np.errstate(over="ignore"):
        narrow = np.float32(price)
    if round(float(narrow), DECIMALS) != round(price, DECIMALS):
        return round(price, DECIMALS)
    # Formatting the 32-bit value itself gives the shortest decimal that means it.
    return round(float(str(narrow)), DECIMALS)


def healed(prices: Sequence[float | None]) -> pa.Array:
    """Return a column of healed prices as float64, null where there is none."""
    wide = np.array(prices, np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        narrow = wide.astype(np.float32)
    rounded, is_sure = _rounded(wide)
    again, is_sure_again = _rounded(narrow.astype(np.float64))
    shortest = pc.cast(pc.cast(pa.array(narrow), pa.string()), pa.float64())
    short, is_sure_short = _rounded(shortest.to_numpy(zero_copy_only=False))
    values = np.where(again == rounded, short, rounded)
    unsure = np.flatnonzero(~(is_sure & is_sure_again & is_sure_short) & ~np.isnan(wide))
    for position in unsure:
        values[position] = heal(float(wide[position]))
    return pa.array(values, mask=np.isnan(wide))


def _rounded(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return values to 6 decimals, and which of them are as `round` has them beyond doubt."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * _SCALE
        whole = np.rint(scaled)
        from_half = np.abs(np.abs(scaled - whole) - 0.5)
        return whole / _SCALE, (from_half > 1e-3) & (np.abs(values) < _LARGEST)
