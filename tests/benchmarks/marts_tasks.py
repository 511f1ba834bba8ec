"""The tasks that `marts` measures as processes: building, building raw, copying and asking."""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration import warehouse
from orchestration.publishing import build, files
from orchestration.publishing.lake_days import note_lake_days
from orchestration.warehouse_layout import layout_of

STATEMENTS = "statements.json"
_SETTINGS = "SET memory_limit = '2GB'; SET TimeZone = 'UTC'"
"""As in profiles.yml."""
_AT_FIRST, _YEARS = 200, 40


def build_marts(zones: Zones, folder: Path) -> None:
    """Build all marts as the product does, without data tests, and keep the SQL that ran."""
    file = folder / warehouse.DATABASE
    folder.mkdir(exist_ok=True)
    note_lake_days(file, LakeStore(zones.lake), TABLES.values())
    results = _succeeded(warehouse.build(zones, file, is_tested=False))
    statements = [
        {
            "relation": result.node.relation_name,
            "kind": str(result.node.config.materialized).replace("incremental", "table"),
            "sql": getattr(result.node, "compiled_code", None),
        }
        for result in sorted(results, key=lambda result: result.timing[-1].completed_at)
    ]
    (folder / STATEMENTS).write_text(json.dumps(statements), encoding="utf-8")


def add_day(zones: Zones, folder: Path) -> None:
    """Carry a file of `build_marts` on to what came into the lake since."""
    file = folder / warehouse.DATABASE
    changed = note_lake_days(file, LakeStore(zones.lake), TABLES.values())
    first_day = min(changed.values())
    _succeeded(warehouse.build(zones, file, is_tested=False, first_changed_day=first_day))


def _succeeded(results: list[Any]) -> list[Any]:
    failed = [result.message for result in results if str(result.status) != "success"]
    if failed:
        raise SystemExit(f"the marts were not built: {failed[0]}")
    return results


def build_raw(staged: Path, folder: Path) -> None:
    """Run the same statements in the order dbt finished them, with seeds copied from its file."""
    folder.mkdir(exist_ok=True)
    target = folder / warehouse.DATABASE
    target.unlink(missing_ok=True)
    warehouse.write_sessions(staged / "sessions.parquet")
    with duckdb.connect(target) as connection:
        connection.execute(_SETTINGS)
        connection.execute(f"ATTACH '{staged / warehouse.DATABASE}' AS staged (READ_ONLY)")
        for each in json.loads((staged / STATEMENTS).read_bytes()):
            relation = each["relation"]
            schema = relation.split(".")[1]
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            if each["kind"] == "seed":
                origin = relation.replace('"hkflow"', "staged", 1)
                connection.execute(f"CREATE TABLE {relation} AS FROM {origin}")
            else:
                connection.execute(f"CREATE {each['kind']} {relation} AS {each['sql']}")


def copy_for_readers(staged: Path, folder: Path) -> None:
    """Write the file that readers open, by the code that publishes it."""
    from datetime import UTC, datetime

    from orchestration.publishing.manifest import Snapshot

    folder.mkdir(exist_ok=True)
    snapshot = Snapshot("bench", folder, datetime.now(UTC), "sandbox", None, (), {}, {})
    snapshot.database.unlink(missing_ok=True)
    with build.open_staged(staged / warehouse.DATABASE) as connection:
        layout = layout_of(json.loads(warehouse.MANIFEST.read_bytes()), staged, None, None)
        files.copy_marts(connection, build.list_marts(connection, layout), snapshot)


def ask(published: Path, answers: Path) -> None:
    """Time the two kinds of question a reader asks most, in milliseconds.

    `point` is asked on one connection, each time for another row anywhere in ten years; at first
    DuckDB holds none of the mart's blocks, and after some hundred questions most of them.
    """
    file = published / "marts.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        keys = connection.execute(
            "SELECT DISTINCT trade_date, subject_id FROM valuations.mart_valuations_daily "
            "WHERE subject_kind = 'security' USING SAMPLE 2000 ROWS (reservoir, 4)"
        ).fetchall()
    with duckdb.connect(file, read_only=True) as connection:
        point = (
            "SELECT * FROM valuations.mart_valuations_daily WHERE trade_date = ? AND subject_id = ?"
        )
        year = (
            "SELECT date_trunc('month', trade_date), sum(short_turnover_hkd), "
            "sum(total_turnover_hkd), count(*) FROM sentiment.fct_short_selling_daily "
            "WHERE trade_date BETWEEN make_date(?, 1, 1) AND make_date(?, 12, 31) GROUP BY ALL"
        )
        chosen = random.Random(4).sample(sorted(keys), len(keys))
        last = max(day for day, _ in keys).year - 1
        points = _milliseconds(connection, point, chosen)
        years = _milliseconds(connection, year, [(last, last)] * _YEARS)
    found = {
        "point": statistics.median(points),
        "point_at_first": statistics.median(points[:_AT_FIRST]),
        "year": statistics.median(years),
    }
    answers.write_text(json.dumps(found), encoding="utf-8")


def _milliseconds(
    connection: duckdb.DuckDBPyConnection, query: str, arguments: Sequence[Sequence[Any]]
) -> list[float]:
    times = []
    for each in arguments:
        began = time.perf_counter()
        rows = connection.execute(query, each).fetchall()
        times.append(1000 * (time.perf_counter() - began))
        assert rows, "a question of the benchmark has no answer"
    return times
