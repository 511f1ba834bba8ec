"""What a working copy knows of its objects: the ETag each local file was written with.

A file of its own in the working copy, shared by the processes of one machine. Losing it costs
fetching everything again, nothing else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

FILE = ".etags.sqlite"
_TABLE = """
    CREATE TABLE IF NOT EXISTS objects (
        key TEXT PRIMARY KEY, etag TEXT NOT NULL, size INTEGER, modified_ns INTEGER
    ) WITHOUT ROWID
"""
Stamp = tuple[str, int | None, int | None]


class Etags:
    """ETag, size and time of change by key."""

    def __init__(self, root: Path) -> None:
        self.path = root / FILE
        with self._open() as connection:
            connection.execute(_TABLE)

    def of(self, key: str) -> str | None:
        """Return the ETag an object had when it was last read or written here."""
        with self._open() as connection:
            row = connection.execute("SELECT etag FROM objects WHERE key = ?", [key]).fetchone()
        return row[0] if row else None

    def all(self) -> dict[str, Stamp]:
        """Return what is known of every object."""
        with self._open() as connection:
            rows = connection.execute("SELECT key, etag, size, modified_ns FROM objects").fetchall()
        return {key: (etag, size, modified_ns) for key, etag, size, modified_ns in rows}

    def note(self, key: str, etag: str, path: Path | None = None) -> None:
        """Remember an object, and the local file that holds it."""
        with self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", stamp(key, etag, path)
            )

    def forget(self, keys: Iterable[str]) -> None:
        """Forget objects that are gone."""
        with self._open() as connection:
            connection.executemany("DELETE FROM objects WHERE key = ?", [[key] for key in keys])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            with connection:
                yield connection


def stamp(key: str, etag: str, path: Path | None) -> tuple[str, str, int | None, int | None]:
    """Return the row of an object and its file as it is now."""
    facts = path.stat() if path else None
    return key, etag, facts.st_size if facts else None, facts.st_mtime_ns if facts else None
