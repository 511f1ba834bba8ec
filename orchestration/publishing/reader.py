"""Reading a snapshot with SQL: read-only, locked down, every mart named without its schema."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from orchestration.publishing.errors import NoSnapshot, QueryError
from orchestration.publishing.manifest import Snapshot

_CATALOG = "marts"


def query(snapshot: Snapshot, sql: str) -> pa.Table:
    """Answer a statement from a snapshot's marts.

    The statement sees the marts and nothing else: no file, no network, no other database.
    Timestamps come in UTC.

    Raises:
        QueryError: the statement is wrong, forbidden, or returns no table.
        NoSnapshot: the snapshot's database is gone or cannot be opened.
    """
    with duckdb.connect() as connection:
        _open(connection, snapshot)
        try:
            _refuse_two_questions(connection, sql)
            answer = connection.execute(sql)
            table = answer.to_arrow_table() if answer is not None else None
        except duckdb.Error as error:
            raise QueryError(_sentence(error)) from None
    if table is None:
        raise QueryError("there is no statement to run")
    names = table.column_names
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise QueryError(f"two columns are called {', '.join(doubled)}; rename one with AS")
    return table


def _open(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    path = str(snapshot.database).replace("'", "''")
    schemas = sorted({mart.schema for mart in snapshot.marts})
    search_path = ",".join(f"{_CATALOG}.{schema}" for schema in [*schemas, "main"])
    try:
        connection.execute(f"ATTACH '{path}' AS {_CATALOG} (READ_ONLY)")
        connection.execute(f"SET search_path = '{search_path}'")
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        raise NoSnapshot(f"{snapshot.database} cannot be opened: {_sentence(error)}") from None


def _refuse_two_questions(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """DuckDB would answer the last one alone."""
    statements = connection.extract_statements(sql)
    questions = [each for each in statements if each.type == duckdb.StatementType.SELECT]
    if len(questions) > 1:
        raise QueryError(f"{len(questions)} questions in one text; ask them one at a time")


def _sentence(error: duckdb.Error) -> str:
    """Return what DuckDB says, without its kind, the quoted statement and the line breaks."""
    lines = str(error).split("\nLINE ")[0].split("\n")
    return " ".join(" ".join(line.split()) for line in lines if line.strip())
