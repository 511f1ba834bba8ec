"""The door for Python: `read_mart` gives a mart of a snapshot as Arrow, pandas or polars.

Reads published snapshots only, as `hkflow sql` does. With `as_of` the marts are built first where
nobody asked for that moment before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from data_lake.zones import Zones
from orchestration.publishing.errors import QueryError
from orchestration.publishing.quoting import quoted, text
from orchestration.publishing.reader import query
from orchestration.publishing.snapshot import Snapshot, current
from orchestration.settings import settings

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

DATES = (
    "date_day",
    "trade_date",
    "holding_date",
    "nav_date",
    "share_date",
    "rate_date",
    "position_date",
    "week_end",
    "month_start",
    "period_end",
    "observed_on",
    "event_date",
)
"""Columns that `first` and `last` are about, where a mart has several the first of these."""

SECURITIES = ("security_id", "subject_id", "security_code", "fund_symbol", "index_symbol", "series")
"""Columns that `securities` are looked for in, where a mart has several the first of these."""


@overload
def read_mart(
    name: str,
    *,
    first: dt.date | str | None = ...,
    last: dt.date | str | None = ...,
    securities: Sequence[str] | str | None = ...,
    as_of: dt.datetime | str | None = ...,
    to: Literal["arrow"] = ...,
    zones: Path | str | None = ...,
) -> pa.Table: ...
@overload
def read_mart(
    name: str,
    *,
    first: dt.date | str | None = ...,
    last: dt.date | str | None = ...,
    securities: Sequence[str] | str | None = ...,
    as_of: dt.datetime | str | None = ...,
    to: Literal["pandas"],
    zones: Path | str | None = ...,
) -> pd.DataFrame: ...
@overload
def read_mart(
    name: str,
    *,
    first: dt.date | str | None = ...,
    last: dt.date | str | None = ...,
    securities: Sequence[str] | str | None = ...,
    as_of: dt.datetime | str | None = ...,
    to: Literal["polars"],
    zones: Path | str | None = ...,
) -> pl.DataFrame: ...


def read_mart(
    name: str,
    *,
    first: dt.date | str | None = None,
    last: dt.date | str | None = None,
    securities: Sequence[str] | str | None = None,
    as_of: dt.datetime | str | None = None,
    to: Literal["arrow", "pandas", "polars"] = "arrow",
    zones: Path | str | None = None,
) -> Any:
    """Return a mart of the current snapshot, or as it could have been known at a moment.

    `first` and `last` (both included, dates or `YYYY-MM-DD`) bound the mart's own date.
    `securities` are codes such as `00700`, or symbols such as `KWEB` where the mart goes by them.
    `as_of` is a time with an offset, as of `hkflow sql --as-of`. `zones` is the folder of another
    lake. Units are in the columns' names; their comments are in `data-dictionary.md`.

    Example: `read_mart("fct_southbound_security_flow", first="2025-02-01", securities="00700")`

    Raises:
        NoSnapshot: nothing was published yet.
        QueryError: there is no such mart, or it has no date or security to choose by.
        MomentError: `as_of` is no time with an offset, or lies in the future.
        ValueError: a date cannot be read, or `to` is none of the three.
        ModuleNotFoundError: polars is asked for and not installed (extra `notebook`).
    """
    if to not in ("arrow", "pandas", "polars"):
        raise ValueError(f"to is {to!r}; write arrow, pandas or polars")
    snapshot = _snapshot(_zones(zones), as_of)
    mart = _mart(snapshot, name)
    columns = query(snapshot, f"FROM {mart} LIMIT 0").column_names
    conditions = []
    if first is not None or last is not None:
        day = quoted(_choice(columns, DATES, mart, "date"))
        if first is not None:
            conditions.append(f"{day} >= DATE '{_day(first)}'")
        if last is not None:
            conditions.append(f"{day} <= DATE '{_day(last)}'")
    if securities is not None:
        wanted = [securities] if isinstance(securities, str) else list(securities)
        listed = ", ".join(text(str(each)) for each in wanted) or "NULL"
        conditions.append(f"{quoted(_choice(columns, SECURITIES, mart, 'security'))} IN ({listed})")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return _converted(query(snapshot, f"FROM {mart}{where}"), to)


def mart_names(zones: Path | str | None = None) -> list[str]:
    """Return the marts of the current snapshot as `schema.name`.

    Raises:
        NoSnapshot: nothing was published yet.
    """
    snapshot = current(_zones(zones).snapshots)
    return sorted(f"{mart.schema}.{mart.name}" for mart in snapshot.marts)


def _zones(root: Path | str | None) -> Zones:
    return Zones(Path(root).expanduser().resolve()) if root else settings().zones


def _snapshot(zones: Zones, as_of: dt.datetime | str | None) -> Snapshot:
    if as_of is None:
        return current(zones.snapshots)
    from orchestration.as_of import parse_moment, snapshot_as_of

    written = as_of if isinstance(as_of, str) else as_of.isoformat()
    return snapshot_as_of(zones, parse_moment(written))


def _mart(snapshot: Snapshot, name: str) -> str:
    """Return the quoted name of a mart that is named with or without its schema."""
    known = {mart.name: f"{mart.schema}.{mart.name}" for mart in snapshot.marts}
    bare = name.rpartition(".")[2]
    if name not in (bare, known.get(bare)) or bare not in known:
        near = get_close_matches(bare, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "mart_names() lists them"
        raise QueryError(f"there is no mart {name!r} in snapshot {snapshot.id}; {hint}")
    return ".".join(quoted(part) for part in known[bare].split("."))


def _choice(columns: Sequence[str], candidates: Sequence[str], mart: str, kind: str) -> str:
    for candidate in candidates:
        if candidate in columns:
            return candidate
    raise QueryError(
        f"{mart} has no {kind} to choose by; read it whole, its columns are {', '.join(columns)}"
    )


def _day(day: dt.date | str) -> str:
    if isinstance(day, str):
        return dt.date.fromisoformat(day).isoformat()
    return (day.date() if isinstance(day, dt.datetime) else day).isoformat()


def _converted(table: pa.Table, to: str) -> Any:
    if to == "pandas":
        return table.to_pandas()
    if to == "polars":
        try:
            import polars
        except ModuleNotFoundError:
            message = "polars is not installed; run .venv/bin/pip install -e '.[notebook]'"
            raise ModuleNotFoundError(message) from None
        return polars.from_arrow(table)
    return table
