"""Publishing: audit the staged marts, write an immutable snapshot, switch readers to it at once.

A figure that fails its suite never reaches a place that readers open. Knows neither Dagster nor the
validation library: the audit is handed in.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from data_lake.files import fsync_directory, write_atomically
from orchestration.publishing import build, catalog
from orchestration.publishing.catalog import current, rollback
from orchestration.publishing.errors import (
    AuditFailed,
    NoSnapshot,
    NothingToRollBackTo,
    PublishError,
    PublishLocked,
)
from orchestration.publishing.manifest import (
    MANIFEST,
    NO_DATA,
    PASSED,
    Mart,
    Snapshot,
    file_sha256,
    manifest_bytes,
    world_of,
)

__all__ = ["AuditFailed", "NoSnapshot", "NothingToRollBackTo", "PublishError", "PublishLocked"]
__all__ += ["Snapshot", "current", "publish", "rollback"]

if TYPE_CHECKING:
    import duckdb


class Verdict(Protocol):
    """What the audit must say about a mart."""

    @property
    def passed(self) -> bool:
        """Return whether the mart may be read."""

    @property
    def reason(self) -> str:
        """Return one sentence on what failed."""

    @property
    def critical(self) -> Sequence[Any]:
        """Return the failures that block, as dataclasses."""

    @property
    def warnings(self) -> Sequence[Any]:
        """Return the failures that do not, as dataclasses."""


Audit = Callable[[pa.Table, Path], Verdict]


@dataclass(frozen=True)
class _Judged:
    marts: tuple[Mart, ...]
    failures: dict[str, Verdict]

    @property
    def content_sha256(self) -> str:
        digests = "".join(mart.name + mart.content_sha256 for mart in self.marts)
        return hashlib.sha256(digests.encode()).hexdigest()


def _ignore(_step: str) -> None:
    """Tell nobody."""


def publish(
    staged: Path,
    snapshots: Path,
    suites: Path,
    facts: Mapping[str, Any],
    audit: Audit,
    *,
    sort_keys: build.SortKeys | None = None,
    kept: int = catalog.KEPT_SNAPSHOTS,
    lock_timeout_seconds: float = catalog.LOCK_TIMEOUT_SECONDS,
    on_step: Callable[[str], None] = _ignore,
) -> Snapshot:
    """Audit the marts of a staged DuckDB file and make them what readers get.

    `facts` go into the manifest as they are and must name the `world` (`sandbox` or `real`).
    `audit(rows, suites / "<mart>.json")` judges every mart that has rows. `sort_keys` gives the
    columns a mart's rows are sorted by; without, all columns in order. `on_step` hears the name
    of each step after it is done. The staged file stays where it is, unless it is rejected.

    Raises:
        AuditFailed: a mart failed; the file and its failures are kept in `rejected/<id>/`.
        PublishLocked: another publish held the zone for longer than `lock_timeout_seconds`.
        PublishError: the staged file cannot be read, has no marts or no rows, a mart has no suite,
            or a file could not be written.
        ValueError: `facts` name no world.
    """
    world = world_of(facts)
    with catalog.publish_lock(snapshots, lock_timeout_seconds):
        catalog.clean(snapshots)
        on_step("locked")
        with build.open_staged(staged) as connection:
            marts = build.list_marts(connection, sort_keys or {})
            judged = _judge(connection, marts, suites, audit)
            snapshot_id, created_at = catalog.new_id(snapshots, judged.content_sha256)
            on_step("audited")
            if not judged.failures:
                folder = snapshots / catalog.STAGING / snapshot_id
                snapshot = Snapshot(
                    snapshot_id=snapshot_id,
                    path=folder,
                    created_at=created_at,
                    world=world,
                    replaces=catalog.current_id(snapshots),
                    marts=judged.marts,
                    facts=dict(facts),
                    files={},
                )
                folder.mkdir(parents=True)
                build.copy_marts(connection, marts, snapshot)
                on_step("copied")
                build.export_marts(connection, marts, folder)
                on_step("exported")
        if judged.failures:
            raise _reject(staged, snapshots, snapshot_id, judged.failures)
        snapshot = _finish(snapshot)
        on_step("finished")
        snapshot.path.rename(snapshots / snapshot_id)
        fsync_directory(snapshots)
        on_step("moved")
        catalog.switch(snapshots, snapshot_id)
        on_step("switched")
        catalog.prune(snapshots, kept)
        on_step("pruned")
    return replace(snapshot, path=snapshots / snapshot_id)


def _judge(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[build.StagedMart],
    suites: Path,
    audit: Audit,
) -> _Judged:
    judged: list[Mart] = []
    failures: dict[str, Verdict] = {}
    for mart in marts:
        suite = suites / f"{mart.name}.json"
        if not suite.is_file():
            raise PublishError(f"mart {mart.name} has no suite; write {suite}")
        rows = build.read_mart(connection, mart)
        status, warnings = NO_DATA, ()
        if rows.num_rows:
            verdict = audit(rows, suite)
            status, warnings = PASSED, tuple(_plain(each) for each in verdict.warnings)
            if not verdict.passed:
                failures[mart.name] = verdict
        digest = build.content_sha256(rows)
        judged.append(Mart(mart.name, mart.schema, rows.num_rows, digest, status, warnings))
    if all(mart.status == NO_DATA for mart in judged):
        raise PublishError("no mart has a single row; there is nothing to publish")
    return _Judged(tuple(judged), failures)


def _finish(snapshot: Snapshot) -> Snapshot:
    """Write the manifest, then put every file on disk for good and close it to writers."""
    files = sorted(path for path in snapshot.path.iterdir())
    complete = replace(snapshot, files={path.name: file_sha256(path) for path in files})
    write_atomically(snapshot.path / MANIFEST, manifest_bytes(complete))
    for path in snapshot.path.iterdir():
        fsync_directory(path)  # works for files as it does for folders
        path.chmod(0o444)
    fsync_directory(snapshot.path)
    return complete


def _reject(
    staged: Path, snapshots: Path, snapshot_id: str, failures: Mapping[str, Verdict]
) -> AuditFailed:
    """Keep the staged file and why it failed; return the error to raise."""
    folder = snapshots / catalog.REJECTED / snapshot_id
    content = {
        mart: {"reason": verdict.reason, "failures": [_plain(each) for each in verdict.critical]}
        for mart, verdict in failures.items()
    }
    body = json.dumps(content, indent=1, ensure_ascii=False, default=str)
    write_atomically(folder / "failures.json", body.encode())
    shutil.move(staged, folder / staged.name)
    mart, verdict = next(iter(failures.items()))
    more = f" ({len(failures) - 1} more marts failed)" if len(failures) > 1 else ""
    return AuditFailed(
        f"mart {mart} failed its audit and was not published: {verdict.reason}{more}; "
        f"readers keep what they had, the rejected file is in {folder}"
    )


def _plain(failure: Any) -> dict[str, Any]:
    """Return a failure as JSON can hold it, with no more row positions than a person reads."""
    content = asdict(failure)
    content["unexpected_rows"] = list(content.get("unexpected_rows", ()))[:20]
    return content
