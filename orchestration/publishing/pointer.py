"""`current`, the link in a zone of snapshots that says which one its readers get."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from data_lake.files import fsync_directory

CURRENT = "current"


def current_id(snapshots: Path) -> str | None:
    """Return the id that `current` points at; None where nothing was published."""
    link = snapshots / CURRENT
    return link.readlink().name if link.is_symlink() else None


def point_at(snapshots: Path, snapshot_id: str) -> None:
    """Point `current` at a snapshot, in one step."""
    temporary = snapshots / f".{CURRENT}.{uuid4().hex}"
    temporary.symlink_to(snapshot_id)
    temporary.replace(snapshots / CURRENT)
    fsync_directory(snapshots)
