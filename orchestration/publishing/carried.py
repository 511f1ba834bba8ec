"""The warehouse that the next build carries on from: kept by a publish, taken by one build.

It is the private file a published snapshot was made from. A build that takes it has it to itself;
where that build fails, the file goes with it and the next one builds everything. Which models carry
on is the dbt project's matter (`macros/carried.sql`), what changed is `lake_days`'.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import duckdb

from data_lake.files import write_atomically
from data_lake.store import LakeStore
from data_lake.tables.base import Table
from data_lake.zones import Zones
from orchestration.publishing.claims_engine import has_engine
from orchestration.publishing.errors import NoSnapshot
from orchestration.publishing.lake_days import NO_DAY, note_lake_days
from orchestration.publishing.manifest import Snapshot
from orchestration.publishing.snapshot import current
from orchestration.publishing.staging import STAGING
from orchestration.version import code_version

FOLDER = ".carried"
_OF_SNAPSHOT = "snapshot.json"
_REACHES_BACK = ("corporate_actions",)
"""Tables whose rows change figures of days before their own: a split, those of every day before."""
_FURTHEST_DAYS = 100
"""A change that lies further back from the newest month is cheaper built in full."""


def carry_on(
    zones: Zones, staged: Path, tables: Sequence[Table]
) -> tuple[dt.date | None, str | None]:
    """Stage the kept warehouse if the next build can go on from it, and note the lake's rows in it.

    `tables` are those that models which carry on are made of. Returns the first day that is to be
    made anew (`NO_DAY` where none is) and the id of the snapshot that the days before it are in; or
    None twice where everything is to be made: then a file with nothing but the notes is staged.
    """
    base = take(zones, staged)
    if base:
        try:
            changed = note_lake_days(staged, LakeStore(zones.lake), tables)
        except duckdb.Error:  # damaged on disk: what it held is in the lake
            changed = None
        if changed is not None and _is_recent(changed, LakeStore(zones.lake), tables):
            return min(changed.values(), default=NO_DAY), base
    begin_anew(zones, staged, tables)
    return None, None


def begin_anew(zones: Zones, staged: Path, tables: Sequence[Table]) -> None:
    """Stage a file with nothing but the notes of the lake's rows."""
    staged.parent.mkdir(parents=True, exist_ok=True)
    for left in (staged, _log_of(staged)):
        left.unlink(missing_ok=True)
    note_lake_days(staged, LakeStore(zones.lake), tables)


def keep(staged: Path, snapshot: Snapshot, snapshots: Path) -> None:
    """Keep the file a snapshot was published from; what was kept before goes.

    Where it cannot be kept nothing is, and the next build makes everything: readers have what was
    published all the same.
    """
    draft = snapshots / STAGING / f"{uuid4().hex}{FOLDER}"
    try:
        forget(snapshots)
        if _log_of(staged).exists():
            return
        draft.mkdir(parents=True)
        staged.rename(draft / staged.name)
        write_atomically(draft / _OF_SNAPSHOT, json.dumps({"id": snapshot.id}).encode())
        draft.rename(snapshots / FOLDER)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)


def take(zones: Zones, staged: Path) -> str | None:
    """Move the kept file to where a build stages its own; return its snapshot's id, None without.

    There is none where readers have another snapshot than it was published as, after a rollback for
    example, where other code or another world made it, or where its claims engine is damaged.
    """
    folder, mine = zones.snapshots / FOLDER, staged.with_name(FOLDER)
    try:
        published = current(zones.snapshots)
        staged.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(mine)
    except (NoSnapshot, FileNotFoundError):
        return None
    try:
        is_same = json.loads((mine / _OF_SNAPSHOT).read_bytes())["id"] == published.id
        if is_same and _fits(published, zones):
            (mine / staged.name).rename(staged)
            return published.id
    except (OSError, ValueError, KeyError):
        return None
    finally:
        shutil.rmtree(mine, ignore_errors=True)
    return None


def forget(snapshots: Path) -> None:
    """Remove what is kept."""
    shutil.rmtree(snapshots / FOLDER, ignore_errors=True)


def _log_of(staged: Path) -> Path:
    """Return where DuckDB leaves what it has not written into a file yet."""
    return staged.with_name(f"{staged.name}.wal")


def _is_recent(changed: Mapping[str, dt.date], store: LakeStore, tables: Sequence[Table]) -> bool:
    """Return whether changes reach back so little that carrying on is the cheaper way."""
    if changed.keys() & set(_REACHES_BACK):
        return False
    this_month = f"{dt.datetime.now(dt.UTC):%Y-%m}"
    months = [month for table in tables for month in store.months(table) if month <= this_month]
    if not months:
        return False
    furthest = dt.date.fromisoformat(f"{max(months)}-01") - dt.timedelta(days=_FURTHEST_DAYS)
    return min(changed.values(), default=NO_DAY) > furthest


def _fits(published: Snapshot, zones: Zones) -> bool:
    facts = published.facts
    world = LakeStore(zones.lake).world()
    return (
        facts.get("code_version") == code_version()
        and published.world == (world or "real")
        and has_engine(published)
    )
