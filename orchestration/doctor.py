"""Do the publishers still answer in the formats read here? One question per kind of file of each.

Plain functions: which files to ask for, and what an answer shows. The transport is given, nothing
is written to landing or lake, and nothing is printed here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from data_lake.tables import TABLES
from data_lake.tables.base import Table
from orchestration import calendar
from orchestration.extraction.collect import published_sessions
from orchestration.sources.base import PUBLISHED_ON, ParseError, Request, Source
from orchestration.transport.base import Missing, Transport, TransportError

LOOK_BACK = dt.timedelta(days=120)
"""Older sessions are no news of any publisher: the slowest one lags by 45 days."""
SESSIONS_ASKED = 5
"""Sessions in a question to a publisher of histories: a week."""
FIXED_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*", re.ASCII)
CHANGED_COLUMNS = re.compile(
    r"\b(?:unknown|missing|no) (?:\w+ )?(?:column|field)\b|\bcolumns are [\[(]['\"](?!<)"
)
"""Words by which a parser says that the publisher changed columns; HTML is no change of columns."""


class Verdict(StrEnum):
    """What one answer says about its endpoint, in the operator's words."""

    FINE = "fine"
    NOT_ASKED = "nothing to ask for"
    UNREACHABLE = "not reachable"
    NO_FILE = "no such file"
    COLUMNS_CHANGED = "columns changed"
    UNREADABLE = "not readable"
    NO_ROWS = "no rows"
    LATE = "older than expected"


@dataclass(frozen=True)
class Finding:
    """What one endpoint answered.

    `session` is the newest session asked about, `newest` the newest date in the answer; `problem`
    is a sentence, empty where all is fine.
    """

    source: str
    key: str
    url: str
    verdict: Verdict
    problem: str = ""
    session: dt.date | None = None
    newest: dt.date | None = None
    rows: int = 0
    is_synthetic: bool = False

    @property
    def is_fine(self) -> bool:
        """Return whether the endpoint can be relied on."""
        return self.verdict is Verdict.FINE

    @property
    def is_reachable(self) -> bool:
        """Return whether the endpoint gave a file at all."""
        return self.verdict not in (Verdict.NOT_ASKED, Verdict.UNREACHABLE, Verdict.NO_FILE)

    @property
    def is_as_expected(self) -> bool | None:
        """Return whether the file has the expected format; None where there is no file."""
        is_refused = self.verdict in (Verdict.COLUMNS_CHANGED, Verdict.UNREADABLE)
        return not is_refused if self.is_reachable else None


def questions(source: Source, now: dt.datetime) -> list[Request]:
    """Return the requests that try a source: the newest file of each kind, the first of equals."""
    newest: dict[tuple[str, ...], Request] = {}
    days = _published(source, now)[-1 if source.is_snapshot else -SESSIONS_ASKED :]
    for request in source.requests(days) if days else []:
        kind = _kind(request.key)
        if kind not in newest or newest[kind].last_session < request.last_session:
            newest[kind] = request
    return list(newest.values())


def _kind(key: str) -> tuple[str, ...]:
    """Return what is left of a key without its dates, codes and symbols: its lower-case words."""
    return tuple(word for word in key.split(".") if FIXED_WORD.fullmatch(word))


def _published(source: Source, now: dt.datetime) -> list[dt.date]:
    """Return the last sessions that can be read by now and that fill every table of a source."""
    first, last = (now - LOOK_BACK).date(), (now + dt.timedelta(days=1)).date()
    needed = {table.calendar for name in source.tables if (table := TABLES[name]).calendar}
    return [
        day
        for day in published_sessions(source, first, last, now)
        if all(calendar.is_session(name, day) for name in needed)
    ]


def check_up(sources: Sequence[Source], transport: Transport, now: dt.datetime) -> list[Finding]:
    """Ask every source its questions, one after the other, and judge the answers as of `now`."""
    found = []
    for source in sources:
        asked = questions(source, now)
        if not asked:
            why = f"its calendar {source.calendar} has no session published before {now:%Y-%m-%d}"
            found.append(Finding(source.name, "", source.home, Verdict.NOT_ASKED, why))
        found += [_examined(source, request, transport, now) for request in asked]
    return found


def _examined(source: Source, request: Request, transport: Transport, now: dt.datetime) -> Finding:
    about = min(request.last_session, now.date())
    asked = Finding(source.name, request.key, request.url, Verdict.FINE, session=about)
    try:
        payload = transport.fetch(request)[-1]
    except Missing as absent:
        return replace(asked, verdict=Verdict.NO_FILE, problem=str(absent))
    except TransportError as error:
        return replace(asked, verdict=Verdict.UNREACHABLE, problem=str(error))
    answered = replace(asked, is_synthetic=payload.is_synthetic)
    try:
        parsed = source.parse(payload)
    except ParseError as error:
        is_changed = payload.body.strip() and CHANGED_COLUMNS.search(str(error))
        verdict = Verdict.COLUMNS_CHANGED if is_changed else Verdict.UNREADABLE
        return replace(answered, verdict=verdict, problem=str(error))
    filled = [(TABLES[name], rows) for name, rows in parsed.items() if rows.num_rows]
    if not filled:
        problem = f"{source.name}/{request.key}: holds no rows, expected some of {about}"
        return replace(answered, verdict=Verdict.NO_ROWS, problem=problem)
    late = _late(source, request, filled, now)
    return replace(
        answered,
        verdict=Verdict.LATE if late else Verdict.FINE,
        problem=late,
        newest=max(_newest(rows, table.date_column) for table, rows in filled),
        rows=sum(rows.num_rows for _, rows in filled),
    )


def _late(
    source: Source, request: Request, filled: Sequence[tuple[Table, pa.Table]], now: dt.datetime
) -> str:
    """Return what is too old in an answer, or nothing.

    Events, such as dividends, come when they come: beside rows of every session they prove nothing.
    """
    has_sessions = [item for item in filled if item[0].calendar or item[0].calendar_column]
    for table, rows in has_sessions or filled:
        column = table.date_column
        expected = _newest_session(_calendar_of(source, table, rows), source, request, now)
        if not has_sessions and PUBLISHED_ON in rows.column_names:
            # Released on days of their own, some once a week: any in the asked week will do.
            column, expected = PUBLISHED_ON, request.first_session
        found = _newest(rows, column)
        if found < expected:
            where = f"{source.name}/{request.key}: {table.name}.{column}"
            return f"{where} ends with {found}, expected {expected} or later"
    return ""


def _newest(rows: pa.Table, column: str) -> dt.date:
    return pc.max(rows[column]).as_py()


def _calendar_of(source: Source, table: Table, rows: pa.Table) -> str:
    if table.calendar_column:
        return rows[table.calendar_column][-1].as_py()
    return table.calendar or source.calendar


def _newest_session(name: str, source: Source, request: Request, now: dt.datetime) -> dt.date:
    """Return the newest session of a calendar that is asked about and can be read by now."""
    last = request.last_session
    readable = (
        day
        for day in calendar.sessions(name, last - LOOK_BACK, last)
        if calendar.session_close(name, day) + source.publish_lag <= now
    )
    return max(readable, default=request.first_session)


def live_transport(base_url: str | None, contact: str) -> Transport:
    """Return the HTTP transport that asks once and takes the first answer for the answer."""
    from orchestration.transport.http import HttpTransport
    from orchestration.transport.limits import Limits

    return HttpTransport(base_url, limits=Limits(attempts=1, deadline_seconds=60), contact=contact)
