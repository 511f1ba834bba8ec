"""Which payloads the lake has already taken in, so that a run need not read them again.

A convenience that lives and dies with the tables: deleting `lake/` deletes it, and rows never
depend on it. It belongs to `store`; nothing else may decide what is in the lake.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from data_lake.files import write_atomically

Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Entry:
    """A payload that was read: by which code, for which days, into which months of which tables."""

    reader: str
    first: dt.date
    last: dt.date
    months: dict[str, list[str]]


class Ledger:
    """The payloads of one source that are in the lake under `root`."""

    def __init__(self, root: Path, source: str) -> None:
        self.root = root
        self.path = root / "ledger" / f"{source}.json"
        records = json.loads(self.path.read_bytes()) if self.path.exists() else {}
        self._entries = {name: _entry(record) for name, record in records.items()}

    def holds(self, name: str, reader: str, days: Days) -> bool:
        """Return whether the lake still has all that a payload says about some days.

        False when other code read it, for fewer days, or when a month file is gone.
        """
        entry = self._entries.get(name)
        if entry is None or entry.reader != reader:
            return False
        if not (entry.first <= days[0] and days[1] <= entry.last):
            return False
        return all(
            (self.root / table / f"month={month}" / f"{table}.parquet").exists()
            for table, months in entry.months.items()
            for month in months
        )

    def note(self, entries: dict[str, Entry]) -> None:
        """Remember payloads that were taken in, by a name of the caller's."""
        if not entries:
            return
        self._entries |= entries
        records = {
            name: [entry.reader, entry.first.isoformat(), entry.last.isoformat(), entry.months]
            for name, entry in sorted(self._entries.items())
        }
        write_atomically(self.path, json.dumps(records, indent=0).encode())


def _entry(record: list) -> Entry:
    reader, first, last, months = record
    return Entry(reader, dt.date.fromisoformat(first), dt.date.fromisoformat(last), months)
