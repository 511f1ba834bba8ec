"""From the staged file to a snapshot's files: which tables are marts, reading, copying, exporting.

DuckDB only; no locks, no verdicts, no names that readers know.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.publishing.errors import PublishError
from orchestration.publishing.manifest import DATABASE, Snapshot

MART_SCHEMAS = ("inflows", "valuations", "sentiment", "core", "claims", "quality")
STORAGE_VERSION = "v1.2.0"
"""Oldest format that keeps what we need, so that every 1.x client reads the file."""

SortKeys = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class StagedMart:
    """A mart in the staged file, with the order its rows are kept in."""

    schema: str
    name: str
    order: str

    @property
    def table(self) -> str:
        """Return the quoted name within its database."""
        return f"{_quoted(self.schema)}.{_quoted(self.name)}"


@contextmanager
def open_staged(staged: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the staged file read-only, as database `staged` of a connection of its own.

    Raises:
        PublishError: the file is missing, held by a writer, or no DuckDB file, or DuckDB fails
            while it is open.
    """
    if not staged.is_file():
        raise PublishError(f"{staged}: there is no staged file; build the marts first")
    with duckdb.connect() as connection:
        try:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"ATTACH {_text(staged)} AS staged (READ_ONLY)")
            yield connection
        except duckdb.Error as error:
            raise PublishError(f"{staged}: {' '.join(str(error).split())}") from None


def list_marts(connection: duckdb.DuckDBPyConnection, sort_keys: SortKeys) -> list[StagedMart]:
    """Return the base tables of the mart schemas.

    Raises:
        PublishError: there is none, or two share a name.
    """
    rows = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'staged' "
        "AND list_contains(?, schema_name) ORDER BY table_name, schema_name",
        [list(MART_SCHEMAS)],
    ).fetchall()
    names = [name for _, name in rows]
    twice = sorted({name for name in names if names.count(name) > 1})
    if not rows:
        raise PublishError(f"the staged file has no table in {', '.join(MART_SCHEMAS)}")
    if twice:
        raise PublishError(f"marts share a name in two schemas: {', '.join(twice)}")
    return [StagedMart(schema, name, _order(sort_keys.get(name, ()))) for schema, name in rows]


def read_mart(connection: duckdb.DuckDBPyConnection, mart: StagedMart) -> pa.Table:
    """Return a staged mart's rows in their kept order."""
    query = f"SELECT * FROM staged.{mart.table} ORDER BY {mart.order}"
    return connection.execute(query).to_arrow_table()


def content_sha256(rows: pa.Table) -> str:
    """Return a hash of names, types and values, whatever file they stand in."""
    sink = io.BytesIO()
    plain = rows.replace_schema_metadata(None).combine_chunks()
    with pa.ipc.new_stream(sink, plain.schema) as stream:
        stream.write_table(plain)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def copy_marts(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[StagedMart], snapshot: Snapshot
) -> None:
    """Write the snapshot's DuckDB file: sorted marts, their comments, and `main._publish`."""
    target = snapshot.database
    connection.execute(f"ATTACH {_text(target)} AS m (STORAGE_VERSION '{STORAGE_VERSION}')")
    for mart in marts:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS m.{_quoted(mart.schema)}")
        connection.execute(
            f"CREATE TABLE m.{mart.table} AS FROM staged.{mart.table} ORDER BY {mart.order}"
        )
        _copy_comments(connection, mart)
    connection.execute(
        "CREATE TABLE m.main._publish (snapshot_id VARCHAR, published_at TIMESTAMPTZ, "
        "world VARCHAR)"
    )
    stamp = [snapshot.id, snapshot.created_at, snapshot.world]
    connection.execute("INSERT INTO m.main._publish VALUES (?, ?, ?)", stamp)
    connection.execute("CHECKPOINT m")


def export_marts(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[StagedMart], folder: Path
) -> None:
    """Write one Parquet file per mart from the copied tables, then let go of the database.

    Raises:
        PublishError: the database left a write-ahead log behind.
    """
    for mart in marts:
        destination = _text(folder / f"{mart.name}.parquet")
        connection.execute(
            f"COPY (FROM m.{mart.table}) TO {destination} (FORMAT parquet, COMPRESSION zstd)"
        )
    connection.execute("DETACH m")
    log = folder / f"{DATABASE}.wal"
    if log.exists():
        raise PublishError(f"{log} is left after a checkpoint; the file is not whole")


def _copy_comments(connection: duckdb.DuckDBPyConnection, mart: StagedMart) -> None:
    place = "database_name = 'staged' AND schema_name = ? AND table_name = ?"
    at = [mart.schema, mart.name]
    comments = connection.execute(
        f"SELECT comment FROM duckdb_tables() WHERE {place} AND comment IS NOT NULL", at
    ).fetchall()
    statements = [f"COMMENT ON TABLE m.{mart.table} IS {_text(text)}" for (text,) in comments]
    columns = connection.execute(
        f"SELECT column_name, comment FROM duckdb_columns() WHERE {place} AND comment IS NOT NULL",
        at,
    ).fetchall()
    statements += [
        f"COMMENT ON COLUMN m.{mart.table}.{_quoted(name)} IS {_text(text)}"
        for name, text in columns
    ]
    connection.execute(";".join(["BEGIN", *statements, "COMMIT"]))


def _order(keys: Sequence[str]) -> str:
    """Return an order that leaves nothing to chance: the keys first, then every column."""
    return ", ".join([*(_quoted(key) for key in keys), "COLUMNS(*)"]) if keys else "ALL"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
