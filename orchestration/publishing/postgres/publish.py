"""Publishing a snapshot to PostgreSQL: one transaction loads a new version and switches to it.

Readers have one whole version at any moment, also where this process, its connection or the server
is killed: the transaction then never was. Old versions are dropped afterwards, where nobody holds
them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from orchestration.publishing.manifest import Snapshot
from orchestration.publishing.postgres import versions
from orchestration.publishing.postgres.contracts import Contract, contracts
from orchestration.publishing.postgres.errors import (
    MissingRightsError,
    PostgresError,
    PublishingElsewhereError,
)
from orchestration.publishing.postgres.load import create_version, grant, load_mart
from orchestration.publishing.postgres.session import LOCK_NOT_AVAILABLE, Session, connect
from orchestration.publishing.postgres.source import SourceMart, open_source
from orchestration.publishing.postgres.versions import Version
from orchestration.publishing.quoting import text

SCHEMA = "hkflow"
READER = "hkflow_reader"
KEPT_VERSIONS = 2
LOCK_TIMEOUT_SECONDS = 30.0
OLDEST_SERVER = 12
_LOCK_CLASS = 0x484B464C
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")


@dataclass(frozen=True)
class Publication:
    """What readers of a server now get, and how it came there.

    `notes` are sentences on what a person should know: marts without rows, old versions in use.
    """

    snapshot_id: str
    schema: str
    reader: str
    version: str
    marts: int
    rows: int
    seconds: float
    is_unchanged: bool = False
    notes: tuple[str, ...] = field(default=())


def _ignore(_step: str) -> None:
    """Tell nobody."""


def publish(
    snapshot: Snapshot,
    dsn: str,
    *,
    schema: str = SCHEMA,
    reader: str = READER,
    kept: int = KEPT_VERSIONS,
    again: bool = False,
    lock_timeout_seconds: float = LOCK_TIMEOUT_SECONDS,
    on_step: Callable[[str], None] = _ignore,
) -> Publication:
    """Make a snapshot what readers of a PostgreSQL schema get.

    A snapshot that they already have is left as it is, unless `again`. `kept` older versions stay
    beside it. `on_step` hears the name of each step after it is done.

    Raises:
        PostgresError: nothing was switched; the message says what to do.
        NoSnapshot: the snapshot is damaged.
    """
    for name in (schema, reader):
        if not _NAME.match(name):
            raise PostgresError(
                f"{name!r} cannot be a schema or role here; write small letters, digits and _"
            )
    began = monotonic()
    with connect(dsn) as session:
        _prepare(session, schema, lock_timeout_seconds)
        on_step("locked")
        before = versions.served(session, schema)
        if before and before.snapshot_id == snapshot.id and not again:
            after, notes, is_unchanged = before, [], True
            session.rollback()
        else:
            after, is_unchanged = _new_version(snapshot, schema), False
            notes = _load(session, snapshot, after, reader, on_step)
            versions.switch(session, schema, before, after)
            on_step("switched")
            session.commit()
            on_step("committed")
        notes += _drop_old(session, schema, kept)
        on_step("dropped")
    return Publication(
        snapshot.id,
        schema,
        reader,
        after.name,
        len(snapshot.marts),
        snapshot.rows,
        monotonic() - began,
        is_unchanged,
        tuple(notes),
    )


def _prepare(session: Session, schema: str, lock_timeout_seconds: float) -> None:
    """Begin: no limits but those on locks, the rights that are needed, and no second publisher."""
    [(number,)] = session.run("SELECT current_setting('server_version_num')::int")
    if number < OLDEST_SERVER * 10_000:
        raise PostgresError(
            f"the server is PostgreSQL {number // 10_000}; publish to {OLDEST_SERVER} or newer"
        )
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout"):
        session.run(f"SET LOCAL {setting} = 0")
    session.run("SET LOCAL maintenance_work_mem = '256MB'")
    session.run("SET LOCAL default_statistics_target = 30")
    session.run(f"SET LOCAL lock_timeout = '{max(1, int(lock_timeout_seconds * 1000))}ms'")
    try:
        session.run(f"SELECT pg_advisory_xact_lock({_LOCK_CLASS}, hashtext({text(schema)}))::text")
    except PostgresError as error:
        if error.sqlstate != LOCK_NOT_AVAILABLE:
            raise
        raise PublishingElsewhereError(
            f"another publish to the schema {schema} is going on for more than "
            f"{lock_timeout_seconds:g} seconds; wait for it to end, then try again"
        ) from None
    [(may_create, role, database)] = session.run(
        "SELECT has_database_privilege(current_database(), 'CREATE'), current_user::text, "
        "current_database()::text"
    )
    if not may_create:
        raise MissingRightsError(
            f"the role {role} may not make schemas in the database {database}; let an "
            f"administrator run: GRANT CREATE ON DATABASE {database} TO {role}"
        )


def _new_version(snapshot: Snapshot, schema: str) -> Version:
    stamp = dt.datetime.now(dt.UTC).strftime(versions.STAMP)
    return Version(f"{schema}_{stamp}", snapshot.id)


def _load(
    session: Session,
    snapshot: Snapshot,
    version: Version,
    reader: str,
    on_step: Callable[[str], None],
) -> list[str]:
    promised = contracts()
    with open_source(snapshot) as source:
        marts = source.marts()
        create_version(session, snapshot, version, dt.datetime.now(dt.UTC))
        on_step("created")
        for mart in marts:
            load_mart(session, source, mart, promised.get(mart.name, Contract()), version)
            on_step(f"loaded {mart.name}")
    grant(session, version, reader)
    on_step("granted")
    return [*_empty(marts), *_without_key(marts, promised)]


def _empty(marts: list[SourceMart]) -> list[str]:
    names = [mart.name for mart in marts if not mart.rows]
    if not names:
        return []
    return [
        f"no rows in {', '.join(names)}: published empty; load what feeds them with `hkflow run`"
    ]


def _without_key(marts: list[SourceMart], promised: dict[str, Contract]) -> list[str]:
    names = []
    for mart in marts:
        columns = {column.name for column in mart.columns}
        if not promised.get(mart.name, Contract()).within(columns).key:
            names.append(mart.name)
    if not names:
        return []
    return [f"no primary key for {', '.join(names)}: this code knows none for that version"]


def _drop_old(session: Session, schema: str, kept: int) -> list[str]:
    """Drop the versions beyond those kept; return why some could not be."""
    try:
        old = versions.retired(session, schema)
        session.commit()
        doomed = old[:-kept] if kept else old
        reasons = {version: versions.drop(session, version) for version in doomed}
    except PostgresError as error:
        return [f"old versions were left for the next publish: {error}"]
    return [
        f"{name} is kept: {why}; the next publish tries again"
        for name, why in reasons.items()
        if why
    ]
