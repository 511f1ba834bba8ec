"""The marts as they could have been known at a moment: built apart, never what readers get.

Each moment has a zone of snapshots of its own, `snapshots/as_of/<moment>/`, audited and switched as
the main one is, and built again only where the lake or the code has changed since. The newest few
moments are kept, as many as snapshots.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from uuid import uuid4

from data_lake.shared import refresh
from data_lake.zones import Zones
from expectations.runner import SUITES, validate
from orchestration.publishing.catalog import KEPT_SNAPSHOTS, current_id, publish_lock
from orchestration.publishing.claims_engine import write_engine
from orchestration.publishing.companions import DOCS
from orchestration.publishing.errors import PublishLocked
from orchestration.publishing.lineage import is_published, read_lineage, write_lineage
from orchestration.publishing.snapshot import Snapshot, current, publish
from orchestration.report.write import write_report
from orchestration.warehouse import WarehouseError, build, failures, staged_file
from orchestration.warehouse_docs import write_docs

_STAMP = "%Y%m%dT%H%M%S%fZ"


class MomentError(ValueError):
    """A moment that is no time with an offset, or lies ahead; the message says what to write."""


def parse_moment(text: str) -> dt.datetime:
    """Return the UTC moment that an ISO 8601 text with an offset names.

    Raises:
        MomentError: it is not ISO 8601, has no offset, or lies in the future.
    """
    example = "write for example 2025-02-18T20:00+08:00"
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise MomentError(f"{text!r} is no ISO 8601 time; {example}") from None
    if moment.tzinfo is None:
        raise MomentError(f"{text!r} has no offset from UTC; {example}")
    if moment > dt.datetime.now(dt.UTC):
        raise MomentError(f"{text!r} is in the future; what will be known then is not in the lake")
    return moment.astimezone(dt.UTC)


def snapshot_as_of(zones: Zones, moment: dt.datetime, kept: int = KEPT_SNAPSHOTS) -> Snapshot:
    """Return the marts as known at a moment, building them where that was not done yet.

    After a build the moments built longest ago are removed, so that `kept` are left.

    Raises:
        WarehouseError: a model or a test failed, named in the message.
        PublishError: the marts failed their audit or hold no row.
        SuiteError: a suite cannot be read.
        LakeLockedError: another process holds the dbt project for too long.
        ObjectStoreError: the lake is on S3, which cannot be read.
    """
    refresh(zones.root)
    zone = zones.snapshots / "as_of" / moment.strftime(_STAMP)
    if is_published(zones, zone):
        return current(zone)
    staged = staged_file(zones, f"as-of-{uuid4().hex}")
    try:
        write_lineage(staged, zones)
        results = build(zones, staged, as_of=moment.isoformat())
        if failed := failures(staged, results):
            raise WarehouseError(failed)
        write_engine(staged, results)
        write_docs(staged, staged.with_name(DOCS))
        facts = {"as_of": moment.isoformat(), **read_lineage(staged)}
        suites = SUITES / "marts"
        made = publish(staged, zone, suites, facts, validate, report=write_report, kept=1)
    finally:
        shutil.rmtree(staged.parent, ignore_errors=True)
    prune_moments(zone.parent, kept)
    return made


def prune_moments(folder: Path, kept: int) -> list[str]:
    """Remove the moments built longest ago, so that `kept` are left; return their names.

    One that is being built is left alone.
    """
    by_age = sorted(folder.iterdir(), key=lambda zone: current_id(zone) or "", reverse=True)
    removed = []
    for zone in by_age[kept:]:
        try:
            with publish_lock(zone, timeout_seconds=0):
                shutil.rmtree(zone)
        except PublishLocked:
            continue
        removed.append(zone.name)
    return removed
