"""The staging zone: builds that are not published yet, whose they are, and what dead ones left.

A build holds its folder by a lock that the kernel frees when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from pathlib import Path

STAGING = ".staging"
_OWNER = ".owner"
_ABANDONED_AFTER_SECONDS = 24 * 3600.0
"""A file or folder that no process ever held, untouched for this long, belongs to nobody."""

_held: dict[Path, int] = {}


def hold(folder: Path) -> None:
    """Make a folder of the staging zone this process's own until the process or the folder ends."""
    for gone in [each for each in _held if not (each / _OWNER).exists()]:
        os.close(_held.pop(gone))
    while folder not in _held:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / _OWNER, os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if os.fstat(descriptor).st_nlink:
            _held[folder] = descriptor
        else:  # swept away between opening and locking
            os.close(descriptor)


def sweep(staging: Path) -> None:
    """Remove the builds of processes that ended without publishing them."""
    for left in staging.iterdir() if staging.is_dir() else ():
        owner = left / _OWNER
        if owner.is_file():
            _remove_unless_held(left, owner)
        elif time.time() - _last_written(left) > _ABANDONED_AFTER_SECONDS:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _remove_unless_held(folder: Path, owner: Path) -> None:
    descriptor = os.open(owner, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)


def _last_written(path: Path) -> float:
    """Return the newest time of change in a file or folder; now, where a build is removing it."""
    try:
        inside = path.rglob("*") if path.is_dir() else ()
        return max(each.lstat().st_mtime for each in (path, *inside))
    except FileNotFoundError:
        return time.time()
