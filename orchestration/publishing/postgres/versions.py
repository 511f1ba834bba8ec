"""The schemas of a server: which one readers get, which older ones are kept, and dropping those.

A version is a schema `<name>_<UTC stamp>` until it is switched to, then `<name>`, and has its own
name again once it is replaced. A comment on the schema says that it is ours and what it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestration.publishing.postgres.errors import (
    MissingRightsError,
    NotOursError,
    PostgresError,
)
from orchestration.publishing.postgres.session import (
    DEPENDENTS,
    LOCK_NOT_AVAILABLE,
    Session,
)
from orchestration.publishing.quoting import quoted, text

LAYOUT = 1
"""Number of the way in which marts are laid out in a schema; a newer one is not replaced."""

STAMP = "%Y%m%dt%H%M%S%fz"
_STAMPED = r"_\d{8}t\d{12}z"
_MARK = "Marts of HK Flow"
_COMMENT = re.compile(
    rf"{_MARK}: snapshot (?P<snapshot>\S+), version (?P<version>\S+), layout (?P<layout>\d+)\."
)


@dataclass(frozen=True)
class Version:
    """A version on the server: its own name, and the snapshot it holds."""

    name: str
    snapshot_id: str


def comment(version: Version) -> str:
    """Return the comment of a version's schema."""
    return (
        f"{_MARK}: snapshot {version.snapshot_id}, version {version.name}, layout {LAYOUT}. "
        "Replaced as a whole by `hkflow publish --to postgres`: keep nothing of your own in it."
    )


def served(session: Session, schema: str) -> Version | None:
    """Return the version that readers get; None where nothing was published.

    Raises:
        NotOursError: the schema was made by somebody else, or by a newer version of the command.
        MissingRightsError: it belongs to another role.
    """
    rows = session.run(
        "SELECT obj_description(oid, 'pg_namespace'), pg_has_role(nspowner, 'USAGE'), "
        f"pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = {text(schema)}"
    )
    if not rows:
        return None
    [(said, is_owner, owner)] = rows
    found = _COMMENT.match(said or "")
    if found is None:
        raise NotOursError(
            f"the schema {schema} was not made by this command, so it is left alone; rename it, or "
            "name another in HKFLOW_POSTGRES_SCHEMA"
        )
    if int(found["layout"]) > LAYOUT:
        raise NotOursError(
            f"the schema {schema} was published by a newer HK Flow (layout {found['layout']}, here "
            f"{LAYOUT}); publish with that one"
        )
    if not is_owner:
        raise MissingRightsError(
            f"the schema {schema} belongs to the role {owner}; publish as that role"
        )
    return Version(found["version"], found["snapshot"])


def switch(session: Session, schema: str, before: Version | None, after: Version) -> None:
    """Give readers a version in place of another, once the transaction is committed.

    Renaming takes no lock of a table, so that no reader can hold it up.
    """
    if before is not None:
        session.run(f"ALTER SCHEMA {quoted(schema)} RENAME TO {quoted(before.name)}")
    session.run(f"ALTER SCHEMA {quoted(after.name)} RENAME TO {quoted(schema)}")


def retired(session: Session, schema: str) -> list[str]:
    """Return the versions that readers got before, oldest first."""
    pattern = text(f"^{schema}{_STAMPED}$")
    rows = session.run(
        f"SELECT nspname::text FROM pg_namespace WHERE nspname ~ {pattern} AND "
        f"starts_with(obj_description(oid, 'pg_namespace'), {text(_MARK)}) ORDER BY nspname"
    )
    return [name for (name,) in rows]


def drop(session: Session, version: str) -> str | None:
    """Drop a version in a transaction of its own; return why it is kept, or None where it is gone.

    What a reader still holds, or somebody built upon, stays: the next publish tries again.
    """
    try:
        session.run("SET LOCAL lock_timeout = '500ms'")
        tables = session.run(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            f"WHERE schemaname = {text(version)}"
        )
        if tables:
            session.run("DROP TABLE " + ", ".join(table for (table,) in tables))
        session.run(f"DROP FUNCTION IF EXISTS {quoted(version)}.round(double precision, integer)")
        session.run(f"DROP SCHEMA {quoted(version)}")
        session.commit()
    except PostgresError as error:
        session.rollback()
        reasons = {
            LOCK_NOT_AVAILABLE: "a reader still holds it",
            DEPENDENTS: "something outside depends on it and goes on reading old figures",
        }
        return reasons.get(error.sqlstate, str(error))
    return None
