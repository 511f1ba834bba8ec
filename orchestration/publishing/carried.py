"""The warehouse that the next build carries on from: kept by a publish, taken by one build.

It is the private file a published snapshot was made from. A build that takes it has it to itself;
where that build fails, the file goes with it and the next one builds everything. Which models carry
on is the dbt project's matter (`macros/carried.sql`), what changed is `lake_days`'.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from data_lake.files import write_atomically
from data_lake.store import LakeStore
from data_lake.tables.base import Table
from data_lake.zones import Zones
from orchestration.publishing.errors import NoSnapshot
from orchestration.publishing.lake_days import NO_DAY, note_lake_days
from orchestration.publishing.manifest import Snapshot
from orchestration.publishing.snapshot import current
from orchestration.version import code_version

FOLDER = ".carried"
_OF_SNAPSHOT = "snapshot.json"
_REACHES_BACK = ("corporate_actions",)
"""Tables whose rows change figures of days before their own: a split, those of every day before."""
_FURTHEST_DAYS = 100
"""A change that lies further back is cheaper built in full."""


def carry_on(zones: Zones, staged: Path, tables: Sequence[Table]) -> dt.date | None:
    """Stage the kept warehouse if the next build can go on from it, and note the lake's rows in it.

    `tables` are those that models which carry on are made of. Returns the first day that is to be
    made anew (`NO_DAY` where none is), or None where everything is: then a file with nothing but
    the notes is staged.
    """
    store = LakeStore(zones.lake)
    is_kept = take(zones, staged)
    staged.parent.mkdir(parents=True, exist_ok=True)
    changed = note_lake_days(staged, store, tables)
    if is_kept and not changed.keys() & set(_REACHES_BACK):
        first = min(changed.values(), default=NO_DAY)
        last_months = [store.months(table)[-1] for table in tables if store.months(table)]
        last = dt.date.fromisoformat(f"{max(last_months)}-01") if last_months else dt.date.min
        if first > last - dt.timedelta(days=_FURTHEST_DAYS):
            return first
    if is_kept:
        staged.unlink()
        note_lake_days(staged, store, tables)
    return None


def keep(staged: Path, snapshot: Snapshot, snapshots: Path) -> None:
    """Keep the file a snapshot was published from; what was kept before goes."""
    forget(snapshots)
    draft = snapshots / f"{FOLDER}.{uuid4().hex}"
    draft.mkdir()
    staged.rename(draft / staged.name)
    write_atomically(draft / _OF_SNAPSHOT, json.dumps({"id": snapshot.id}).encode())
    draft.rename(snapshots / FOLDER)


def take(zones: Zones, staged: Path) -> bool:
    """Move the kept file to where a build stages its own; say whether there was one to take.

    There is none where readers have another snapshot than it was published as, after a rollback for
    example, or where other code or another world made it.
    """
    folder, mine = zones.snapshots / FOLDER, staged.with_name(FOLDER)
    try:
        published = current(zones.snapshots)
        staged.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(mine)
    except (NoSnapshot, FileNotFoundError):
        return False
    try:
        is_same = json.loads((mine / _OF_SNAPSHOT).read_bytes())["id"] == published.id
        if is_same and _fits(published, zones):
            (mine / staged.name).rename(staged)
            return True
    except (OSError, ValueError, KeyError):
        return False
    finally:
        shutil.rmtree(mine, ignore_errors=True)
    return False


def forget(snapshots: Path) -> None:
    """Remove what is kept, and what a killed process left of it."""
    for left in snapshots.glob(f"{FOLDER}*"):
        shutil.rmtree(left, ignore_errors=True)


def _fits(published: Snapshot, zones: Zones) -> bool:
    facts = published.facts
    world = LakeStore(zones.lake).world()
    return facts.get("code_version") == code_version() and published.world == (world or "real")
