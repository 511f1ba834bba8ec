"""A snapshot as its `manifest.json` states it: what it holds, what it came from, how it was judged.

Reading, writing and checking of manifests only; which snapshot is current is `catalog`'s matter.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from orchestration.publishing.errors import NoSnapshot, PublishError

MANIFEST = "manifest.json"
DATABASE = "marts.duckdb"
PASSED = "passed"
NO_DATA = "no_data"
READ_AT_ONCE_BYTES = 1 << 20


@dataclass(frozen=True)
class Mart:
    """One published mart: its rows, a hash of their content, and its suite's verdict.

    `status` is `passed`, or `no_data` where the mart had no rows and its suite was not asked;
    `verdict` says so in one sentence. `warnings` are the failures that did not block. `parts` are
    the hashes of the months of a mart that carries on, by YYYY-MM; they make `content_sha256`.
    """

    name: str
    schema: str
    rows: int
    content_sha256: str
    status: str
    verdict: str
    warnings: tuple[dict[str, Any], ...] = ()
    parts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """One published state of all marts. `facts` is what the publisher said about its origin."""

    id: str
    path: Path
    created_at: dt.datetime
    world: str
    replaces: str | None
    marts: tuple[Mart, ...]
    facts: dict[str, Any]
    files: dict[str, str]

    @property
    def database(self) -> Path:
        """Return the path of the DuckDB file that holds all marts."""
        return self.path / DATABASE

    @property
    def rows(self) -> int:
        """Return the rows of all marts together."""
        return sum(mart.rows for mart in self.marts)

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what `manifest.json` says; its `marts` are by name."""
        return {
            "snapshot_id": self.id,
            "created_at": self.created_at.isoformat(),
            "world": self.world,
            "replaces": self.replaces,
            "marts": {mart.name: _without_name(mart) for mart in self.marts},
            "facts": self.facts,
            "files": self.files,
        }


def manifest_bytes(snapshot: Snapshot) -> bytes:
    """Return the manifest of a snapshot as indented JSON."""
    return json.dumps(snapshot.manifest, indent=1, ensure_ascii=False, default=str).encode()


def read_manifest(folder: Path) -> Snapshot:
    """Read the manifest of a snapshot's folder.

    Raises:
        NoSnapshot: the manifest is missing or cannot be understood.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_bytes())
        return Snapshot(
            id=content["snapshot_id"],
            path=folder,
            created_at=dt.datetime.fromisoformat(content["created_at"]),
            world=content["world"],
            replaces=content["replaces"],
            marts=tuple(
                Mart(name=name, **(fields | {"warnings": tuple(fields["warnings"])}))
                for name, fields in content["marts"].items()
            ),
            facts=content["facts"],
            files=content["files"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoSnapshot(f"{path} is no readable manifest ({error})") from None


def damaged_files(snapshot: Snapshot) -> list[str]:
    """Return the files of a snapshot that are missing or whose SHA-256 is not the manifest's."""
    return [name for name in snapshot.files if is_damaged(snapshot, name)]


def is_damaged(snapshot: Snapshot, name: str) -> bool:
    """Return whether a file of a snapshot is missing or its SHA-256 is not the manifest's."""
    path = snapshot.path / name
    return not path.is_file() or file_sha256(path) != snapshot.files[name]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while block := content.read(READ_AT_ONCE_BYTES):
            digest.update(block)
    return digest.hexdigest()


def world_of(facts: Mapping[str, Any]) -> str:
    """Return the world the publisher's facts name, `sandbox` or `real`.

    Raises:
        PublishError: they name none.
    """
    world = facts.get("world")
    if world not in ("sandbox", "real"):
        raise PublishError(
            f"the marts must be of one world, sandbox or real, and not {world!r}; "
            "is the lake still empty?"
        )
    return world


def _without_name(mart: Mart) -> dict[str, Any]:
    fields = asdict(mart) | {"warnings": list(mart.warnings)}
    return {key: value for key, value in fields.items() if key != "name"}
