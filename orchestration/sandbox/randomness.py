"""Random numbers of the sandbox: named streams, and the two processes built on them.

Everything is prefix-stable: time is the first axis of every draw, so a longer horizon repeats the
shorter one and adds to it. Nothing here knows markets.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def stream(seed: int, *labels: str) -> np.random.Generator:
    """Return the generator that a seed and some labels name, independent of every other name."""
    words = [zlib.crc32(label.encode()) for label in labels]
    return np.random.default_rng(np.random.SeedSequence([seed, *words]))


def noise(seed: int, label: str, names: list[str], count: int, columns: int) -> Floats:
    """Return standard normal noise of shape (columns, count, names), one stream per name.

    A name's noise depends on neither the other names nor the count.
    """
    drawn = np.empty((columns, count, len(names)))
    for position, name in enumerate(names):
        drawn[:, :, position] = stream(seed, label, name).standard_normal((count, columns)).T
    return drawn


def mean_reverting(shocks: Floats, persistence: float | Floats) -> Floats:
    """Return x with x[t] = persistence * x[t-1] + shocks[t], started at rest."""
    path = np.empty_like(shocks)
    state = np.zeros_like(shocks[0]) if len(shocks) else shocks
    for step in range(len(shocks)):
        state = persistence * state + shocks[step]
        path[step] = state
    return path


def unit_interval(values: Floats) -> Floats:
    """Return values mapped into (0, 1) by the logistic function."""
    return 1.0 / (1.0 + np.exp(-values))
