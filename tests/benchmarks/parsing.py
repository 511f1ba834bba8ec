"""Parsers against the plainest correct readers of the same bytes: ratios of CPU time."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

from orchestration.sandbox.market import Market
from orchestration.sources import SOURCES
from orchestration.sources.base import Payload, Source
from tests.benchmarks.payloads import realistic
from tests.benchmarks.plain_readers import READERS
from tests.benchmarks.plain_rows import with_arrow

ROUNDS = 25
ROUND_SECONDS = 0.02
"""What a round of our parser takes at least, so that the clock can tell it."""


def parsing_ratios() -> Iterator[tuple[str, str, str]]:
    """Yield (what, goal, measured) for each format of each source.

    Beside each ratio stands that of the plain reader which also makes the Arrow tables.
    """
    market = Market()
    for source in SOURCES:
        for payload in realistic(source, market):
            size = f"{len(payload.body) / 1000:,.1f} kB"
            what = f"parse {source.name}/{payload.request.key} ({size}) against a plain reader"
            ratio, floor = _ratios(source, payload)
            yield what, "ratio 2", f"ratio {ratio:.2f}; plain reader with Arrow tables {floor:.2f}"


def _ratios(source: Source, payload: Payload) -> tuple[float, float]:
    """Return the medians of ratios to the plain reader, each measured right beside it."""
    plain = READERS[source.name]
    floor = with_arrow(plain, source.parse(payload))
    times = max(1, round(ROUND_SECONDS / _seconds(lambda: source.parse(payload), 1)))
    # What else lives in this process is not looked at when memory is collected.
    gc.collect()
    gc.freeze()
    rounds = [
        [_seconds(partial(read, payload), times) for read in (source.parse, plain, floor)]
        for _ in range(ROUNDS)
    ]
    gc.unfreeze()
    return (
        statistics.median(ours / theirs for ours, theirs, _ in rounds),
        statistics.median(least / theirs for _, theirs, least in rounds),
    )


def _seconds(work: Callable[[], object], times: int) -> float:
    """Return the CPU seconds of some repetitions."""
    began = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - began
