"""One source, one range of days: the whole way from requests to month files.

Plain function for the Dagster asset and for tests; it raises for what stops the work (no transport,
another world, a locked lake) and reports everything else in its outcome.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from data_lake.landing import Landing
from data_lake.ledger import Days, Entry, Ledger
from data_lake.store import LakeStore, MonthWritten
from data_lake.tables import TABLES
from data_lake.zones import Zones
from expectations.runner import Verdict
from orchestration import calendar, progress
from orchestration.extraction.audit import audit, quarantine
from orchestration.extraction.collect import collect, published_sessions
from orchestration.extraction.gaps import Gap, gaps
from orchestration.extraction.late import in_order, taken_name
from orchestration.extraction.prepare import Rejection, prepare
from orchestration.sources.base import Payload, Source
from orchestration.transport.base import Transport
from orchestration.version import reader_version


@dataclass(frozen=True)
class Extracted:
    """What a run did for one source."""

    source: str
    sessions: int
    fetched: int
    reused: int
    missing: tuple[tuple[str, str], ...]
    rejections: tuple[Rejection, ...]
    superseded: tuple[Rejection, ...]
    dropped: Counter[tuple[str, str]]
    written: dict[str, list[MonthWritten]]
    verdicts: dict[str, Verdict]
    rows_held: dict[str, int]
    gaps: tuple[Gap, ...]

    @property
    def rows_added(self) -> int:
        """Return how many rows the lake gained."""
        return sum(month.rows_added for months in self.written.values() for month in months)


def extract(
    source: Source,
    first: dt.date,
    last: dt.date,
    transport: Transport,
    zones: Zones,
    *,
    refetch: bool = False,
    now: dt.datetime | None = None,
) -> Extracted:
    """Bring a source's figures of a range of days into the lake.

    Rows that fail their suite, and payloads that cannot be read, are quarantined with the reason
    and listed as rejections; everything else is written. A rejected body that a later body of the
    same key replaced is only noted (`superseded`).

    Raises:
        TransportError: the transport could not answer.
        StoreError: the rows do not fit the lake, or are of another world.
        LakeLockedError: another run holds a table.
    """
    now = now or dt.datetime.now(dt.UTC)
    store, landing = LakeStore(zones.lake), Landing(zones.landing)
    sessions = published_sessions(source, first, last, now)
    collected = collect(source, sessions, transport, landing, store, refetch=refetch)
    ledger = Ledger(zones.lake, source.name)
    if collected.payloads or transport.name != "archive":
        # An archive without a body of a source is no publisher that was asked.
        ledger.note_asked((first, last))
    ordered = in_order(collected.payloads, landing, ledger, (first, last))
    unread = [
        payload
        for payload in ordered.payloads
        if taken_name(payload) in ordered.again
        or not ledger.holds(taken_name(payload), reader_version(), (first, last))
    ]
    prepared = prepare(source, unread, first, last)
    audited = audit(prepared.frames)
    keys = {payload.sha256: payload.request.key for payload in ordered.payloads}
    quarantine(zones.quarantine, source.name, prepared.frames, audited.rejected)
    unreadable = {item.sha256: f"cannot be read: {item.reason}" for item in prepared.rejections}
    quarantine(zones.quarantine, source.name, {}, unreadable)
    rejections = [
        *prepared.rejections,
        *(Rejection(keys[sha], sha, reason) for sha, reason in audited.rejected.items()),
    ]
    replaced = _replaced(ordered.payloads, {item.sha256 for item in rejections})
    written = {
        name: store.write(TABLES[name], rows, ordered.first_seen)
        for name, rows in audited.frames.items()
        if len(rows)
    }
    rejected = {item.sha256 for item in rejections}
    passed_over = rejected | prepared.unfinished
    taken = [payload for payload in unread if payload.sha256 not in passed_over]
    ledger.forget({taken_name(payload) for payload in unread if payload.sha256 in rejected})
    ledger.note(_entries(taken, audited.frames, (first, last)))
    outcome = Extracted(
        source=source.name,
        sessions=len(sessions),
        fetched=collected.fetched,
        reused=collected.reused,
        missing=tuple((request.key, reason) for request, reason in collected.missing),
        rejections=tuple(item for item in rejections if item.sha256 not in replaced),
        superseded=tuple(item for item in rejections if item.sha256 in replaced),
        dropped=prepared.dropped,
        written=written,
        verdicts=audited.verdicts | audited.failures,
        rows_held={name: store.count(TABLES[name]) for name in source.tables},
        gaps=tuple(_gaps(source, store, first, last, now)),
    )
    _report(outcome)
    return outcome


def _replaced(payloads: tuple[Payload, ...], rejected: set[str]) -> set[str]:
    """Return rejected bodies whose key has a later body that was accepted."""
    newest = {payload.request.key: payload.sha256 for payload in payloads}
    return {
        payload.sha256
        for payload in payloads
        if payload.sha256 in rejected and newest[payload.request.key] not in rejected
    }


def _entries(taken: Sequence[Payload], frames: dict[str, pa.Table], days: Days) -> dict[str, Entry]:
    """Return what the ledger is to remember of the payloads that were taken in."""
    months: dict[str, dict[str, list[str]]] = {payload.sha256: {} for payload in taken}
    for name, rows in frames.items():
        month = pc.strftime(rows[TABLES[name].date_column], format="%Y-%m")
        pairs = pa.table({"sha": rows["payload_sha256"], "month": month}).group_by(["sha", "month"])
        for pair in pairs.aggregate([]).to_pylist():
            if pair["sha"] in months:
                months[pair["sha"]].setdefault(name, []).append(pair["month"])
    return {
        taken_name(payload): Entry(reader_version(), *days, months[payload.sha256])
        for payload in taken
    }


def _gaps(
    source: Source, store: LakeStore, first: dt.date, last: dt.date, now: dt.datetime
) -> list[Gap]:
    lag = source.publish_lag
    return [
        gap
        for name in source.tables
        for gap in gaps(store, TABLES[name], first, last, now, lag, source.name)
    ]


def _report(outcome: Extracted) -> None:
    step = f"load {outcome.source}"
    progress.current().start(step, 1)
    notes = [f"{outcome.rows_added:,} rows added"]
    if outcome.rejections:
        notes.append(f"{len(outcome.rejections)} payloads rejected")
    if outcome.gaps:
        notes.append(f"{sum(len(gap.sessions) for gap in outcome.gaps)} sessions missing")
    progress.current().finish(step, ", ".join(notes))


def default_range() -> tuple[dt.date, dt.date]:
    """Return the days of the default run, the window of the article the project answers."""
    return dt.date(2024, 1, 2), dt.date(2025, 2, 28)


def months_of(first: dt.date, last: dt.date) -> list[str]:
    """Return the months a range of days touches."""
    count = (last - first).days + 1
    return calendar.months([first + dt.timedelta(days=offset) for offset in range(count)])
