"""What every transport is: `Transport`, and the two ways in which bytes may fail to come.

Here lives the contract alone. No HTTP client, no files, nothing about one publisher.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import ClassVar, Protocol, Self

from orchestration.sources.base import Payload, Request


class Missing(Exception):  # noqa: N818 - a gap is an answer, not an error
    """The publisher or the archive has nothing for this request: a gap, to be reported as one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TransportError(Exception):
    """The bytes could not be got whole; the message says from where, why and what to do."""


class Transport(Protocol):
    """A way to get the bytes that answer a request; also a context manager that closes itself."""

    name: ClassVar[str]
    knows_the_past: bool = True
    """Whether it can answer for any session what was said that day; the live sites cannot."""

    def fetch(self, request: Request) -> Sequence[Payload]:
        """Return the bodies that answer a request, oldest first; usually one, never none.

        Raises:
            Missing: there is nothing to get (404, 410, or no such file in the archive).
            TransportError: anything else, after the retries that make sense.
        """
        ...

    def close(self) -> None:
        """Release what the transport holds; closing twice is harmless."""
        return

    def __enter__(self) -> Self:
        """Return the transport itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the transport, whatever happened."""
        self.close()
