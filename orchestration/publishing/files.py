"""The files of a snapshot that hold its marts: one DuckDB file for all, and Parquet files.

DuckDB only; which rows are new is `layout`'s matter, whether they may be read is `audit`'s.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.publishing.build import StagedMart, years_of
from orchestration.publishing.errors import PublishError
from orchestration.publishing.manifest import DATABASE, READ_AT_ONCE_BYTES, Snapshot, file_sha256
from orchestration.publishing.quoting import quoted, text

STORAGE_VERSION = "v1.2.0"
"""Oldest format that keeps what we need, so that every client from 1.2 on reads the file."""
ROW_GROUP_ROWS = 30_720
"""A quarter of DuckDB's default: who asks for one key reads one group of each column. Blocks are of
the default size: in smaller ones DuckDB does not compress DOUBLE and the file is a third larger."""


def copy_marts(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[StagedMart],
    snapshot: Snapshot,
    base: Snapshot | None = None,
) -> None:
    """Write the snapshot's DuckDB file: sorted marts, their comments, and `main._publish`.

    With a `base`, whose days before `first_day` they share, marts that carry on are taken from its
    file and only their new days are written; unless that file is damaged.
    """
    target = snapshot.database
    is_copied = base is not None and copy_whole(base, base.database, target)
    connection.execute(
        f"ATTACH {text(str(target))} AS m "
        f"(STORAGE_VERSION '{STORAGE_VERSION}', ROW_GROUP_SIZE {ROW_GROUP_ROWS})"
    )
    for mart in marts:
        if is_copied and mart.first_day is not None:
            connection.execute(
                f"DELETE FROM m.{mart.table} WHERE {mart.day_column} >= DATE '{mart.first_day}'"
            )
            rows = mart.rows_from("staged", mart.first_day)
            connection.execute(f"INSERT INTO m.{mart.table} BY NAME {rows}")
            continue
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS m.{quoted(mart.schema)}")
        rows = mart.rows_from("staged", None)
        connection.execute(f"CREATE OR REPLACE TABLE m.{mart.table} AS {rows}")
        _copy_comments(connection, mart)
    connection.execute(
        "CREATE OR REPLACE TABLE m.main._publish (snapshot_id VARCHAR, published_at TIMESTAMPTZ, "
        "world VARCHAR)"
    )
    stamp = [snapshot.id, snapshot.created_at, snapshot.world]
    connection.execute("INSERT INTO m.main._publish VALUES (?, ?, ?)", stamp)
    connection.execute("CHECKPOINT m")


def export_marts(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[StagedMart],
    folder: Path,
    base: Snapshot | None = None,
) -> None:
    """Write the copied tables as Parquet files, then let go of the database.

    A mart has one file, `<mart>.parquet`; one that carries on has one a year,
    `<mart>.2024.parquet`, and its years before the first new day are the files of `base`, linked.

    Raises:
        PublishError: the database left a write-ahead log behind.
    """
    for mart in marts:
        if mart.day_column is None:
            _export(connection, f"FROM m.{mart.table}", folder / f"{mart.name}.parquet")
            continue
        for year in years_of(connection, mart, "m"):
            path = folder / f"{mart.name}.{year}.parquet"
            is_old = mart.first_day is not None and year < mart.first_day.year
            if not (base and is_old and _linked(base, path)):
                days = dt.date(year, 1, 1), dt.date(year, 12, 31)
                _export(connection, mart.days_from("m", *days), path)
    connection.execute("DETACH m")
    log = folder / f"{DATABASE}.wal"
    if log.exists():
        raise PublishError(f"{log} is left after a checkpoint; the file is not whole")


def copy_whole(snapshot: Snapshot, source: Path, target: Path) -> bool:
    """Copy a file of a snapshot; say whether it is the one that the manifest states.

    A file that is not is left where it was, and nothing is copied.
    """
    digest = hashlib.sha256()
    try:
        with source.open("rb") as held, target.open("wb") as copy:
            while block := held.read(READ_AT_ONCE_BYTES):
                digest.update(block)
                copy.write(block)
    except FileNotFoundError:
        return False
    is_whole = digest.hexdigest() == snapshot.files.get(source.name)
    if not is_whole:
        target.unlink()
    return is_whole


def _linked(base: Snapshot, path: Path) -> bool:
    """Give a file of the base a second name, unless it is not what its manifest says."""
    held = base.path / path.name
    if not held.is_file() or file_sha256(held) != base.files.get(path.name):
        return False
    try:
        os.link(held, path)
    except OSError:  # a file system without links
        shutil.copyfile(held, path)
    return True


def _export(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def _copy_comments(connection: duckdb.DuckDBPyConnection, mart: StagedMart) -> None:
    place = "database_name = 'staged' AND schema_name = ? AND table_name = ?"
    at = [mart.schema, mart.name]
    comments = connection.execute(
        f"SELECT comment FROM duckdb_tables() WHERE {place} AND comment IS NOT NULL", at
    ).fetchall()
    statements = [f"COMMENT ON TABLE m.{mart.table} IS {text(comment)}" for (comment,) in comments]
    columns = connection.execute(
        f"SELECT column_name, comment FROM duckdb_columns() WHERE {place} AND comment IS NOT NULL",
        at,
    ).fetchall()
    statements += [
        f"COMMENT ON COLUMN m.{mart.table}.{quoted(name)} IS {text(comment)}"
        for name, comment in columns
    ]
    connection.execute(";".join(["BEGIN", *statements, "COMMIT"]))
