"""Which snapshots exist and which one readers get: ids, the `current` link, rollback, clean-up.

Layout of the zone: `<id>/` per snapshot, `current` (a relative link to one), `rolled_back` (ids
that somebody took from readers), `.staging/` (work that is not finished), `rejected/<id>/` (marts
that failed their audit). Nothing here looks into a mart.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data_lake.files import LakeLockedError, exclusive_lock, write_atomically
from data_lake.objects import ObjectStoreError
from orchestration.publishing import sharing
from orchestration.publishing.errors import (
    NoSnapshot,
    NothingToRollBackTo,
    PublishError,
    PublishLocked,
)
from orchestration.publishing.manifest import Snapshot, damaged_files, read_manifest
from orchestration.publishing.pointer import CURRENT, current_id, point_at
from orchestration.publishing.sharing import ROLLED_BACK, SNAPSHOT_ID
from orchestration.publishing.staging import STAGING, sweep

REJECTED = "rejected"
KEPT_SNAPSHOTS = 10
LOCK_TIMEOUT_SECONDS = 30.0
_REMOVED = ".removed"
_STAMP = "%Y%m%dT%H%M%S%fZ"


@contextmanager
def publish_lock(snapshots: Path, timeout_seconds: float) -> Iterator[None]:
    """Hold the zone; the kernel frees it when the process ends, however it ends.

    On S3 it is held against other machines too, and brought up to date.

    Raises:
        PublishLocked: another process still holds it after `timeout_seconds`.
        PublishError: the zone is on S3, which cannot be read or written.
    """
    try:
        with exclusive_lock(snapshots / ".publish.lock", timeout_seconds):
            sharing.follow(snapshots)
            yield
    except LakeLockedError:
        raise PublishLocked(
            f"{snapshots} is held by another publish or rollback for more than "
            f"{timeout_seconds:g} seconds; wait for it to end, then try again"
        ) from None
    except ObjectStoreError as error:
        raise PublishError(str(error)) from None


def snapshot_ids(snapshots: Path) -> list[str]:
    """Return the ids of all snapshots in the zone, oldest first, whole or not."""
    if not snapshots.is_dir():
        return []
    return sorted(path.name for path in snapshots.iterdir() if SNAPSHOT_ID.match(path.name))


def new_id(snapshots: Path, content_sha256: str) -> tuple[str, dt.datetime]:
    """Return an id later than all others, even where the clock was set back, and its time."""
    created_at = dt.datetime.now(dt.UTC)
    known = [*snapshot_ids(snapshots), *snapshot_ids(snapshots / REJECTED)]
    if known:
        newest = dt.datetime.strptime(max(known).split("-")[0], _STAMP).replace(tzinfo=dt.UTC)
        created_at = max(created_at, newest + dt.timedelta(microseconds=1))
    return f"{created_at.strftime(_STAMP)}-{content_sha256[:8]}", created_at


def current(snapshots: Path) -> Snapshot:
    """Return the snapshot that readers get.

    Raises:
        NoSnapshot: nothing was published here, or the published folder is gone or damaged.
        PublishError: the zone is on S3, which cannot be read.
    """
    sharing.bring_current(snapshots)
    chosen = current_id(snapshots)
    if chosen is None:
        raise NoSnapshot(f"{snapshots} has no published snapshot; `hkflow run` makes one")
    return read_manifest(snapshots / chosen)


def switch(snapshots: Path, snapshot_id: str) -> None:
    """Give readers a snapshot, in one step; on S3 those of all machines."""
    sharing.share_switch(snapshots, snapshot_id)
    point_at(snapshots, snapshot_id)


def rollback(
    snapshots: Path, *, lock_timeout_seconds: float = LOCK_TIMEOUT_SECONDS
) -> tuple[str, str]:
    """Give readers the snapshot before the current one; return (from, to) ids.

    That is the one the current snapshot replaced, and where it is gone or damaged the newest whole
    one that is older. So a snapshot that was rolled back from is not come back to.

    Raises:
        NoSnapshot: nothing is published.
        NothingToRollBackTo: no older snapshot is whole.
        PublishLocked: a publish is going on.
    """
    with publish_lock(snapshots, lock_timeout_seconds):
        chosen = current_id(snapshots)
        if chosen is None:
            raise NoSnapshot(f"{snapshots} has no published snapshot to roll back from")
        for candidate in _predecessors(snapshots, chosen):
            if _is_whole(snapshots / candidate):
                ids = [*(each.id for each in rolled_away(snapshots)), chosen]
                write_atomically(snapshots / ROLLED_BACK, "\n".join(ids).encode())
                switch(snapshots, candidate)
                return chosen, candidate
    raise NothingToRollBackTo(f"{snapshots} has no whole snapshot older than {chosen}")


def rolled_away(snapshots: Path) -> list[Snapshot]:
    """Return the whole snapshots that readers would have but for a rollback, newest first.

    The next publish makes all of them history.
    """
    path, chosen = snapshots / ROLLED_BACK, current_id(snapshots)
    ids = path.read_text(encoding="utf-8").split() if path.exists() and chosen else []
    newer = sorted((each for each in ids if chosen and each > chosen), reverse=True)
    return [read_manifest(snapshots / each) for each in newer if _is_whole(snapshots / each)]


def roll_forward(
    snapshots: Path, *, lock_timeout_seconds: float = LOCK_TIMEOUT_SECONDS
) -> tuple[str, str]:
    """Undo all rollbacks since the last publish; return (from, to) ids.

    Raises:
        NoSnapshot: nothing is published.
        NothingToRollBackTo: nothing was rolled back since.
        PublishLocked: a publish is going on.
    """
    with publish_lock(snapshots, lock_timeout_seconds):
        chosen = current_id(snapshots)
        if chosen is None:
            raise NoSnapshot(f"{snapshots} has no published snapshot")
        for newest in rolled_away(snapshots)[:1]:
            switch(snapshots, newest.id)
            return chosen, newest.id
    raise NothingToRollBackTo(f"no rollback to undo: nothing newer than {chosen} was rolled back")


def clean(snapshots: Path) -> None:
    """Remove what killed publishes and builds left; the caller holds the lock of the zone.

    What living builds stage is left alone.
    """
    for left in snapshots.glob(f".{CURRENT}.*"):
        left.unlink()
    staging = snapshots / STAGING
    for left in staging.iterdir() if staging.is_dir() else ():
        if SNAPSHOT_ID.match(left.name.removesuffix(_REMOVED)):
            shutil.rmtree(left)
    sweep(staging)


def prune(snapshots: Path, kept: int = KEPT_SNAPSHOTS) -> list[str]:
    """Remove the oldest snapshots beyond `kept`, never the current one nor its predecessor."""
    chosen = current_id(snapshots)
    precious = {chosen, *_predecessors(snapshots, chosen or "")[:1]}
    doomed = [each for each in snapshot_ids(snapshots)[:-kept] if each not in precious]
    for snapshot_id in doomed:
        sharing.unshare(snapshots, snapshot_id)
        _remove(snapshots, snapshots / snapshot_id)
    for snapshot_id in snapshot_ids(snapshots / REJECTED)[:-kept]:
        _remove(snapshots, snapshots / REJECTED / snapshot_id)
    return doomed


def _predecessors(snapshots: Path, snapshot_id: str) -> list[str]:
    """Return the ids to roll back to, best first."""
    older = [each for each in reversed(snapshot_ids(snapshots)) if each < snapshot_id]
    try:
        replaced = read_manifest(snapshots / snapshot_id).replaces
    except NoSnapshot:
        replaced = None
    return sorted(older, key=lambda each: each != replaced)


def _is_whole(folder: Path) -> bool:
    try:
        sharing.fetch(folder)
        return not damaged_files(read_manifest(folder))
    except NoSnapshot:
        return False


def _remove(snapshots: Path, folder: Path) -> None:
    """Take a folder out of sight in one step, then delete it; a kill in between is cleaned up."""
    grave = snapshots / STAGING / f"{folder.name}{_REMOVED}"
    grave.parent.mkdir(exist_ok=True)
    folder.rename(grave)
    shutil.rmtree(grave)
