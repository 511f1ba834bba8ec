"""What the lake has taken in and was asked for: which payloads need not be read again, which days.

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

    def knows(self, name: str, days: Days) -> bool:
        """Return whether a payload was ever taken in for some days, by whatever code."""
        entry = self._entries.get(name)
        return entry is not None and entry.first <= days[0] and days[1] <= entry.last

    @property
    def names(self) -> set[str]:
        """Return the names of all payloads that the lake stands by."""
        return set(self._entries)

    @property
    def asked(self) -> Days | None:
        """Return the first and last day that any run asked the source for."""
        if not self._asked_path.exists():
            return None
        first, last = json.loads(self._asked_path.read_bytes())
        return dt.date.fromisoformat(first), dt.date.fromisoformat(last)

    def note_asked(self, days: Days) -> None:
        """Remember that a run asked the source for some days, whatever came of it."""
        first, last = self.asked or days
        widened = (min(first, days[0]), max(last, days[1]))
        if widened != self.asked:
            content = json.dumps([day.isoformat() for day in widened]).encode()
            write_atomically(self._asked_path, content)

    @property
    def _asked_path(self) -> Path:
        return self.path.with_suffix(".asked.json")

    def forget(self, names: set[str]) -> None:
        """Take out payloads that the lake no longer stands by: they were read again and refused."""
        if names & self._entries.keys():
            kept = {name: entry for name, entry in self._entries.items() if name not in names}
            self._entries = kept
            self._write()

    def note(self, entries: dict[str, Entry]) -> None:
        """Remember payloads that were taken in, by a name of the caller's."""
        if not entries:
            return
        self._entries |= entries
        self._write()

    def _write(self) -> None:
        records = {
            name: [entry.reader, entry.first.isoformat(), entry.last.isoformat(), entry.months]
            for name, entry in sorted(self._entries.items())
        }
        write_atomically(self.path, json.dumps(records).encode())


def _entry(record: list) -> Entry:
    reader, first, last, months = record
    return Entry(reader, dt.date.fromisoformat(first), dt.date.fromisoformat(last), months)
