"""The snapshot as a publisher to PostgreSQL reads it: marts, column types, comments, rows.

DuckDB and Arrow on one side, names of PostgreSQL's types on the other; no server is asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from orchestration.publishing.errors import NoSnapshot
from orchestration.publishing.manifest import DATABASE, Snapshot, file_sha256
from orchestration.publishing.quoting import quoted, text

_BATCH_ROWS = 50_000
_PLAIN = {
    "BOOLEAN": "boolean",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "BLOB": "bytea",
}
_WIDENED = {
    "TINYINT": ("SMALLINT", "smallint"),
    "UTINYINT": ("SMALLINT", "smallint"),
    "USMALLINT": ("INTEGER", "integer"),
    "UINTEGER": ("BIGINT", "bigint"),
    "UBIGINT": ("DECIMAL(20, 0)", "numeric(20,0)"),
    "HUGEINT": ("DECIMAL(38, 0)", "numeric(38,0)"),
    "UHUGEINT": ("DECIMAL(38, 0)", "numeric(38,0)"),
}
"""Whole numbers without a counterpart in PostgreSQL: what they are cast to, and its name there."""

TEXT = 'text collate "C"'
"""Sorted by code point, as DuckDB does: the order of rows does not depend on the server's locale"""


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in DuckDB, and its comment (unit, definition, Chinese term)."""

    name: str
    duckdb_type: str
    comment: str | None

    @property
    def postgres_type(self) -> str:
        """Return the type in PostgreSQL, with the collation of a text."""
        if self.duckdb_type in _WIDENED:
            return _WIDENED[self.duckdb_type][1]
        if self.duckdb_type.startswith("DECIMAL("):
            return self.duckdb_type.lower().replace("decimal", "numeric")
        return _PLAIN.get(self.duckdb_type, TEXT)

    @property
    def selected(self) -> str:
        """Return the expression that gives the column in a type that PostgreSQL has."""
        name = quoted(self.name)
        if self.duckdb_type in _WIDENED:
            return f"CAST({name} AS {_WIDENED[self.duckdb_type][0]}) AS {name}"
        if self.postgres_type == TEXT and self.duckdb_type != "VARCHAR":
            return f"CAST({name} AS VARCHAR) AS {name}"
        return name


@dataclass(frozen=True)
class SourceMart:
    """A mart of the snapshot; `rows` is what the manifest states."""

    schema: str
    name: str
    rows: int
    comment: str | None
    columns: tuple[Column, ...]


class Source:
    """An open snapshot."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
        self._connection = connection
        self._snapshot = snapshot

    def marts(self) -> list[SourceMart]:
        """Return the marts that the manifest names, in its order.

        Raises:
            NoSnapshot: the database lacks one of them.
        """
        return [self._mart(mart.schema, mart.name, mart.rows) for mart in self._snapshot.marts]

    def rows(self, mart: SourceMart, key: Sequence[str]) -> pa.RecordBatchReader:
        """Return a mart's rows as a stream, sorted by a key, which saves the server the sorting."""
        columns = ", ".join(column.selected for column in mart.columns)
        statement = f"SELECT {columns} FROM m.{quoted(mart.schema)}.{quoted(mart.name)}"
        if key:
            statement += f" ORDER BY {', '.join(quoted(name) for name in key)}"
        return self._connection.sql(statement).to_arrow_reader(_BATCH_ROWS)

    def _mart(self, schema: str, name: str, rows: int) -> SourceMart:
        place = "database_name = 'm' AND schema_name = ? AND table_name = ?"
        tables = self._connection.execute(
            f"SELECT comment FROM duckdb_tables() WHERE {place}", [schema, name]
        ).fetchall()
        if not tables:
            raise NoSnapshot(f"{self._snapshot.database} has no table {schema}.{name}")
        columns = self._connection.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() "
            f"WHERE {place} ORDER BY column_index",
            [schema, name],
        ).fetchall()
        return SourceMart(schema, name, rows, tables[0][0], tuple(Column(*row) for row in columns))


@contextmanager
def open_source(snapshot: Snapshot) -> Iterator[Source]:
    """Open a snapshot's database after holding it against its manifest.

    Raises:
        NoSnapshot: the database is gone, damaged, or cannot be read.
    """
    again = "run `hkflow run`, or `hkflow rollback` to the snapshot before"
    path = snapshot.database
    if not path.is_file() or file_sha256(path) != snapshot.files.get(DATABASE):
        raise NoSnapshot(
            f"{path} is missing or damaged: it is not what its manifest states; {again}"
        )
    with duckdb.connect() as connection:
        try:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"ATTACH {text(str(path))} AS m (READ_ONLY)")
            yield Source(connection, snapshot)
        except duckdb.Error as error:
            raise NoSnapshot(f"{path}: {' '.join(str(error).split())}; {again}") from None
