"""The staged file as publishing reads it: which tables are marts, in which order their rows stand.

DuckDB only; no locks, no verdicts, no files of a snapshot: those are `files`' matter.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.publishing.errors import PublishError
from orchestration.publishing.layout import Layout
from orchestration.publishing.quoting import quoted, text

MART_SCHEMAS = ("inflows", "valuations", "sentiment", "core", "claims", "quality")
_MEMORY_LIMIT = "2GB"
"""What DuckDB sorts in memory; more goes to a folder beside the staged file."""


@dataclass(frozen=True)
class StagedMart:
    """A mart in the staged file, with the order its rows are kept in.

    A mart that carries on names the column with its day; `first_day` is the first that differs from
    the snapshot before, None where all of them may.
    """

    schema: str
    name: str
    order: str
    day_column: str | None = None
    first_day: dt.date | None = None

    @property
    def table(self) -> str:
        """Return the quoted name within its database."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    def rows_from(self, database: str, first: dt.date | None, last: dt.date | None = None) -> str:
        """Return the query of its rows of some days, or of all, in their order."""
        return f"{self.days_from(database, first, last)} ORDER BY {self.order}"

    def days_from(self, database: str, first: dt.date | None, last: dt.date | None = None) -> str:
        """Return the query of its rows of some days, or of all, as they stand."""
        bounds = [f"{self.day_column} >= DATE '{first}'"] if first else []
        bounds += [f"{self.day_column} <= DATE '{last}'"] if last else []
        return f"SELECT * FROM {database}.{self.table} WHERE {' AND '.join(['true', *bounds])}"


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
            connection.execute(f"SET memory_limit = '{_MEMORY_LIMIT}'")
            connection.execute(f"SET temp_directory = {text(str(staged.with_name('publish.tmp')))}")
            connection.execute(f"ATTACH {text(str(staged))} AS staged (READ_ONLY)")
            yield connection
        except duckdb.Error as error:
            raise PublishError(f"{staged}: {' '.join(str(error).split())}") from None


def list_marts(connection: duckdb.DuckDBPyConnection, layout: Layout) -> list[StagedMart]:
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
    return [
        StagedMart(
            schema,
            name,
            _order(layout.keys.get(name, ()), layout.days.get(name)),
            layout.days.get(name),
            layout.first_days.get(name),
        )
        for schema, name in rows
    ]


def read_mart(
    connection: duckdb.DuckDBPyConnection,
    mart: StagedMart,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> pa.Table:
    """Return a staged mart's rows, of some days or all, in their kept order."""
    return connection.execute(mart.rows_from("staged", first, last)).to_arrow_table()


def count_rows(connection: duckdb.DuckDBPyConnection, mart: StagedMart) -> int:
    """Return how many rows a staged mart has."""
    query = f"SELECT count(*) FROM staged.{mart.table}"
    return connection.execute(query).fetchall()[0][0]


def years_of(
    connection: duckdb.DuckDBPyConnection, mart: StagedMart, database: str = "staged"
) -> list[int]:
    """Return the years in which a mart that carries on has days."""
    query = f"SELECT DISTINCT year({mart.day_column}) FROM {database}.{mart.table} ORDER BY 1"
    return [year for (year,) in connection.execute(query).fetchall()]


def content_sha256(rows: pa.Table) -> str:
    """Return a hash of names, types and values, whatever file they stand in."""
    sink = io.BytesIO()
    plain = rows.replace_schema_metadata(None).combine_chunks()
    with pa.ipc.new_stream(sink, plain.schema) as stream:
        stream.write_table(plain)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _order(keys: Sequence[str], day_column: str | None) -> str:
    """Return an order that leaves nothing to chance: the key, or else every column.

    A mart that carries on comes year by year, so that who asks for one year reads no other.
    """
    if not keys:
        return "ALL"
    years = [f"year({quoted(day_column)})"] if day_column else []
    return ", ".join([*years, *(quoted(key) for key in keys)])
