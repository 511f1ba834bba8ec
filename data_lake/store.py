"""The store: the only code that writes lake Parquet.

A table is `<root>/<table>/month=YYYY-MM/<table>.parquet`, one file a month, rows sorted by key and
`known_at`. A write merges into the files it touches and never removes a known version: a changed
figure is a further row with a later `known_at`. The same rows again change no byte. Nothing here
knows publishers, calendars or suites.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_lake.files import exclusive_lock, write_atomically
from data_lake.merge import FETCHED_AT, merge_versions
from data_lake.tables import TABLES
from data_lake.tables.base import Table

WORLD_FILE = "world.json"


class StoreError(Exception):
    """Rows that do not fit the table or the lake; the message says which and why."""


@dataclass(frozen=True)
class MonthWritten:
    """What a write did to one month file. `sha256` is that of the file's rows, not of its bytes."""

    month: str
    rows: int
    rows_added: int
    sha256: str
    is_changed: bool


class LakeStore:
    """The Parquet tables under one folder, all of one world (`sandbox` or `real`)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def month_file(self, table: Table, month: str) -> Path:
        """Return the path of a month of a table (which need not exist)."""
        return self.root / table.name / f"month={month}" / f"{table.name}.parquet"

    def months(self, table: Table) -> list[str]:
        """Return the months (YYYY-MM) a table holds, in order."""
        folders = (self.root / table.name).glob(f"month=*/{table.name}.parquet")
        return sorted(path.parent.name.removeprefix("month=") for path in folders)

    def read(self, table: Table, months: list[str] | None = None) -> pa.Table:
        """Return all versions of a table's rows, of some months or of all."""
        wanted = self.months(table) if months is None else months
        paths = [self.month_file(table, month) for month in wanted]
        parts = [pq.ParquetFile(path).read() for path in paths if path.exists()]
        return pa.concat_tables(parts) if parts else table.stored_schema.empty_table()

    def count(self, table: Table) -> int:
        """Return how many rows a table holds, all versions counted, without reading them."""
        paths = (self.month_file(table, month) for month in self.months(table))
        return sum(pq.read_metadata(path).num_rows for path in paths)

    def world(self) -> str | None:
        """Return which world the lake holds, `sandbox` or `real`; None while it is empty."""
        path = self.root / WORLD_FILE
        return json.loads(path.read_bytes())["world"] if path.exists() else None

    def check_world(self, world: str) -> None:
        """Refuse data of another world than the lake holds; an empty lake takes either.

        Raises:
            StoreError: the lake holds the other one.
        """
        held = self.world()
        if held not in (None, world):
            raise StoreError(
                f"the lake at {self.root} holds {held} data and this run brings {world} data; "
                "they never mix: set HKFLOW_LAKE to another folder for this run"
            )

    def _claim_world(self, world: str) -> None:
        """Make the lake hold a world for good; two first writers at once cannot both win."""
        if self.world() == world:
            return
        with exclusive_lock(self.root / ".lock"):
            self.check_world(world)
            content = json.dumps({"world": world}).encode()
            write_atomically(self.root / WORLD_FILE, content)

    def write(
        self,
        table: Table,
        rows: pa.Table,
        first_seen: Mapping[str, dt.datetime] | None = None,
    ) -> list[MonthWritten]:
        """Merge rows into the month files they belong to.

        `rows` has the table's stored schema plus `fetched_at` (UTC, when the body was first
        fetched), which dates later versions and is not stored. `first_seen` says the same of
        bodies already held, by SHA-256; it is needed where rows are older than held ones. The
        first rows ever written decide the lake's world.

        Raises:
            StoreError: a column is missing, unknown or of another type, a key or other required
                column holds a null, or the rows are of another world than the lake.
            LakeLockedError: another run is writing the table, or its first rows.
        """
        rows = _checked(table, rows)
        if rows.num_rows == 0:
            return []
        worlds = pc.unique(rows["is_synthetic"]).to_pylist()
        if len(worlds) != 1:
            raise StoreError(f"{table.name}: sandbox and real rows in one write; they never mix")
        world = "sandbox" if worlds[0] else "real"
        self.check_world(world)
        with exclusive_lock(self.root / table.name / ".lock"):
            months = sorted(pc.unique(_month_of(table, rows)).to_pylist())
            held = {month: self.read(table, [month]) for month in months}
            merged = merge_versions(table, pa.concat_tables(held.values()), rows, first_seen)
            self._claim_world(world)
            month_of = _month_of(table, merged)
            return [
                self._write_month(
                    table, month, held[month], merged.filter(pc.equal(month_of, month))
                )
                for month in months
            ]

    def _write_month(
        self, table: Table, month: str, held: pa.Table, merged: pa.Table
    ) -> MonthWritten:
        is_changed = not merged.equals(held)
        if is_changed:
            write_atomically(self.month_file(table, month), _parquet_bytes(table, merged))
        return MonthWritten(
            month=month,
            rows=merged.num_rows,
            rows_added=merged.num_rows - held.num_rows,
            sha256=content_sha256(merged),
            is_changed=is_changed,
        )

    def state(self) -> dict[str, dict[str, object]]:
        """Return, for each table, its months, rows and a fingerprint of its files."""
        return {
            name: self._table_state(table)
            for name, table in sorted(TABLES.items())
            if self.months(table)
        }

    def _table_state(self, table: Table) -> dict[str, object]:
        months = self.months(table)
        paths = [self.month_file(table, month) for month in months]
        files = [_file_state(path, *stamp_of(path)) for path in paths]
        named = "".join(month + sha256 for month, (sha256, _) in zip(months, files, strict=True))
        return {
            "rows": sum(rows for _, rows in files),
            "months": months,
            "sha256": hashlib.sha256(named.encode()).hexdigest(),
        }


def stamp_of(path: Path) -> tuple[int, int]:
    """Return size in bytes and time of change in ns: with both as before, a file is as before."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=1 << 16)
def _file_state(path: Path, _size_bytes: int, _modified_ns: int) -> tuple[str, int]:
    """Return hash and rows of a file; a run asks some times, and the lake may be large."""
    return hashlib.sha256(path.read_bytes()).hexdigest(), pq.read_metadata(path).num_rows


def content_sha256(rows: pa.Table) -> str:
    """Return a hash of rows that does not depend on the Parquet writer's version."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, rows.schema.remove_metadata()) as stream:
        stream.write_table(rows.replace_schema_metadata(None).combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _month_of(table: Table, rows: pa.Table) -> pa.ChunkedArray:
    return pc.strftime(rows[table.date_column], format="%Y-%m")


def _checked(table: Table, rows: pa.Table) -> pa.Table:
    expected = pa.schema([*table.stored_schema, pa.field(FETCHED_AT, pa.timestamp("us", "UTC"))])
    missing = [name for name in expected.names if name not in rows.schema.names]
    unknown = [name for name in rows.schema.names if name not in expected.names]
    if missing or unknown:
        raise StoreError(f"{table.name}: missing columns {missing}, unknown columns {unknown}")
    for field in expected:
        if rows.schema.field(field.name).type != field.type:
            found = rows.schema.field(field.name).type
            raise StoreError(f"{table.name}.{field.name}: expected {field.type}, found {found}")
        if not field.nullable and rows[field.name].null_count:
            raise StoreError(f"{table.name}.{field.name}: null in a required column")
    return rows.select(expected.names).cast(expected)


def _parquet_bytes(table: Table, rows: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(rows.cast(table.stored_schema), sink, compression="zstd")
    return sink.getvalue()
