"""Asking a snapshot the report's questions: the SQL of a file, its rows, or why there are none."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Any

from orchestration.publishing.errors import QueryError
from orchestration.publishing.manifest import Snapshot
from orchestration.publishing.reader import query

Row = dict[str, Any]
_MART = re.compile(r"\b(?:fct|mart|dim)_[a-z0-9_]+")


@dataclass(frozen=True)
class Answer:
    """What a snapshot said to a statement. `reason` says in one sentence why there are no rows."""

    name: str
    sql: str
    rows: list[Row]
    reason: str = ""

    @property
    def marts(self) -> list[str]:
        """Return the marts that the statement reads, in order of appearance."""
        return list(dict.fromkeys(_MART.findall(self.sql)))


def ask(snapshot: Snapshot, name: str) -> Answer:
    """Run the statement of `panels/sql/<name>.sql` on a snapshot."""
    path = files("orchestration.report.panels").joinpath("sql", f"{name}.sql")
    return run(snapshot, name, path.read_text(encoding="utf-8").strip())


def run(snapshot: Snapshot, name: str, sql: str) -> Answer:
    """Run a statement on a snapshot; a mart that is absent, empty or older is a reason, no error.

    Raises:
        NoSnapshot: the snapshot's database is gone or cannot be opened.
    """
    asked = Answer(name, sql, [])
    held = {mart.name: mart.rows for mart in snapshot.marts}
    absent = [mart for mart in asked.marts if mart not in held]
    if absent:
        return Answer(name, sql, [], f"This snapshot has no table {absent[0]}.")
    try:
        rows = [_plain(row) for row in query(snapshot, sql).to_pylist()]
    except QueryError as error:
        return Answer(name, sql, [], f"The tables of this snapshot do not fit the query: {error}.")
    if rows:
        return Answer(name, sql, rows)
    empty = [mart for mart in asked.marts if not held[mart]]
    reason = f"Table {empty[0]} has no rows." if empty else "No row of this snapshot answers it."
    return Answer(name, sql, [], reason)


def _plain(row: Row) -> Row:
    """Return a row whose numbers are ints and finite floats; what is no number is absent."""
    return {name: _number(value) for name, value in row.items()}


def _number(value: Any) -> Any:
    if isinstance(value, Decimal | float):
        return float(value) if math.isfinite(value) else None
    return value
