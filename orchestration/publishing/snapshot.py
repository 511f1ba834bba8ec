"""Publishing: audit the staged marts, write an immutable snapshot, switch readers to it at once.

A figure that fails its suite never reaches a place that readers open. Knows neither Dagster nor the
validation library: the judge of the audit is handed in.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from data_lake.files import fsync_directory, write_atomically
from orchestration.publishing import build, catalog, files
from orchestration.publishing.audit import Judge, audit_marts, reject
from orchestration.publishing.catalog import current, roll_forward, rollback, rolled_away
from orchestration.publishing.companions import copy_companions
from orchestration.publishing.dictionary import write_dictionary
from orchestration.publishing.errors import (
    AuditFailed,
    NoSnapshot,
    NothingToRollBackTo,
    PublishError,
    PublishLocked,
)
from orchestration.publishing.layout import Layout, read_layout
from orchestration.publishing.manifest import (
    MANIFEST,
    Mart,
    Snapshot,
    file_sha256,
    manifest_bytes,
    world_of,
)
from orchestration.publishing.staging import STAGING

__all__ = ["AuditFailed", "NoSnapshot", "NothingToRollBackTo", "PublishError", "PublishLocked"]
__all__ += ["Snapshot", "current", "publish", "roll_forward", "rollback", "rolled_away"]


def _ignore(_step: str) -> None:
    """Tell nobody."""


def _no_report(_snapshot: Snapshot) -> None:
    """Write nothing."""


def publish(
    staged: Path,
    snapshots: Path,
    suites: Path,
    facts: Mapping[str, Any],
    audit: Judge,
    *,
    report: Callable[[Snapshot], object] = _no_report,
    layout: Layout | None = None,
    kept: int = catalog.KEPT_SNAPSHOTS,
    lock_timeout_seconds: float = catalog.LOCK_TIMEOUT_SECONDS,
    on_step: Callable[[str], None] = _ignore,
) -> Snapshot:
    """Audit the marts of a staged DuckDB file and make them what readers get.

    `facts` go into the manifest as they are and must name the `world` (`sandbox` or `real`).
    `audit(rows, suites / "<mart>.json")` judges every mart that has rows. `layout` says how marts
    are sorted and which days of them are new; without, it is the one beside the staged file. The
    base it names must still be what readers get, else all is new. `report(snapshot)` may add files
    to the snapshot's folder, which holds all marts by then. `on_step` hears the name of each step
    after it is done. The staged file stays where it is, unless it is rejected.

    Raises:
        AuditFailed: a mart failed; the file and its failures are kept in `rejected/<id>/`.
        PublishLocked: another publish held the zone for longer than `lock_timeout_seconds`.
        PublishError: the staged file cannot be read, has no marts or no rows, a mart has no suite,
            `facts` name no world, or the snapshot could not be written.
    """
    world = world_of(facts)
    with catalog.publish_lock(snapshots, lock_timeout_seconds):
        catalog.clean(snapshots)
        on_step("locked")
        laid_out, base = _laid_out(layout or read_layout(staged), snapshots)
        with build.open_staged(staged) as connection:
            marts = build.list_marts(connection, laid_out)
            audited = audit_marts(connection, marts, suites, audit, base)
            snapshot_id, created_at = catalog.new_id(snapshots, audited.content_sha256)
        on_step("audited")
        if audited.failures:
            folder = snapshots / catalog.REJECTED / snapshot_id
            raise reject(staged, folder, audited.failures)
        with _draft(snapshots, snapshot_id, created_at, world, audited.marts, facts) as draft:
            with build.open_staged(staged) as connection:
                files.copy_marts(connection, marts, draft, base)
                on_step("copied")
                write_dictionary(connection, marts, draft.path)
                copy_companions(staged, draft.path)
                files.export_marts(connection, marts, draft.path, base)
                on_step("exported")
            report(draft)
            on_step("reported")
            snapshot = _finish(draft)
            on_step("finished")
            snapshot.path.rename(snapshots / snapshot_id)
        fsync_directory(snapshots)
        on_step("moved")
        catalog.switch(snapshots, snapshot_id)
        on_step("switched")
        catalog.prune(snapshots, kept)
        on_step("pruned")
    return replace(snapshot, path=snapshots / snapshot_id)


def _laid_out(layout: Layout, snapshots: Path) -> tuple[Layout, Snapshot | None]:
    """Return a layout and the snapshot it builds on; without that one, all days are new."""
    if layout.base and layout.base == catalog.current_id(snapshots):
        try:
            return layout, current(snapshots)
        except NoSnapshot:
            pass
    return replace(layout, first_days={}, base=None), None


@contextmanager
def _draft(
    snapshots: Path,
    snapshot_id: str,
    created_at: dt.datetime,
    world: str,
    marts: tuple[Mart, ...],
    facts: Mapping[str, Any],
) -> Iterator[Snapshot]:
    """Give a snapshot without files, in a folder of the staging zone that a failure removes."""
    folder = snapshots / STAGING / snapshot_id
    try:
        folder.mkdir(parents=True)
        yield Snapshot(
            id=snapshot_id,
            path=folder,
            created_at=created_at,
            world=world,
            replaces=catalog.current_id(snapshots),
            marts=marts,
            facts=dict(facts),
            files={},
        )
    except OSError as error:
        raise PublishError(f"snapshot {snapshot_id} could not be written: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _finish(draft: Snapshot) -> Snapshot:
    """Write the manifest, then put every file on disk for good and close it to writers."""
    found = sorted(draft.path.iterdir())
    complete = replace(draft, files={path.name: file_sha256(path) for path in found})
    write_atomically(draft.path / MANIFEST, manifest_bytes(complete))
    for path in draft.path.iterdir():
        fsync_directory(path)  # the same call makes a file's bytes durable
        path.chmod(0o444)
    fsync_directory(draft.path)
    return complete
