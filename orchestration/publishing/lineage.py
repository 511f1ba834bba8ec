"""What a snapshot is made of: the state of the lake and the code; and whether that is published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from data_lake.store import LakeStore
from data_lake.zones import Zones
from orchestration.publishing.errors import NoSnapshot
from orchestration.publishing.snapshot import current, rolled_away
from orchestration.publishing.staging import hold
from orchestration.version import code_version

_BESIDE = "lineage.json"


def lineage(zones: Zones) -> dict[str, Any]:
    """Return the world and state of the lake and the version of the code."""
    store = LakeStore(zones.lake)
    return {
        "world": store.world() or "real",
        "lake_state": store.state(),
        "code_version": code_version(),
    }


def write_lineage(staged: Path, zones: Zones) -> None:
    """Note beside a staged file what it is about to be built from, before the build reads it.

    Another run may write the lake meanwhile: the snapshot must not claim what it does not hold.
    """
    hold(staged.parent)
    staged.with_name(_BESIDE).write_text(json.dumps(lineage(zones)), encoding="utf-8")


def read_lineage(staged: Path) -> dict[str, Any]:
    """Return what a staged file was built from; its folder is held as its builder held it."""
    hold(staged.parent)
    return json.loads(staged.with_name(_BESIDE).read_text(encoding="utf-8"))


def is_published(zones: Zones, snapshots: Path | None = None) -> bool:
    """Return whether a zone's readers already have what this lake and this code would give them.

    Also where they had it, and somebody rolled it back: what was taken away on purpose does not
    come back by itself. The zone is the main one unless `snapshots` names another.
    """
    zone = snapshots or zones.snapshots
    try:
        known = [current(zone), *rolled_away(zone)]
    except NoSnapshot:
        return False
    now = lineage(zones)
    return any(
        all(each.facts.get(name) == now[name] for name in ("lake_state", "code_version"))
        for each in known
    )
