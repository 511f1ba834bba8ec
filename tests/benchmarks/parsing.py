"""Parsers against the plainest correct readers of the same bytes: ratios of CPU time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from orchestration.sandbox.market import Market
from orchestration.sources import SOURCES
from orchestration.sources.base import Payload, Source
from tests.benchmarks.payloads import largest as _largest
from tests.benchmarks.payloads import realistic
from tests.benchmarks.plain_readers import READERS, Rows

__all__ = ["_largest", "_ratio", "parsing_ratios"]
ROUNDS = 15
ROUND_SECONDS = 0.02
"""What a round of our parser takes at least, so that the clock can tell it."""


def parsing_ratios() -> Iterator[tuple[str, str, str]]:
    """Yield (what, goal, measured) for each source with a plain reader."""
    market = Market()
    for source in SOURCES:
        if source.name in READERS:
            payload = realistic(source, market)
            ratio = _ratio(source, payload, READERS[source.name])
            size = len(payload.body) / 1000
            what = f"parse {source.name} ({size:,.0f} kB) against a plain reader"
            yield what, "ratio 2", f"ratio {ratio:.2f}"


def _ratio(source: Source, payload: Payload, plain: Callable[[bytes], Rows]) -> float:
    parsed = max(table.num_rows for table in source.parse(payload).values())
    assert len(plain(payload.body)) >= parsed * 0.9, f"the plain reader of {source.name} is wrong"
    times = max(1, round(ROUND_SECONDS / _seconds(lambda: source.parse(payload), 1)))
    pairs = [
        (
            _seconds(lambda: source.parse(payload), times),
            _seconds(lambda: plain(payload.body), times),
        )
        for _ in range(ROUNDS)
    ]
    return statistics.median(ours / theirs for ours, theirs in pairs)


def _seconds(work: Callable[[], object], times: int) -> float:
    """Return the CPU seconds of some repetitions."""
    began = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - began
