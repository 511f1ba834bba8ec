"""Which sessions a table should hold and does not. Pure questions to the calendar and the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from data_lake.store import LakeStore
from data_lake.tables.base import Table
from orchestration import calendar


@dataclass(frozen=True)
class Gap:
    """Sessions without a row; `entity` is the symbol where a table counts them apart."""

    table: str
    entity: str
    sessions: tuple[dt.date, ...]


def gaps(
    store: LakeStore,
    table: Table,
    first: dt.date | None,
    last: dt.date | None,
    now: dt.datetime,
    lag: dt.timedelta,
    source: str | None = None,
) -> list[Gap]:
    """Return the sessions of a range (by default from the first row held) that have no row.

    A session before records begin, or whose figures cannot have been published by `now`, is not
    missing. With `source` only the rows of one source count: the entities of a shared table are
    then that source's own.
    """
    if not (table.calendar or table.calendar_column):
        return []
    wanted = [name for name in (table.calendar_column, table.entity_column) if name]
    months = None
    if first and last:
        months = [m for m in store.months(table) if f"{first:%Y-%m}" <= m <= f"{last:%Y-%m}"]
    rows = store.read(table, months)
    if source is not None:
        rows = rows.filter(pc.equal(rows["source"], source))
    rows = rows.select([table.date_column, *wanted])
    found = []
    for entity, name, days in _groups(table, rows):
        if not days and not first:
            continue
        begin, end = max(first or min(days), table.records_begin), last or now.date()
        missing = tuple(
            day
            for day in calendar.sessions(name, begin, end)
            if day not in days and calendar.session_close(name, day) + lag <= now
        )
        if missing:
            found.append(Gap(table.name, entity, missing))
    return found


def _groups(table: Table, rows: pa.Table) -> list[tuple[str, str, set[dt.date]]]:
    days = rows[table.date_column]
    if table.calendar:
        return [("", table.calendar, set(pc.unique(days).to_pylist()))]
    assert table.calendar_column and table.entity_column
    grouped: dict[tuple[str, str], set[dt.date]] = {}
    columns = (rows[name].to_pylist() for name in (table.entity_column, table.calendar_column))
    for entity, name, day in zip(*columns, days.to_pylist(), strict=True):
        grouped.setdefault((entity, name), set()).add(day)
    return [(entity, name, found) for (entity, name), found in sorted(grouped.items())]
