"""Durable file writing for the lake's doors: whole files or nothing, on disk before they are named.

Only `landing` and `store` (and publishing, which has its own zone) call this. No formats here. In
the working copy of a lake on S3 the same calls write there first, and lock for all machines.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from uuid import uuid4

from data_lake.shared import copy_of

LOCK_TIMEOUT_SECONDS = 30.0


class LakeLockedError(Exception):
    """Another process holds the lock of a table for too long."""


def write_atomically(destination: Path, content: bytes) -> None:
    """Write a whole file under a temporary name, fsync it, rename it, fsync its directory.

    The temporary name does not end like the destination, so that no glob for data finds it.

    Raises:
        ObjectStoreError: the lake is on S3 and the file could not be put there; nothing is written.
    """
    copy = copy_of(destination)
    etag = copy.put(destination, content) if copy else None
    destination.parent.mkdir(parents=True, exist_ok=True)
    temporary = destination.with_name(f".{destination.name}.{uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        temporary.replace(destination)
    finally:
        temporary.unlink(missing_ok=True)
    fsync_directory(destination.parent)
    if copy and etag:
        copy.note(destination, etag)


def fsync_directory(directory: Path) -> None:
    """Make a rename inside a directory survive a loss of power."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive_lock(path: Path, timeout_seconds: float = LOCK_TIMEOUT_SECONDS) -> Iterator[None]:
    """Hold what a lock file guards against every other process, of other machines too on S3.

    Raises:
        LakeLockedError: another process still holds it after `timeout_seconds`.
        ObjectStoreError: the lake is on S3, which cannot be asked.
    """
    copy = copy_of(path)
    shared = copy.held_for(path, timeout_seconds) if copy else nullcontext()
    with shared, file_lock(path, timeout_seconds):
        yield


@contextmanager
def file_lock(path: Path, timeout_seconds: float = LOCK_TIMEOUT_SECONDS) -> Iterator[None]:
    """Hold an advisory lock on a file; the kernel frees it when the process ends, however it ends.

    Raises:
        LakeLockedError: another process still holds the lock after `timeout_seconds`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    deadline = time.monotonic() + timeout_seconds
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise LakeLockedError(
                        f"{path.parent} is locked by another run since more than "
                        f"{timeout_seconds:.0f} seconds; wait for it to end, then try again"
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)
