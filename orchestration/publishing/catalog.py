"""Which snapshots exist and which one readers get: ids, the `current` link, rollback, clean-up.

Layout of the zone: `<id>/` per snapshot, `current` (a relative link to one), `.staging/` (work that
is not finished), `rejected/<id>/` (marts that failed their audit). Nothing here looks into a mart.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from data_lake.files import LakeLockedError, exclusive_lock, fsync_directory
from orchestration.publishing.errors import NoSnapshot, NothingToRollBackTo, PublishLocked
from orchestration.publishing.manifest import Snapshot, damaged_files, read_manifest

CURRENT = "current"
STAGING = ".staging"
REJECTED = "rejected"
KEPT_SNAPSHOTS = 10
LOCK_TIMEOUT_SECONDS = 30.0
_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{8}\Z")
_REMOVED = ".removed"
_STAMP = "%Y%m%dT%H%M%S%fZ"
_ABANDONED_AFTER_SECONDS = 24 * 3600.0
"""A staged file or folder untouched for this long belongs to a build that died."""


@contextmanager
def publish_lock(snapshots: Path, timeout_seconds: float) -> Iterator[None]:
    """Hold the zone; the kernel frees it when the process ends, however it ends.

    Raises:
        PublishLocked: another process still holds it after `timeout_seconds`.
    """
    try:
        with exclusive_lock(snapshots / ".publish.lock", timeout_seconds):
            yield
    except LakeLockedError:
        raise PublishLocked(
            f"{snapshots} is held by another publish or rollback for more than "
            f"{timeout_seconds:g} seconds; wait for it to end, then try again"
        ) from None


def snapshot_ids(snapshots: Path) -> list[str]:
    """Return the ids of all snapshots in the zone, oldest first, whole or not."""
    if not snapshots.is_dir():
        return []
    return sorted(path.name for path in snapshots.iterdir() if _ID.match(path.name))


def new_id(snapshots: Path, content_sha256: str) -> tuple[str, dt.datetime]:
    """Return an id later than all others, even where the clock was set back, and its time."""
    created_at = dt.datetime.now(dt.UTC)
    known = [*snapshot_ids(snapshots), *snapshot_ids(snapshots / REJECTED)]
    if known:
        newest = dt.datetime.strptime(max(known).split("-")[0], _STAMP).replace(tzinfo=dt.UTC)
        created_at = max(created_at, newest + dt.timedelta(microseconds=1))
    return f"{created_at.strftime(_STAMP)}-{content_sha256[:8]}", created_at


def current_id(snapshots: Path) -> str | None:
    """Return the id that `current` points at; None where nothing was published."""
    link = snapshots / CURRENT
    return link.readlink().name if link.is_symlink() else None


def current(snapshots: Path) -> Snapshot:
    """Return the snapshot that readers get.

    Raises:
        NoSnapshot: nothing was published here, or the published folder is gone or damaged.
    """
    chosen = current_id(snapshots)
    if chosen is None:
        raise NoSnapshot(f"{snapshots} has no published snapshot; run the pipeline once")
    return read_manifest(snapshots / chosen)


def switch(snapshots: Path, snapshot_id: str) -> None:
    """Point `current` at a snapshot, in one step."""
    temporary = snapshots / f".{CURRENT}.{uuid4().hex}"
    temporary.symlink_to(snapshot_id)
    temporary.replace(snapshots / CURRENT)
    fsync_directory(snapshots)


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
                switch(snapshots, candidate)
                return chosen, candidate
    raise NothingToRollBackTo(f"{snapshots} has no whole snapshot older than {chosen}")


def clean(snapshots: Path) -> None:
    """Remove what a killed publish left; the caller holds the lock, so nobody is at work on it.

    What other builds stage, files or folders, is left alone until a day has passed since
    it was last written to.
    """
    for left in snapshots.glob(f".{CURRENT}.*"):
        left.unlink()
    staging = snapshots / STAGING
    for left in staging.iterdir() if staging.is_dir() else ():
        if _ID.match(left.name.removesuffix(_REMOVED)):
            shutil.rmtree(left)
        elif time.time() - _last_written(left) > _ABANDONED_AFTER_SECONDS:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def prune(snapshots: Path, kept: int = KEPT_SNAPSHOTS) -> list[str]:
    """Remove the oldest snapshots beyond `kept`, never the current one nor its predecessor."""
    chosen = current_id(snapshots)
    precious = {chosen, *_predecessors(snapshots, chosen or "")[:1]}
    doomed = [each for each in snapshot_ids(snapshots)[:-kept] if each not in precious]
    for snapshot_id in doomed:
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
        return not damaged_files(read_manifest(folder))
    except NoSnapshot:
        return False


def _last_written(path: Path) -> float:
    """Return the newest time of change in a file or folder; now, where a build is removing it."""
    try:
        inside = path.rglob("*") if path.is_dir() else ()
        return max(each.lstat().st_mtime for each in (path, *inside))
    except FileNotFoundError:
        return time.time()


def _remove(snapshots: Path, folder: Path) -> None:
    """Take a folder out of sight in one step, then delete it; a kill in between is cleaned up."""
    grave = snapshots / STAGING / f"{folder.name}{_REMOVED}"
    grave.parent.mkdir(exist_ok=True)
    folder.rename(grave)
    shutil.rmtree(grave)
