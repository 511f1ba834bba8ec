"""What the warehouse holds: rows, last sessions and gaps per table, snapshots, quarantine.

Pure questions to the zones; the CLI prints the answers.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration.extraction.gaps import Gap, gaps
from orchestration.sources import feeds


@dataclass(frozen=True)
class TableStatus:
    """One lake table: current extent and the sessions it lacks between first and last row."""

    table: str
    rows: int
    first: dt.date | None
    last: dt.date | None
    gaps: tuple[Gap, ...]


def table_status(zones: Zones) -> list[TableStatus]:
    """Return the state of every table, empty ones included."""
    store = LakeStore(zones.lake)
    lags = {name: max(source.publish_lag for source in feeds(name)) for name in TABLES}
    found = []
    now = dt.datetime.now(dt.UTC)
    for name, table in TABLES.items():
        months = store.months(table)
        if not months:
            found.append(TableStatus(name, 0, None, None, ()))
            continue
        rows = store.read(table)
        extent = pc.min_max(rows[table.date_column]).as_py()
        found.append(
            TableStatus(
                table=name,
                rows=rows.num_rows,
                first=extent["min"],
                last=extent["max"],
                gaps=tuple(gaps(store, table, None, extent["max"], now, lags[name])),
            )
        )
    return found


def quarantined(zones: Zones) -> list[Path]:
    """Return the quarantined payloads' folders, newest last."""
    return sorted(
        (path.parent for path in zones.quarantine.glob("*/*/reason.json")),
        key=lambda folder: (folder / "reason.json").stat().st_mtime,
    )
