"""Parsers against the plainest correct readers of the same bytes: ratios of CPU time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from orchestration.sandbox.market import Market
from orchestration.sources import SOURCES
from orchestration.sources.base import Payload, Source
from tests.benchmarks.payloads import realistic
from tests.benchmarks.plain_readers import READERS

ROUNDS = 31
ROUND_SECONDS = 0.02
"""What a round of our parser takes at least, so that the clock can tell it."""


def parsing_ratios() -> Iterator[tuple[str, str, str]]:
    """Yield (what, goal, measured) for each format of each source."""
    market = Market()
    for source in SOURCES:
        for payload in realistic(source, market):
            size = f"{len(payload.body) / 1000:,.1f} kB"
            what = f"parse {source.name}/{payload.request.key} ({size}) against a plain reader"
            yield what, "ratio 2", f"ratio {_ratio(source, payload):.2f}"


def _ratio(source: Source, payload: Payload) -> float:
    """Return the median ratio of pairs measured one right after the other."""
    plain = READERS[source.name]
    times = max(1, round(ROUND_SECONDS / _seconds(lambda: source.parse(payload), 1)))
    pairs = [
        (
            _seconds(lambda: source.parse(payload), times),
            _seconds(lambda: plain(payload), times),
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
