"""A connection to a PostgreSQL server, and what its refusals mean in one sentence.

The only module that imports the driver. Everything happens in transactions: what is not committed
never was, also where this process is killed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from orchestration.publishing.postgres import errors

CONNECT_TIMEOUT_SECONDS = 10
EXAMPLE = "postgresql://hkflow_publisher:PASSWORD@localhost:5432/hkflow"
LOCK_NOT_AVAILABLE = "55P03"
DEPENDENTS = "2BP01"

_BY_STATE = {
    "42501": (
        errors.MissingRightsError,
        "let an administrator run the set-up of docs/bi.md for this role",
    ),
    "25006": (errors.MissingRightsError, "name the primary server, not a read-only one"),
    "53100": (errors.NoRoomError, "free room on the server's disk, then publish again"),
    "53200": (errors.NoRoomError, "free memory on the server, then publish again"),
    "23505": (errors.BrokenMartError, "build the marts anew with `hkflow run`, which tests keys"),
    "23502": (errors.BrokenMartError, "build the marts anew with `hkflow run`, which tests nulls"),
    LOCK_NOT_AVAILABLE: (
        errors.PublishingElsewhereError,
        "another session holds it; wait for it to end, then publish again",
    ),
}
_AT_CONNECT = (
    (
        r"(?:password|Ident|peer|GSSAPI|LDAP|certificate)[^\n]*authentication failed"
        r"|no password supplied|no pg_hba\.conf entry|role \"[^\n]*\" (?:does not exist|is not)"
        r"|permission denied for database|authentication method",
        errors.AccessRefusedError,
        "check role and password in HKFLOW_POSTGRES_DSN, and the server's pg_hba.conf",
    ),
    (
        r"database \"[^\n]*\" does not exist",
        errors.NoServerError,
        "create the database as docs/bi.md shows, or name another in HKFLOW_POSTGRES_DSN",
    ),
    (
        r"too many (?:clients|connections)|connection slots",
        errors.NoServerError,
        "close other connections or raise max_connections, then publish again",
    ),
)


class Session:
    """An open connection in a transaction; `commit` ends it and begins the next."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; texts come as `str`, numerics too.

        Raises:
            PostgresError: the server refuses it.
        """
        with self._refusals(), self._connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def copy(self, schema: str, table: str, rows: pa.RecordBatchReader) -> int:
        """Append rows to a table by binary COPY; return how many.

        Raises:
            PostgresError: the server refuses them.
        """
        with self._refusals(f"{schema}.{table}: "), self._connection.cursor() as cursor:
            return int(cursor.adbc_ingest(table, rows, mode="append", db_schema_name=schema))

    def commit(self) -> None:
        """Make all that was done since the last commit visible to others at once."""
        with self._refusals():
            self._connection.commit()

    def rollback(self) -> None:
        """Undo all that was done since the last commit."""
        with self._refusals():
            self._connection.rollback()

    @contextmanager
    def _refusals(self, where: str = "") -> Iterator[None]:
        import adbc_driver_manager as driver

        try:
            yield
        except driver.Error as error:
            raise refusal(error, where) from None


@contextmanager
def connect(dsn: str) -> Iterator[Session]:
    """Connect to a server; leaving undoes what was not committed.

    Raises:
        NoDriverError: the extra `bi` is not installed.
        NoServerError: nobody answers, or there is no such database.
        AccessRefusedError: the role is not let in.
        PostgresError: the connection string cannot be read.
    """
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise errors.NoDriverError(
            "the PostgreSQL driver is not installed; run .venv/bin/pip install -e '.[bi]'"
        ) from None
    try:
        connection = dbapi.connect(_completed(dsn))
    except dbapi.Error as error:
        raise connect_refusal(str(error)) from None
    try:
        yield Session(connection)
    finally:
        connection.close()


def connect_refusal(message: str) -> errors.PostgresError:
    """Return what a failed connection means; the connection string is never repeated."""
    said = message.split("Failed to connect: ")[-1].strip().splitlines()
    first = said[0] if said else message
    if not re.search(r"\bserver\b|fe_sendauth|could not translate|timeout|FATAL|SSL", message):
        return errors.PostgresError(
            f"HKFLOW_POSTGRES_DSN is no connection string of PostgreSQL; write e.g. {EXAMPLE}"
        )
    for pattern, kind, advice in _AT_CONNECT:
        if re.search(pattern, message):
            return kind(f"PostgreSQL refuses the connection: {_shown(first)}; {advice}")
    return errors.NoServerError(
        f"no PostgreSQL server can be reached: {_shown(first)}; start it, or name another in "
        "HKFLOW_POSTGRES_DSN"
    )


def refusal(error: Exception, where: str = "") -> errors.PostgresError:
    """Return what a refused statement means; `state` of the result is the server's SQLSTATE."""
    message, state = str(error), getattr(error, "sqlstate", None) or ""
    lost = state[:3] in ("08", "57P") or state[:2] == "08" or "server closed the conn" in message
    said = f"{where}{_shown(message)}"
    if lost or "no connection to the server" in message:
        made: errors.PostgresError = errors.NoServerError(
            f"the PostgreSQL server went away: {said}; publish again when it is back"
        )
    elif state in _BY_STATE:
        kind, advice = _BY_STATE[state]
        made = kind(f"PostgreSQL refuses: {said}; {advice}")
    else:
        made = errors.PostgresError(f"PostgreSQL refuses: {said} (SQLSTATE {state or 'unknown'})")
    made.sqlstate = state
    return made


def _shown(message: str) -> str:
    """Return the server's own sentence and its detail, without statement and position."""
    found = re.search(r"(?:ERROR|FATAL|PANIC):\s+([^\n]+)", message)
    detail = re.search(r"DETAIL:\s+([^\n]+)", message)
    sentence = found[1] if found else message.strip().splitlines()[0]
    return f"{sentence} ({detail[1]})" if detail else sentence


def _completed(dsn: str) -> str:
    """Return a connection string that gives up where nobody answers and says who it is."""
    is_uri = dsn.startswith(("postgresql://", "postgres://"))
    added = {"connect_timeout": str(CONNECT_TIMEOUT_SECONDS), "application_name": "hkflow"}
    for name, value in added.items():
        if f"{name}=" in dsn:
            continue
        separator = ("&" if "?" in dsn else "?") if is_uri else " "
        dsn = f"{dsn}{separator}{name}={value}"
    return dsn
