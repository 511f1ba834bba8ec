"""How bytes are got: from the sandbox, over HTTP, or out of an archive.

`open_transport` is the one door for callers; a transport's own module is imported only when it is
chosen, so that the sandbox run needs no HTTP client and the replay no simulated market.
"""

from __future__ import annotations

from pathlib import Path

from orchestration.transport.base import Missing, Transport, TransportError

__all__ = ["TRANSPORTS", "Missing", "Transport", "TransportError", "open_transport"]

TRANSPORTS = ("sandbox", "http", "archive")


def open_transport(
    name: str,
    *,
    seed: int | None = None,
    archive: Path | None = None,
    base_url: str | None = None,
    contact: str = "",
) -> Transport:
    """Return the transport of that name.

    `seed` is for the sandbox, `archive` (a folder) for the archive, `base_url` (one server in place
    of every publisher) and `contact` (an address shown to publishers) for HTTP.

    Raises:
        TransportError: no such transport, or the archive is not named or does not exist.
    """
    if name == "sandbox":
        from orchestration.transport.sandbox import SandboxTransport

        return SandboxTransport(seed)
    if name == "http":
        from orchestration.transport.http import HttpTransport

        return HttpTransport(base_url, contact=contact)
    if name == "archive":
        from orchestration.transport.archive import ArchiveTransport

        if archive is None:
            raise TransportError("the archive transport needs the folder to read from; name one.")
        return ArchiveTransport(archive)
    raise TransportError(f"unknown transport {name!r}; choose one of: {', '.join(TRANSPORTS)}.")
