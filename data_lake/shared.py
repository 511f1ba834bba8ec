"""Which local folders are working copies of a place on S3; for all others these do nothing.

The doors ask here, so that none of them knows where a lake is. Local lakes import nothing of S3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data_lake.objects import Place
    from data_lake.working_copy import WorkingCopy

LAKE = "lake"
SNAPSHOTS = "snapshots"
"""The two parts that are held apart: a rollback need not wait for a run that still extracts."""

_copies: dict[Path, WorkingCopy] = {}


def attach(root: Path, place: Place) -> None:
    """Make a folder the working copy of a place, for this process; asks the place nothing."""
    from data_lake.objects import ObjectStore
    from data_lake.working_copy import WorkingCopy

    _copies[root] = WorkingCopy(root, ObjectStore(place))


def copy_of(path: Path) -> WorkingCopy | None:
    """Return the working copy that a path lies in; None where it is local only."""
    return next((copy for root, copy in _copies.items() if path.is_relative_to(root)), None)


def place_of(path: Path) -> str | None:
    """Return where the truth of a working copy is, as `s3://bucket/prefix`; None where local."""
    copy = copy_of(path)
    return str(copy.store.place) if copy else None


@contextmanager
def held(root: Path) -> Iterator[None]:
    """Keep runs of other machines out of the lake, and work on its newest state.

    Raises:
        LakeLockedError: another run holds it for too long.
        ObjectStoreError: the place cannot be read or written.
    """
    copy = copy_of(root)
    hold: AbstractContextManager[None] = copy.held() if copy else nullcontext()
    with hold:
        yield


def refresh(root: Path) -> None:
    """Bring a lake that is only read up to date.

    Raises:
        ObjectStoreError: the place cannot be read.
    """
    copy = copy_of(root)
    if copy:
        copy.refresh_to_read()
