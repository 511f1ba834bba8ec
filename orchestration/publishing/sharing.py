"""Snapshots of a lake on S3: what a publish puts there, and what a machine fetches to read.

On S3 a snapshot is whole once its manifest is there, which is put last and removed first; `current`
is an object that holds an id, replaced on condition that nobody else replaced it. A machine fetches
the manifests of all snapshots and the files of those it reads. Every function does nothing for a
zone that is local only, such as marts as of a moment.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from data_lake.objects import PARALLEL_REQUESTS, ObjectStoreError
from data_lake.shared import SNAPSHOTS, copy_of
from orchestration.publishing.errors import NoSnapshot, PublishError
from orchestration.publishing.manifest import MANIFEST, file_sha256, read_manifest
from orchestration.publishing.pointer import CURRENT, current_id, point_at

if TYPE_CHECKING:
    from data_lake.objects import Kept
    from data_lake.working_copy import WorkingCopy

ROLLED_BACK = "rolled_back"
SNAPSHOT_ID = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{8}\Z")


def bring_current(snapshots: Path) -> None:
    """Make the local zone say what the shared one says, with all files of its current snapshot.

    Raises:
        PublishError: S3 cannot be read, or the snapshot there is damaged.
    """
    copy = _shared(snapshots)
    if copy is None:
        return
    try:
        with copy.kept_from_writers(SNAPSHOTS) as is_free:
            if is_free:
                _follow(copy, snapshots)
    except ObjectStoreError as error:
        raise PublishError(str(error)) from None


def follow(snapshots: Path) -> None:
    """Do the same for a writer, who holds the zone, and remove what killed publishes left on S3.

    Raises:
        ObjectStoreError: S3 cannot be read or written.
        PublishError: the current snapshot there is damaged.
    """
    copy = _shared(snapshots)
    if copy is not None:
        for unfinished in _follow(copy, snapshots):
            copy.store.delete([key for key, _ in copy.store.under(f"{SNAPSHOTS}/{unfinished}")])


def share_switch(snapshots: Path, snapshot_id: str) -> None:
    """Put a snapshot on S3, if it is not there, then make it what readers everywhere get.

    Raises:
        ObjectStoreError: it cannot be put, or somebody else switched meanwhile.
    """
    copy = _shared(snapshots)
    if copy is None:
        return
    folder = snapshots / snapshot_id
    manifest = folder / MANIFEST
    if copy.etags.of(copy.key(manifest)) is None:
        files = [path for path in sorted(folder.iterdir()) if path != manifest]
        with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
            list(pool.map(lambda path: copy.store.upload(path, copy.key(path)), files))
        etag = copy.store.put(copy.key(manifest), manifest.read_bytes(), None)
        copy.note(manifest, etag)
    etag = copy.put(snapshots / CURRENT, snapshot_id.encode())
    if etag:
        copy.etags.note(f"{SNAPSHOTS}/{CURRENT}", etag)


def unshare(snapshots: Path, snapshot_id: str) -> None:
    """Remove a snapshot from S3.

    Raises:
        ObjectStoreError: S3 cannot be written.
    """
    copy = _shared(snapshots)
    if copy is not None:
        folder = f"{SNAPSHOTS}/{snapshot_id}"
        copy.store.delete([f"{folder}/{MANIFEST}"])
        copy.store.delete([key for key, _ in copy.store.under(folder)])
        copy.etags.forget([f"{folder}/{MANIFEST}"])


def fetch(folder: Path) -> None:
    """Fetch the files of a snapshot that this machine does not have yet.

    Raises:
        ObjectStoreError: they cannot be read.
        NoSnapshot: its manifest is missing, or a file is not what the manifest says.
    """
    copy = _shared(folder.parent)
    if copy is None:
        return
    files = read_manifest(folder).files
    missing = [name for name in files if not (folder / name).is_file()]

    def fetch_one(name: str) -> None:
        temporary = folder / f".{uuid4().hex}.tmp"
        try:
            copy.store.download(copy.key(folder / name), temporary)
            if file_sha256(temporary) != files[name]:
                raise NoSnapshot(f"{copy.store.place}: {name} of {folder.name} is damaged there")
            temporary.chmod(0o444)
            temporary.replace(folder / name)
        finally:
            temporary.unlink(missing_ok=True)

    with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
        list(pool.map(fetch_one, missing))


def _shared(snapshots: Path) -> WorkingCopy | None:
    copy = copy_of(snapshots)
    return copy if copy and snapshots == copy.root / SNAPSHOTS else None


def _follow(copy: WorkingCopy, snapshots: Path) -> list[str]:
    """Follow the shared zone; return the snapshots there that nobody finished.

    `current` is read first: whatever it names is whole by the time the others are listed.
    """
    current = copy.store.get(f"{SNAPSHOTS}/{CURRENT}")
    objects = dict(copy.store.under(SNAPSHOTS))
    names = {key.split("/")[1] for key in objects}
    begun = sorted(name for name in names if SNAPSHOT_ID.match(name))
    shared = [each for each in begun if f"{SNAPSHOTS}/{each}/{MANIFEST}" in objects]
    _forget_others(copy, snapshots, shared)
    for each in shared:
        manifest = snapshots / each / MANIFEST
        _fetch_small(copy, manifest, objects[copy.key(manifest)])
    _fetch_small(copy, snapshots / ROLLED_BACK, objects.get(f"{SNAPSHOTS}/{ROLLED_BACK}"))
    _follow_current(copy, snapshots, current)
    return [each for each in begun if each not in shared]


def _follow_current(copy: WorkingCopy, snapshots: Path, current: Kept | None) -> None:
    if current is None:
        (snapshots / CURRENT).unlink(missing_ok=True)
        copy.etags.forget([f"{SNAPSHOTS}/{CURRENT}"])
        return
    chosen = current.content.decode(errors="replace")
    if not SNAPSHOT_ID.match(chosen):
        raise NoSnapshot(f"{copy.store.place}/{SNAPSHOTS}/{CURRENT} names no snapshot")
    fetch(snapshots / chosen)
    if current_id(snapshots) != chosen:
        point_at(snapshots, chosen)
    copy.etags.note(f"{SNAPSHOTS}/{CURRENT}", current.etag)


def _fetch_small(copy: WorkingCopy, path: Path, etag: str | None) -> None:
    key = copy.key(path)
    if etag is None:
        path.unlink(missing_ok=True)
        copy.etags.forget([key])
    elif copy.etags.of(key) != etag or not path.is_file():
        fetched = copy.fetch(key)
        if fetched is not None:
            copy.etags.note(key, fetched, path)


def _forget_others(copy: WorkingCopy, snapshots: Path, shared: Iterable[str]) -> None:
    """Remove local snapshots that are not on S3: pruned there, or left by a killed publish."""
    local = [path for path in snapshots.glob("*") if SNAPSHOT_ID.match(path.name)]
    for folder in local:
        if folder.name not in shared:
            shutil.rmtree(folder)
            copy.etags.forget([copy.key(folder / MANIFEST)])
