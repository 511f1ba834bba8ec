"""Durable file writing for the lake's doors: whole files or nothing, on disk before they are named.

Only `landing` and `store` (and publishing, which has its own zone) call this. No formats here.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

LOCK_TIMEOUT_SECONDS = 30.0


class LakeLockedError(Exception):
    """Another process holds the lock of a table for too long."""


def write_atomically(destination: Path, content: bytes) -> None:
    """Write a whole file under a temporary name, fsync it, rename it, fsync its directory.

    The temporary name does not end like the destination, so that no glob for data finds it.
    """
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


def fsync_directory(directory: Path) -> None:
    """Make a rename inside a directory survive a loss of power."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive_lock(path: Path, timeout_seconds: float = LOCK_TIMEOUT_SECONDS) -> Iterator[None]:
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
