"""The transport that needs no network: a simulated market answers as the publishers would.

Here lives the passage from an `Answer` to a `Payload`; the market and its renderers live in
`orchestration/sandbox`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from orchestration.sources.base import Payload, Request
from orchestration.transport.base import Missing, Transport, TransportError

if TYPE_CHECKING:
    from orchestration.sandbox.market import Market


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SandboxTransport(Transport):
    """Renders every answer from one market, the same for the same seed. Always synthetic."""

    name: ClassVar[str] = "sandbox"

    def __init__(self, seed: int | None = None, now: Callable[[], dt.datetime] = _utc_now) -> None:
        self._seed = seed
        self._now = now

    @cached_property
    def market(self) -> Market:
        """Return the market behind the answers, built when first asked for."""
        from orchestration.sandbox.market import Market

        return Market() if self._seed is None else Market(self._seed)

    def fetch(self, request: Request) -> Sequence[Payload]:
        """Return the one rendered answer.

        Raises:
            Missing: the publisher would have no such file (404 or 410).
            TransportError: the sandbox has no renderer for the source, or it answered an error.
        """
        from orchestration.sandbox import RENDERERS

        if request.source not in RENDERERS:
            known = ", ".join(sorted(RENDERERS))
            raise TransportError(
                f"the sandbox cannot answer for source {request.source!r}; it knows: {known}."
            )
        answer = RENDERERS[request.source](self.market, request)
        if answer.status in (404, 410):
            raise Missing(f"{request.source}/{request.key}: the sandbox has no such file.")
        if answer.status != 200:
            raise TransportError(
                f"{request.source}/{request.key}: the sandbox answered HTTP {answer.status}; "
                "check the request."
            )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return [Payload(request, answer.body, 200, headers, self._now(), is_synthetic=True)]
