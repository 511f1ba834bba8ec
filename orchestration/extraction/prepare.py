"""From payloads to rows that may be judged: parsed, dated, of this run's range and calendar.

Nothing is validated or written here; what is left out is counted with its reason.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import pyarrow as pa
import pyarrow.compute as pc

from data_lake.merge import FETCHED_AT
from data_lake.tables import TABLES
from data_lake.tables.base import PROVENANCE, Table
from orchestration import calendar
from orchestration.sources.base import PUBLISHED_ON, ParseError, Payload, Source

CLOSED_DAY = "the calendar has no session that day"
UNFINISHED = "fetched before the session's figures are published"
_TIMESTAMP = pa.timestamp("us", "UTC")
_SEEN_AT = "seen_at"
_LATE_FILE = dt.timedelta(days=1)
"""A `Last-Modified` later than this after the usual time dates an upload, not a publication."""


@dataclass(frozen=True)
class Rejection:
    """A payload that gave no rows to the lake, and why."""

    key: str
    sha256: str
    reason: str


@dataclass
class Prepared:
    """Rows ready for their suites, by table, and what was left out on the way."""

    frames: dict[str, pa.Table]
    rejections: list[Rejection] = field(default_factory=list)
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    unfinished: set[str] = field(default_factory=set)
    """Hashes of payloads with rows that were left out because they came too early."""


def prepare(source: Source, payloads: Sequence[Payload], first: dt.date, last: dt.date) -> Prepared:
    """Parse payloads and return rows with provenance, of the run's range and on real sessions."""
    parts: dict[str, list[pa.Table]] = {name: [] for name in source.tables}
    prepared = Prepared(frames={})
    for payload in payloads:
        try:
            tables = source.parse(payload)
        except ParseError as error:
            rejection = Rejection(payload.request.key, payload.sha256, str(error))
            prepared.rejections.append(rejection)
            continue
        for name, rows in tables.items():
            if rows.num_rows:
                parts[name].append(_with_provenance(source, TABLES[name], payload, rows))
    for name, frames in parts.items():
        if frames:
            rows = pa.concat_tables(frames)
            prepared.frames[name] = _in_range(name, rows, first, last, prepared)
    return prepared


def _with_provenance(source: Source, table: Table, payload: Payload, rows: pa.Table) -> pa.Table:
    published_on = (
        rows[PUBLISHED_ON] if PUBLISHED_ON in rows.column_names else rows[table.date_column]
    )
    calendars = _calendars(source, table, rows)
    published_at = _published_at(source, payload, published_on, calendars)
    count = rows.num_rows
    constants = {
        "source": source.name,
        "payload_sha256": payload.sha256,
        "evidence_grade": "synthetic" if payload.is_synthetic else source.evidence_grade,
        "is_synthetic": payload.is_synthetic,
    }
    columns = {name: pa.repeat(pa.scalar(value), count) for name, value in constants.items()}
    columns |= {"published_at": published_at, "known_at": published_at}
    stored = rows.select(table.schema.names)
    for provenance in PROVENANCE:
        stored = stored.append_column(provenance, columns[provenance.name])
    fetched = pa.repeat(pa.scalar(payload.fetched_at, _TIMESTAMP), count)
    stored = stored.append_column(FETCHED_AT, fetched)
    seen = pa.repeat(pa.scalar(payload.seen_at or payload.fetched_at, _TIMESTAMP), count)
    stored = stored.append_column(_SEEN_AT, seen)
    stored = stored.append_column(PUBLISHED_ON, published_on)
    return stored.append_column("is_session", _is_session(table, rows, calendars))


def _calendars(source: Source, table: Table, rows: pa.Table) -> list[str]:
    if table.calendar_column:
        return rows[table.calendar_column].to_pylist()
    return [table.calendar or source.calendar] * rows.num_rows


def _is_session(table: Table, rows: pa.Table, calendars: list[str]) -> pa.Array:
    if not (table.calendar or table.calendar_column):
        return pa.repeat(pa.scalar(True), rows.num_rows)
    days = rows[table.date_column].to_pylist()
    return pa.array(
        [calendar.is_session(name, day) for name, day in zip(calendars, days, strict=True)],
        pa.bool_(),
    )


def _published_at(
    source: Source, payload: Payload, published_on: pa.ChunkedArray, calendars: list[str]
) -> pa.Array:
    stamp = _last_modified(payload) if source.has_dated_files else None
    moments: dict[tuple[str, dt.date], dt.datetime] = {}
    pairs = list(zip(calendars, published_on.to_pylist(), strict=True))
    for name, day in set(pairs):
        close = calendar.session_close(name, day)
        usual = close + source.publish_lag
        plausible = stamp is not None and close <= stamp <= usual + _LATE_FILE
        moments[name, day] = stamp if stamp is not None and plausible else usual
    return pa.array([moments[pair] for pair in pairs], _TIMESTAMP)


def _last_modified(payload: Payload) -> dt.datetime | None:
    try:
        stamp = parsedate_to_datetime(payload.headers["last-modified"])
    except (KeyError, ValueError, TypeError):
        return None
    return stamp.astimezone(dt.UTC) if stamp.tzinfo else None


def _in_range(
    name: str, rows: pa.Table, first: dt.date, last: dt.date, prepared: Prepared
) -> pa.Table:
    published_on = rows[PUBLISHED_ON]
    rows = rows.filter(
        pc.and_(pc.greater_equal(published_on, first), pc.less_equal(published_on, last))
    )
    finished = pc.less_equal(rows["published_at"], rows[_SEEN_AT])
    for reason, keep in ((CLOSED_DAY, rows["is_session"]), (UNFINISHED, finished)):
        out = rows.num_rows - (pc.sum(keep).as_py() or 0)
        if out:
            prepared.dropped[name, reason] += out
    prepared.unfinished |= set(rows.filter(pc.invert(finished))["payload_sha256"].to_pylist())
    rows = rows.filter(pc.and_(rows["is_session"], finished))
    return rows.drop_columns([PUBLISHED_ON, "is_session", _SEEN_AT])
