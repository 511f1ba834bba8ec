"""The transport that replays kept bytes: a plain folder of payloads, or a landing zone.

A plain archive holds files `<source>/<key>`; a landing zone holds folders of that name, read by
`data_lake.landing` alone. Both may be mixed in one root. Nothing is written here.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from data_lake.landing import KeptBody, Landing, UnsafeKeyError, safe_part
from orchestration.sources.base import Payload, Request
from orchestration.transport.base import Missing, Transport, TransportError


class ArchiveNotFound(TransportError):  # noqa: N818 - reads as what the user is told
    """The folder to replay from does not exist: a wrong setting, not a gap in the data."""


class ArchiveTransport(Transport):
    """Answers every request from files; a file that is not there is a gap."""

    name: ClassVar[str] = "archive"

    def __init__(self, root: Path) -> None:
        """Open an archive.

        Raises:
            ArchiveNotFound: there is no folder at `root`.
        """
        if not root.is_dir():
            raise ArchiveNotFound(
                f"there is no archive folder at {root}; name one that holds <source>/<key> files, "
                "or a landing zone."
            )
        self._root = root
        self._landing = Landing(root)

    def fetch(self, request: Request) -> Sequence[Payload]:
        """Return the kept bodies of a key, oldest first; a plain file is one body.

        Raises:
            Missing: nothing is kept under this key.
            TransportError: the key is no plain file name, or what is kept cannot be read.
        """
        try:
            path = self._root / safe_part(request.source) / safe_part(request.key)
        except UnsafeKeyError as error:
            raise TransportError(f"{error}; correct the source's request.") from error
        try:
            if path.is_dir():
                kept = self._landing.bodies(request.source, request.key)
                payloads = [_replayed(request, k) for k in kept if k.first_fetch.status == 200]
            else:
                payloads = [_plain(request, path)] if path.is_file() else []
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
            raise TransportError(
                f"the archive's {request.source}/{request.key} cannot be read "
                f"({type(error).__name__}); restore it from a copy or fetch it anew."
            ) from error
        if not payloads:
            raise Missing(f"the archive holds nothing for {request.source}/{request.key}.")
        return payloads


def _plain(request: Request, path: Path) -> Payload:
    """Return a plain file as a real payload, fetched when the file was last written."""
    written = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return Payload(request, path.read_bytes(), 200, {}, written, is_synthetic=False)


def _replayed(request: Request, kept: KeptBody) -> Payload:
    fetch = kept.first_fetch
    payload = Payload(
        request,
        kept.body,
        fetch.status,
        fetch.headers,
        fetch.fetched_at,
        fetch.is_synthetic,
        kept.seen_at,
    )
    if payload.sha256 != fetch.sha256:
        raise TransportError(
            f"the body {fetch.sha256[:12]} of {request.source}/{request.key} was changed after it "
            "was kept; restore the landing zone from a copy."
        )
    return payload
