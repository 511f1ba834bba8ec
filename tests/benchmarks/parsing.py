"""Parsers against the plainest correct readers of the same bytes: ratios of CPU time."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Iterator

from orchestration.calendar import sessions
from orchestration.sandbox import RENDERERS
from orchestration.sandbox.market import Market
from orchestration.sources import SOURCES
from orchestration.sources.base import Payload, Source
from tests.benchmarks.plain_readers import READERS, Rows

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 2, 28)
ROUNDS = 15


def parsing_ratios() -> Iterator[tuple[str, str, str]]:
    """Yield (what, goal, measured) for each source with a plain reader."""
    market = Market()
    for source in SOURCES:
        if source.name in READERS:
            payload = _largest(source, market)
            plain = READERS[source.name]
            ratio = _ratio(source, payload, plain)
            size = len(payload.body) / 1000
            what = f"parse {source.name} ({size:,.0f} kB) against a plain reader"
            yield what, "ratio 2", f"ratio {ratio:.2f}"


def _largest(source: Source, market: Market) -> Payload:
    requests = source.requests(sessions(source.calendar, FIRST, LAST))[-3:]
    now = dt.datetime.now(dt.UTC)
    answers = ((request, RENDERERS[source.name](market, request)) for request in requests)
    payloads = [
        Payload(request, answer.body, 200, answer.headers, now, is_synthetic=True)
        for request, answer in answers
        if answer.status == 200 and not request.key.startswith("premium")
    ]
    return max(payloads, key=lambda payload: len(payload.body))


def _ratio(source: Source, payload: Payload, plain: Callable[[bytes], Rows]) -> float:
    parsed = sum(table.num_rows for table in source.parse(payload).values())
    assert len(plain(payload.body)) >= parsed * 0.9, f"the plain reader of {source.name} is wrong"
    pairs = [
        (_seconds(lambda: source.parse(payload)), _seconds(lambda: plain(payload.body)))
        for _ in range(ROUNDS)
    ]
    return statistics.median(ours / theirs for ours, theirs in pairs)


def _seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of enough repetitions to be measurable."""
    began = time.process_time()
    for _ in range(20):
        work()
    return time.process_time() - began
