"""What the warehouse holds: rows, last sessions and gaps per table, snapshots, quarantine.

Pure questions to the zones; the CLI prints the answers.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from data_lake.landing import Landing
from data_lake.ledger import Days, Ledger
from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration.extraction.gaps import Gap, gaps
from orchestration.sources import feeds


@dataclass(frozen=True)
class TableStatus:
    """One lake table: current extent, and the sessions without a row up to the last day asked."""

    table: str
    rows: int
    first: dt.date | None
    last: dt.date | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Quarantined:
    """A body that was refused. `is_healed`: its file was accepted since; the bytes are kept."""

    source: str
    folder: Path
    reason: str
    is_healed: bool


def table_status(zones: Zones, now: dt.datetime | None = None) -> list[TableStatus]:
    """Return the state of every table, empty ones included.

    Sessions are missing from the first row held (or the first day asked for, where no row came) to
    the last day that a run asked a source of the table for, as far as they are published by `now`.
    """
    store = LakeStore(zones.lake)
    now = now or dt.datetime.now(dt.UTC)
    found = []
    for name, table in TABLES.items():
        lag = max(source.publish_lag for source in feeds(name))
        rows = store.read(table)
        extent = pc.min_max(rows[table.date_column]).as_py()
        asked = _asked(zones, name)
        ends = [day for day in (extent["max"], asked and asked[1]) if day]
        begins = asked[0] if asked and not rows.num_rows else None
        missing = gaps(store, table, begins, max(ends), now, lag) if ends else []
        found.append(TableStatus(name, rows.num_rows, extent["min"], extent["max"], tuple(missing)))
    return found


def _asked(zones: Zones, table: str) -> Days | None:
    """Return the first and last day for which any source of a table was asked."""
    days = [Ledger(zones.lake, source.name).asked for source in feeds(table)]
    known = [each for each in days if each]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None


def quarantined(zones: Zones) -> list[Quarantined]:
    """Return the quarantined payloads, newest last."""
    landing = Landing(zones.landing)
    reasons = sorted(
        zones.quarantine.glob("*/*/reason.json"), key=lambda path: path.stat().st_mtime
    )
    found = []
    for path in reasons:
        folder, record = path.parent, json.loads(path.read_bytes())
        source = folder.parent.name
        is_healed = _is_healed(zones, landing, source, record["payload_sha256"])
        found.append(Quarantined(source, folder, record["reason"], is_healed))
    return found


def _is_healed(zones: Zones, landing: Landing, source: str, sha256: str) -> bool:
    """Return whether the lake took in, of each file it stood in, this body or a later one."""
    accepted = {name.partition("@")[0] for name in Ledger(zones.lake, source).names}
    files = [landing.seen(source, key) for key in landing.keys_of(source, sha256)]
    return bool(files) and all(
        any(sha in accepted and at >= _last_seen(seen, sha256) for at, sha in seen)
        for seen in files
    )


def _last_seen(seen: list[tuple[dt.datetime, str]], sha256: str) -> dt.datetime:
    return max(at for at, sha in seen if sha == sha256)
