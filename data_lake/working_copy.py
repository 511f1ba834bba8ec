"""The local working copy of a lake on S3: fetched before it is read, put before it is written.

The truth is on S3. A write counts once its object is put, on condition that the object is still the
one read here, so that no machine undoes what it has not seen; only then the local file follows.
What the files hold is not known here; which snapshot is current is publishing's matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from data_lake.etags import FILE, Etags, Stamp, stamp
from data_lake.files import LOCK_TIMEOUT_SECONDS, LakeLockedError, file_lock
from data_lake.lease import Lease
from data_lake.objects import PARALLEL_REQUESTS, ObjectStore, ObjectStoreError
from data_lake.shared import LAKE, SNAPSHOTS

MIRRORED = ("landing", "lake", "quarantine")
_SHARED_FILES = ("snapshots/current", "snapshots/rolled_back")
_READERS_TIMEOUT_SECONDS = 900.0


class WorkingCopy:
    """A folder that follows the objects of one place."""

    def __init__(self, root: Path, store: ObjectStore) -> None:
        self.root = root
        self.store = store
        self._leases: dict[str, Lease] = {}

    @cached_property
    def etags(self) -> Etags:
        """Return what is known of the objects.

        Raises:
            ObjectStoreError: the folder holds files and is no working copy; it is left alone.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        if any(self.root.iterdir()) and not (self.root / FILE).exists():
            raise ObjectStoreError(
                f"{self.root} holds files that were not copied from {self.store.place}; set "
                "HKFLOW_CACHE to another folder"
            )
        return Etags(self.root)

    def put(self, path: Path, content: bytes) -> str | None:
        """Put what is about to be written to a path; return its ETag, None where it is not shared.

        Raises:
            ObjectStoreError: it could not be put, another machine wrote the object since this one
                read it, or another run took over the lock.
        """
        key = self._key(path)
        if key is None:
            return None
        for lease in self._leases.values():
            lease.check()
        return self.store.put(key, content, self.etags.of(key))

    def note(self, path: Path, etag: str) -> None:
        """Remember with which ETag a path was written."""
        self.etags.note(self.key(path), etag, path if path.is_file() else None)

    def key(self, path: Path) -> str:
        """Return the key of a path in the copy."""
        return path.relative_to(self.root).as_posix()

    @contextmanager
    def held(self, part: str = LAKE, timeout_seconds: float | None = None) -> Iterator[None]:
        """Hold the lake or the snapshots against all other writers; the lake is brought up to date.

        It waits as long as for any lock where no time is given. Holding again what this process
        holds costs nothing.

        Raises:
            LakeLockedError: another run holds it for too long.
            ObjectStoreError: the place cannot be read or written.
        """
        if part in self._leases:
            yield
            return
        _ = self.etags
        if timeout_seconds is None:
            timeout_seconds = LOCK_TIMEOUT_SECONDS
        with file_lock(self._lock(part), timeout_seconds):
            lease = Lease(self.store, f"locks/{part}.json")
            lease.acquire(timeout_seconds)
            self._leases[part] = lease
            try:
                if part == LAKE:
                    self._refresh()
                yield
            finally:
                del self._leases[part]
                lease.release()

    @contextmanager
    def held_for(self, path: Path, timeout_seconds: float) -> Iterator[None]:
        """Hold the part that a lock file guards; marts as of a moment are each machine's own."""
        parts = path.relative_to(self.root).parts
        with ExitStack() as stack:
            if parts[:2] != (SNAPSHOTS, "as_of"):
                part = SNAPSHOTS if parts[0] == SNAPSHOTS else LAKE
                stack.enter_context(self.held(part, timeout_seconds))
            yield

    @contextmanager
    def kept_from_writers(self, part: str) -> Iterator[bool]:
        """Give whether no writer of this machine holds a part, and keep writers out meanwhile.

        A writer keeps the copy up to date itself. Readers wait for one another.
        """
        _ = self.etags
        with ExitStack() as stack:
            readers = self.root / f".{part}.readers.lock"
            stack.enter_context(file_lock(readers, _READERS_TIMEOUT_SECONDS))
            try:
                stack.enter_context(file_lock(self._lock(part), 0))
                is_free = True
            except LakeLockedError:
                is_free = False
            yield is_free

    def refresh_to_read(self) -> None:
        """Bring landing, lake and quarantine up to date, unless a run here does so anyway."""
        with self.kept_from_writers(LAKE) as is_free:
            if is_free:
                self._refresh()

    def fetch(self, key: str) -> str | None:
        """Fetch one object into the copy; return its ETag, None (and no file) where it is gone."""
        found = self.store.get(key)
        path = self.root / key
        if found is None:
            path.unlink(missing_ok=True)
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
        temporary.write_bytes(found.content)
        temporary.replace(path)
        return found.etag

    def _refresh(self) -> None:
        listed = {
            key: etag
            for zone in MIRRORED
            for key, etag in self.store.under(zone)
            if not any(part in ("", ".", "..") for part in key.split("/"))
        }
        known = self.etags.all()
        stale = [key for key, etag in listed.items() if not self._has(key, etag, known.get(key))]
        with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
            for key, etag in zip(stale, pool.map(self.fetch, stale), strict=True):
                if etag is not None:
                    self.etags.note(key, etag, self.root / key)
        self._drop({key for key in known if key.split("/")[0] in MIRRORED} - listed.keys())
        for path in self._local_files():
            if self.key(path) not in listed:
                path.unlink(missing_ok=True)

    def _has(self, key: str, etag: str, known: Stamp | None) -> bool:
        path = self.root / key
        if known is None or known[0] != etag or not path.is_file():
            return False
        return stamp(key, etag, path)[2:] == known[1:]

    def _drop(self, keys: set[str]) -> None:
        for key in keys:
            (self.root / key).unlink(missing_ok=True)
        self.etags.forget(keys)

    def _local_files(self) -> Iterator[Path]:
        for zone in MIRRORED:
            for path in (self.root / zone).rglob("*"):
                if path.is_file() and not path.name.startswith("."):
                    yield path

    def _key(self, path: Path) -> str | None:
        key = self.key(path)
        return key if key.split("/")[0] in MIRRORED or key in _SHARED_FILES else None

    def _lock(self, part: str) -> Path:
        return self.root / f".{part}.lock"
