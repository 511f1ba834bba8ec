"""One version of the marts on a server: tables, rows, keys, comments and grants in a new schema.

Everything happens in the caller's transaction; nothing here is visible to others before it commits.
"""

from __future__ import annotations

import datetime as dt

from orchestration.publishing.manifest import Snapshot
from orchestration.publishing.postgres.contracts import Contract
from orchestration.publishing.postgres.errors import BrokenMartError, MissingRightsError
from orchestration.publishing.postgres.session import Session
from orchestration.publishing.postgres.source import Source, SourceMart
from orchestration.publishing.postgres.versions import Version, comment
from orchestration.publishing.quoting import quoted, text

_ROUND = """
CREATE FUNCTION {schema}.round(double precision, integer) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN pg_catalog.abs($1) >= 1e15 OR $1 <> $1 THEN $1
        ELSE pg_catalog.sign($1)
            * pg_catalog.floor(pg_catalog.abs($1) * pg_catalog.power(10::float8, $2::float8) + 0.5)
            / pg_catalog.power(10::float8, $2::float8)
    END
$$
"""
"""PostgreSQL rounds only `numeric` to decimals; with this, the guide's SQL runs there unchanged."""

_STAMP_COLUMNS = {
    "snapshot_id": ("text", "Id of the snapshot that these marts are copied from."),
    "published_at": ("timestamp with time zone", "When that snapshot was made (UTC)."),
    "world": ("text", "sandbox (all figures are invented) or real."),
    "version": (
        "text",
        "Name that this schema gets once it is replaced; changes with each publish.",
    ),
    "loaded_at": ("timestamp with time zone", "When it was copied to this server (UTC)."),
}
STAMP_TABLE = "_publish"


def create_version(session: Session, snapshot: Snapshot, version: Version, at: dt.datetime) -> None:
    """Make the schema of a version, with the stamp that says what it holds."""
    schema = quoted(version.name)
    session.run(f"CREATE SCHEMA {schema}")
    session.run(f"COMMENT ON SCHEMA {schema} IS {text(comment(version))}")
    session.run(_ROUND.format(schema=schema))
    stamp = f"{schema}.{quoted(STAMP_TABLE)}"
    columns = ", ".join(f"{name} {kind} NOT NULL" for name, (kind, _) in _STAMP_COLUMNS.items())
    session.run(f"CREATE TABLE {stamp} ({columns}, PRIMARY KEY (version))")
    values = (
        snapshot.id,
        snapshot.created_at.isoformat(),
        snapshot.world,
        version.name,
        at.isoformat(),
    )
    session.run(f"INSERT INTO {stamp} VALUES ({', '.join(text(value) for value in values)})")
    session.run(f"COMMENT ON TABLE {stamp} IS 'One row: which snapshot this schema holds.'")
    for name, (_, about) in _STAMP_COLUMNS.items():
        session.run(f"COMMENT ON COLUMN {stamp}.{name} IS {text(about)}")


def load_mart(
    session: Session, source: Source, mart: SourceMart, contract: Contract, version: Version
) -> None:
    """Make a mart's table, fill it, then key and describe it.

    Raises:
        BrokenMartError: its rows are not those the manifest states, or break the contract.
    """
    holds = contract.within({column.name for column in mart.columns})
    never_null = {*holds.key, *holds.not_null}
    table = f"{quoted(version.name)}.{quoted(mart.name)}"
    columns = ", ".join(
        f"{quoted(column.name)} {column.postgres_type}"
        + (" NOT NULL" if column.name in never_null else "")
        for column in mart.columns
    )
    session.run(f"CREATE TABLE {table} ({columns})")
    if mart.rows:
        copied = session.copy(version.name, mart.name, source.rows(mart, holds.key))
        if copied != mart.rows:
            raise BrokenMartError(
                f"{mart.name} has {copied:,} rows where the manifest states {mart.rows:,}; build "
                "the marts anew with `hkflow run`"
            )
    if holds.key:
        key = ", ".join(quoted(name) for name in holds.key)
        session.run(f"ALTER TABLE {table} ADD PRIMARY KEY ({key})")
    _describe(session, table, mart)
    session.run(f"ANALYZE {table}")


def _describe(session: Session, table: str, mart: SourceMart) -> None:
    if mart.comment:
        session.run(f"COMMENT ON TABLE {table} IS {text(_one_line(mart.comment))}")
    for column in mart.columns:
        if column.comment:
            name = f"{table}.{quoted(column.name)}"
            session.run(f"COMMENT ON COLUMN {name} IS {text(_one_line(column.comment))}")


def grant(session: Session, version: Version, reader: str) -> None:
    """Let the readers' role read a version and nothing else; make the role where it is missing.

    Raises:
        MissingRightsError: the role is missing and we may not make it.
    """
    if not session.run(f"SELECT 1 FROM pg_roles WHERE rolname = {text(reader)}"):
        may = session.run(
            "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        if not may[0][0]:
            raise MissingRightsError(
                f"the role {reader} does not exist and this role may not make it; let an "
                f"administrator run: CREATE ROLE {reader} NOLOGIN"
            )
        session.run(f"CREATE ROLE {quoted(reader)} NOLOGIN")
    schema = quoted(version.name)
    session.run(f"GRANT USAGE ON SCHEMA {schema} TO {quoted(reader)}")
    session.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {quoted(reader)}")


def _one_line(words: str) -> str:
    return " ".join(words.split())
