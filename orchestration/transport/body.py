"""Reading a body that a stranger sends: never more than a cap, never less than all of it.

Works on raw chunks, so it knows no HTTP client. Decompression is done here, piece by piece,
because HTTP clients expand a chunk without limit and take a cut gzip stream for a whole one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

GZIP_WINDOW = zlib.MAX_WBITS | 16


class BodyError(Exception):
    """The body is not acceptable; the message completes the sentence `<host> sent ...`."""


class BodyTooLargeError(BodyError):
    """The body passes the cap: asking again would not help."""


def read_body(chunks: Iterable[bytes], encoding: str, cap_bytes: int) -> bytes:
    """Return the whole body, decompressed, at most `cap_bytes` long.

    Raises:
        BodyTooLargeError: the body is longer than the cap, before or after decompression.
        BodyError: the encoding is unknown, or the gzip stream is broken or cut.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _plain(chunks, cap_bytes)
    if name in ("gzip", "x-gzip"):
        return _gunzip(chunks, cap_bytes)
    raise BodyError(f"a body encoded as {name[:40]!r}, which was not asked for")


def too_large(cap_bytes: int) -> BodyTooLargeError:
    """Return the error for a body over the cap, which is given in bytes."""
    return BodyTooLargeError(f"more than the cap of {cap_bytes:,} bytes")


def _plain(chunks: Iterable[bytes], cap_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > cap_bytes:
            raise too_large(cap_bytes)
    return bytes(body)


def _gunzip(chunks: Iterable[bytes], cap_bytes: int) -> bytes:
    body = bytearray()
    member = zlib.decompressobj(GZIP_WINDOW)
    for chunk in chunks:
        rest = chunk
        while rest:
            if member.eof:  # a gzip file may hold several members, one after the other
                member = zlib.decompressobj(GZIP_WINDOW)
            try:
                # One byte more than allowed shows the overrun; zero would mean "no limit".
                body += member.decompress(rest, cap_bytes - len(body) + 1)
            except zlib.error as error:
                raise BodyError("a broken gzip body") from error
            if len(body) > cap_bytes:
                raise too_large(cap_bytes)
            rest = member.unused_data
    if not member.eof:
        raise BodyError("a gzip body that is cut short")
    return bytes(body)
