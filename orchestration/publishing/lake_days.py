"""Which rows of the lake a warehouse was built from, and the first day of which they changed.

The notes stand in the warehouse's own file, in schema `carried`, so that they can never be those of
another one. A month file whose size and time are as noted is not read again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import duckdb

from data_lake.store import LakeStore, stamp_of
from data_lake.tables.base import Table

NO_DAY = dt.date(9999, 12, 31)
"""The first changed day where nothing changed: later than every day."""

_NOTES = """
    CREATE SCHEMA IF NOT EXISTS carried;
    CREATE TABLE IF NOT EXISTS carried.months
        (lake_table VARCHAR, month VARCHAR, size_bytes BIGINT, modified_ns BIGINT);
    CREATE TABLE IF NOT EXISTS carried.days
        (lake_table VARCHAR, month VARCHAR, day DATE, digest UBIGINT);
"""


def note_lake_days(
    warehouse: Path, store: LakeStore, tables: Iterable[Table]
) -> dict[str, dt.date]:
    """Bring the notes of a warehouse up to the lake; return each changed table's first changed day.

    A warehouse without notes has seen no row: then every table with rows changed on its first day.
    The notes are what the next build is compared with, so take them before the lake is read.
    """
    changed: dict[str, dt.date] = {}
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"BEGIN; {_NOTES}")
        for table in tables:
            first = _first_change(connection, store, table)
            if first is not None:
                changed[table.name] = first
        connection.execute("COMMIT")
    return changed


def _first_change(
    connection: duckdb.DuckDBPyConnection, store: LakeStore, table: Table
) -> dt.date | None:
    """Return the first day of which a table's rows differ from those noted, and note them anew."""
    now = {month: stamp_of(store.month_file(table, month)) for month in store.months(table)}
    rows = connection.execute(
        "SELECT month, size_bytes, modified_ns FROM carried.months WHERE lake_table = ?",
        [table.name],
    ).fetchall()
    noted = {month: (size, modified) for month, size, modified in rows}
    months = [month for month in now.keys() | noted.keys() if now.get(month) != noted.get(month)]
    if not months:
        return None
    at = [table.name, months]
    connection.execute("DELETE FROM carried.months WHERE lake_table = ? AND month IN ?", at)
    before = connection.execute(
        "DELETE FROM carried.days WHERE lake_table = ? AND month IN ? RETURNING day, digest", at
    ).fetchall()
    after: list[tuple[dt.date, int]] = []
    if held := {month: now[month] for month in months if month in now}:
        sizes, times = zip(*held.values(), strict=True)
        connection.execute(
            "INSERT INTO carried.months SELECT ?, unnest(?), unnest(?), unnest(?)",
            [table.name, list(held), list(sizes), list(times)],
        )
        after = connection.execute(
            "INSERT INTO carried.days "
            f"SELECT ?, strftime({table.date_column}, '%Y-%m'), {table.date_column}, "
            "bit_xor(hash(hash(lake_rows))) "
            "FROM read_parquet(?, hive_partitioning = false) AS lake_rows "
            "GROUP BY ALL RETURNING day, digest",
            [table.name, [str(store.month_file(table, month)) for month in held]],
        ).fetchall()
    return min((day for day, _ in set(before) ^ set(after)), default=None)
