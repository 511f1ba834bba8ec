"""The contract between a publisher and the rest of the house: `Request`, `Payload`, `Source`.

Here lives what every source file shares: the three frozen dataclasses and the errors a parser may
raise. No IO, no Dagster, nothing about one publisher.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

PUBLISHED_ON = "published_on"
"""Optional extra column of a parsed table: the session with which a row was published, where that
is not the row's own date (a correction printed in a later file)."""


class ParseError(Exception):
    """The bytes are not what the publisher's format says; the message names field and row."""


@dataclass(frozen=True)
class Request:
    """One question to a publisher, whatever the transport that asks it.

    `key` is readable and is the file name in every archive: `<source>/<key>`.
    `first_session` and `last_session` bound the sessions the answer is about.
    `form_page` is the URL of a page to get first, whose hidden inputs are sent under `form`.
    """

    source: str
    key: str
    url: str
    first_session: dt.date
    last_session: dt.date
    method: str = "GET"
    params: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    json_body: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    form_page: str | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Return a hash of what is asked, headers apart."""
        asked = [self.method, self.url, dict(self.params), dict(self.form), dict(self.json_body)]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Payload:
    """The bytes that answered a request, with what the transport saw of them.

    `headers` have lower-case names. `fetched_at` (UTC) is the first fetch since when the body
    stands; `seen_at`, where it is known, the last fetch that brought it again. `is_synthetic` is
    true for bodies that the sandbox rendered, directly or through its HTTP server.
    """

    request: Request
    body: bytes
    status: int
    headers: Mapping[str, str]
    fetched_at: dt.datetime
    is_synthetic: bool
    seen_at: dt.datetime | None = None

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the body in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Source:
    """One publisher endpoint: which requests cover some sessions, and how to read the answers.

    `tables` names the lake tables that `parse` returns.
    `calendar` names the sessions the publisher has files for (XHKG, CONNECT, XSHG, XNYS, WEEKDAY).
    `publish_lag` is the time from a session's close until its figures can be read.
    `revision_window` is how long after that an answer may still change and is asked for again.
    `has_dated_files` says that `Last-Modified` of an answer is when its session was published.
    `is_snapshot` says that the endpoint answers only about now: over HTTP only the newest session
    is asked for; sandbox and archive answer for every session, as daily runs would have kept them.
    `asked_after` names the calendar whose close opens a day for asking, where one answer holds rows
    of several calendars; by default that is `calendar`.
    `parse(payload)` is pure: bytes in, tables out, one per name in `tables`, each with exactly the
    columns of the lake table's schema, plus `PUBLISHED_ON` where needed; it raises `ParseError` and
    nothing else, whatever the bytes. A table without rows is an empty table.
    """

    name: str
    tables: tuple[str, ...]
    requests: Callable[[Sequence[dt.date]], list[Request]]
    parse: Callable[[Payload], dict[str, pa.Table]]
    calendar: str
    publish_lag: dt.timedelta
    revision_window: dt.timedelta
    evidence_grade: str
    license: str
    home: str
    has_dated_files: bool = False
    is_snapshot: bool = False
    asked_after: str | None = None
