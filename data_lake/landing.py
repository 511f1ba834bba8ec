"""The landing zone: every body a publisher ever sent, once, and one small JSON per fetch.

The only code that writes raw payloads. Layout: `<root>/<source>/<key>/<sha256>.gz` holds a body,
`<root>/<source>/<key>/<fetched_at>-<sha256, 12 digits>.json` what was asked and answered. Nothing
is ever overwritten or deleted here. It does not read what the bytes mean.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from data_lake.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAFE_PART = re.compile(r"[A-Za-z0-9^][A-Za-z0-9._=^-]{0,120}\Z")
_STAMP = "%Y%m%dT%H%M%S%fZ"
_SHA_DIGITS = 12


class UnsafeKeyError(ValueError):
    """A source or key that is no plain file name."""


@dataclass(frozen=True)
class Fetch:
    """What one fetch asked and got, as kept beside the body."""

    fetched_at: dt.datetime
    sha256: str
    fingerprint: str
    status: int
    headers: Mapping[str, str]
    is_synthetic: bool
    world: str
    url: str


@dataclass(frozen=True)
class KeptBody:
    """A body of a key, with the fetch that first brought it (which dates the version).

    `seen_at` is when it was last brought again before another one came.
    """

    body: bytes
    first_fetch: Fetch
    seen_at: dt.datetime


def safe_part(part: str) -> str:
    """Return a path part unchanged.

    Raises:
        UnsafeKeyError: the part could leave its folder or hide from a listing.
    """
    if not _SAFE_PART.match(part) or ".." in part:
        raise UnsafeKeyError(f"{part!r} is not a usable name for a kept payload")
    return part


class Landing:
    """The kept payloads under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, source: str, key: str) -> Path:
        """Return where the bodies of a key are kept."""
        return self.root / safe_part(source) / safe_part(key)

    def keep(
        self,
        source: str,
        key: str,
        body: bytes,
        *,
        sha256: str,
        fetched_at: dt.datetime,
        facts: Mapping[str, Any],
    ) -> Fetch:
        """Keep a body (once) and the JSON of this fetch.

        `facts` holds fingerprint, status, headers, is_synthetic, world, url and the request's other
        parts; it must hold no secret.
        """
        folder = self.folder(source, key)
        body_path = folder / f"{sha256}.gz"
        if not body_path.exists():
            write_atomically(body_path, gzip.compress(body, compresslevel=6, mtime=0))
        stamp = fetched_at.astimezone(dt.UTC)
        record = {"fetched_at": stamp.isoformat(), "sha256": sha256, **facts}
        name = f"{stamp.strftime(_STAMP)}-{sha256[:_SHA_DIGITS]}.json"
        content = json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False)
        write_atomically(folder / name, content.encode())
        return _fetch_of(record)

    def fetches(self, source: str, key: str) -> list[Fetch]:
        """Return every fetch of a key, oldest first."""
        folder = self.folder(source, key)
        if not folder.is_dir():
            return []
        return [_fetch_of(json.loads(path.read_bytes())) for path in sorted(folder.glob("*.json"))]

    def body(self, source: str, key: str, sha256: str) -> bytes:
        """Return one kept body.

        Raises:
            FileNotFoundError: it was never kept.
        """
        path = self.folder(source, key) / f"{safe_part(sha256)}.gz"
        return gzip.decompress(path.read_bytes())

    def bodies(self, source: str, key: str) -> list[KeptBody]:
        """Return the bodies of a key in the order they were seen, repetitions in a row once.

        A body that comes back after another one is listed again: the publisher took a change back.
        """
        runs: list[list[Fetch]] = []
        for fetch in self.fetches(source, key):
            if runs and runs[-1][0].sha256 == fetch.sha256:
                runs[-1].append(fetch)
            else:
                runs.append([fetch])
        return [
            KeptBody(self.body(source, key, run[0].sha256), run[0], run[-1].fetched_at)
            for run in runs
        ]

    def sha256s(self, source: str, key: str) -> set[str]:
        """Return the hashes of all bodies kept for a key."""
        return {path.stem for path in self.folder(source, key).glob("*.gz")}

    def seen(self, source: str, key: str) -> list[tuple[dt.datetime, str]]:
        """Return when which body (SHA-256) of a key was fetched, oldest first.

        It reads the names of the notes and not the notes.
        """
        bodies = {sha256[:_SHA_DIGITS]: sha256 for sha256 in self.sha256s(source, key)}
        names = sorted(path.stem for path in self.folder(source, key).glob("*.json"))
        parts = (name.split("-") for name in names)
        return [
            (dt.datetime.strptime(stamp, _STAMP).replace(tzinfo=dt.UTC), bodies[digits])
            for stamp, digits in parts
            if digits in bodies
        ]

    def keys_of(self, source: str, sha256: str) -> list[str]:
        """Return the keys under which a body was kept: a publisher may send one for several."""
        found = (self.root / safe_part(source)).glob(f"*/{safe_part(sha256)}.gz")
        return sorted(path.parent.name for path in found)

    def newest(self, source: str, key: str, fingerprint: str) -> tuple[Fetch, Fetch] | None:
        """Return the last good fetch that asked a question, and the first that brought its body.

        "First" is since the answer last changed: it says from when the body stood.
        """
        same = [
            fetch
            for fetch in self.fetches(source, key)
            if fetch.fingerprint == fingerprint and fetch.status == 200
        ]
        if not same:
            return None
        first = same[-1]
        for fetch in reversed(same):
            if fetch.sha256 != first.sha256:
                break
            first = fetch
        return same[-1], first

    def keys(self, source: str) -> list[str]:
        """Return every key of a source."""
        folder = self.root / safe_part(source)
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _fetch_of(record: Mapping[str, Any]) -> Fetch:
    return Fetch(
        fetched_at=dt.datetime.fromisoformat(cast(str, record["fetched_at"])),
        sha256=record["sha256"],
        fingerprint=record["fingerprint"],
        status=record["status"],
        headers=record["headers"],
        is_synthetic=record["is_synthetic"],
        world=record.get("world", ""),
        url=record["url"],
    )
