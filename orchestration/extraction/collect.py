"""Which bytes a run needs, and where it gets them: landing first, then the transport.

Every answer is kept in landing before anyone reads it. What the bytes mean is not known here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from data_lake.landing import Fetch, Landing
from data_lake.store import LakeStore
from orchestration import calendar, progress
from orchestration.sources.base import Payload, Request, Source
from orchestration.transport.base import Missing, Transport


@dataclass(frozen=True)
class Collected:
    """The answers to a source's requests: payloads (oldest first per key), and what is missing."""

    payloads: tuple[Payload, ...]
    missing: tuple[tuple[Request, str], ...]
    fetched: int
    reused: int


def world_of(is_synthetic: bool) -> str:
    """Return the name of the world a payload belongs to."""
    return "sandbox" if is_synthetic else "real"


def published_sessions(
    source: Source, first: dt.date, last: dt.date, now: dt.datetime
) -> list[dt.date]:
    """Return the source's sessions of a range whose figures can have been published by now."""
    closing = source.asked_after or source.calendar
    return [
        day
        for day in calendar.sessions(source.calendar, first, last)
        if calendar.session_close(closing, day) + source.publish_lag <= now
    ]


def collect(
    source: Source,
    sessions: Sequence[dt.date],
    transport: Transport,
    landing: Landing,
    store: LakeStore,
    *,
    refetch: bool,
) -> Collected:
    """Get the payloads that cover some sessions of a source.

    A fetch that landing holds is used again when it asked the same and was made after the answer
    was settled (close of its last session + publish lag + revision window), unless `refetch`.

    Raises:
        TransportError: the transport could not answer.
        StoreError: an answer belongs to another world than the lake.
    """
    payloads: list[Payload] = []
    missing: list[tuple[Request, str]] = []
    fetched = reused = 0
    if source.is_snapshot and not transport.knows_the_past:
        sessions = sessions[-1:]
    requests = source.requests(sessions) if sessions else []
    is_replay = transport.name == "archive"
    step = f"fetch {source.name}"
    progress.current().start(step, len(requests))
    for request in requests:
        kept = None if refetch or is_replay else _settled(source, request, landing)
        if kept is not None and _is_of_another_world(kept[0], transport, store):
            kept = None
        if kept is not None:
            payloads.append(_payload_of(request, kept, landing))
            reused += 1
        else:
            try:
                answers = transport.fetch(request)
            except Missing as absent:
                missing.append((request, str(absent)))
            else:
                payloads.extend(_kept(answer, landing, store, is_replay) for answer in answers)
                fetched += 1
        progress.current().advance(step)
    note = f"{fetched} fetched, {reused} already kept, {len(missing)} missing"
    progress.current().finish(step, note)
    return Collected(tuple(payloads), tuple(missing), fetched, reused)


def _settled(source: Source, request: Request, landing: Landing) -> tuple[Fetch, Fetch] | None:
    closes = calendar.session_close(source.calendar, request.last_session)
    settled_at = closes + source.publish_lag + source.revision_window
    newest = landing.newest(request.source, request.key, request.fingerprint)
    if newest is None:
        return None
    last, _ = newest
    return newest if last.fetched_at >= settled_at else None


def _is_of_another_world(fetch: Fetch, transport: Transport, store: LakeStore) -> bool:
    """Return whether a kept answer is not what the transport would bring, or the lake could take.

    A lake has no world before its first row, while landing may hold answers that gave none.
    """
    world = world_of(fetch.is_synthetic)
    if transport.name == "http" and not transport.knows_the_past:
        return world != "real"
    return world != (store.world() or ("sandbox" if transport.name == "sandbox" else world))


def _stood(payload: Payload, landing: Landing) -> bool:
    """Return whether landing knows that a replayed body stood when it is said to have been seen."""
    seen = landing.seen(payload.request.source, payload.request.key)
    before = [sha256 for at, sha256 in seen if at <= payload.fetched_at]
    return bool(before) and before[-1] == payload.sha256


def _payload_of(request: Request, kept: tuple[Fetch, Fetch], landing: Landing) -> Payload:
    last, fetch = kept
    return Payload(
        request=request,
        body=landing.body(request.source, request.key, fetch.sha256),
        status=fetch.status,
        headers=fetch.headers,
        fetched_at=fetch.fetched_at,
        is_synthetic=fetch.is_synthetic,
        seen_at=last.fetched_at,
    )


def _kept(payload: Payload, landing: Landing, store: LakeStore, is_replay: bool) -> Payload:
    """Keep an answer; date it by the first of the fetches in a row that brought this body.

    A replayed answer brings its date along, and is kept only where landing does not know that it
    stood then. An answer of another world than the lake's is not kept at all.
    """
    request = payload.request
    if is_replay and _stood(payload, landing):
        return payload
    store.check_world(world_of(payload.is_synthetic))
    landing.keep(
        request.source,
        request.key,
        payload.body,
        sha256=payload.sha256,
        fetched_at=payload.fetched_at,
        facts={
            "fingerprint": request.fingerprint,
            "method": request.method,
            "url": request.url,
            "params": dict(request.params),
            "form": dict(request.form),
            "status": payload.status,
            "headers": dict(payload.headers),
            "is_synthetic": payload.is_synthetic,
            "world": world_of(payload.is_synthetic),
        },
    )
    if is_replay:
        return payload
    newest = landing.newest(request.source, request.key, request.fingerprint)
    if newest is None:
        return payload
    last, first = newest
    return replace(payload, fetched_at=first.fetched_at, seen_at=last.fetched_at)
