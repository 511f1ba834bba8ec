"""Bodies that reach the lake after later ones of the same file, as from a second archive.

What stands after them must be read again, or the order of loading would decide what is current.
Questions to landing and ledger only; nothing is parsed or written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from data_lake.landing import Landing
from data_lake.ledger import Days, Ledger
from orchestration.sources.base import Payload, Request

Seen = tuple[dt.datetime, str]


@dataclass(frozen=True)
class InOrder:
    """All payloads that a run must consider, oldest first.

    `again` names those to be read though the lake holds them; `first_seen` says when each body of
    their files was first fetched (by SHA-256).
    """

    payloads: tuple[Payload, ...]
    again: frozenset[str]
    first_seen: dict[str, dt.datetime]


def taken_name(payload: Payload) -> str:
    """Name a body and since when it stands: one that comes back later is to be read again."""
    return named(payload.sha256, payload.fetched_at)


def named(sha256: str, fetched_at: dt.datetime) -> str:
    """Return the ledger's name of a body that stands since a moment."""
    return f"{sha256}@{fetched_at.isoformat()}"


def in_order(payloads: Sequence[Payload], landing: Landing, ledger: Ledger, days: Days) -> InOrder:
    """Add the kept bodies that are later than a payload which the lake never took in."""
    oldest: dict[str, Payload] = {}
    for payload in payloads:
        key = payload.request.key
        is_older = key not in oldest or payload.fetched_at < oldest[key].fetched_at
        if is_older and not ledger.knows(taken_name(payload), days):
            oldest[key] = payload
    at_hand = {(payload.request.key, taken_name(payload)) for payload in payloads}
    more: list[Payload] = []
    again: set[str] = set()
    first_seen: dict[str, dt.datetime] = {}
    for key, payload in oldest.items():
        seen = landing.seen(payload.request.source, key)
        later = {named(sha, at) for at, sha in _changes(seen) if at > payload.fetched_at}
        if not later:
            continue
        again |= later
        first_seen |= {sha: at for at, sha in reversed(seen)}
        if any((key, name) not in at_hand for name in later):
            bodies = _bodies(payload.request, landing)
            wanted = (body for body in bodies if taken_name(body) in later)
            more += [body for body in wanted if (key, taken_name(body)) not in at_hand]
    every = sorted([*payloads, *more], key=lambda each: each.fetched_at) if more else payloads
    return InOrder(tuple(every), frozenset(again), first_seen)


def _changes(seen: Sequence[Seen]) -> list[Seen]:
    """Return since when each body stands, repetitions in a row left out."""
    return [
        (at, sha)
        for number, (at, sha) in enumerate(seen)
        if number == 0 or seen[number - 1][1] != sha
    ]


def _bodies(request: Request, landing: Landing) -> list[Payload]:
    return [
        Payload(
            request,
            kept.body,
            kept.first_fetch.status,
            kept.first_fetch.headers,
            kept.first_fetch.fetched_at,
            kept.first_fetch.is_synthetic,
            kept.seen_at,
        )
        for kept in landing.bodies(request.source, request.key)
        if kept.first_fetch.status == 200
    ]
