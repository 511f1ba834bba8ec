"""Running the dbt project in this process: parse once, build into a private file, close it.

Plain functions; the Dagster asset that calls them is `defs/warehouse.py`. dbt is imported inside
the functions, since its import alone costs more than most commands of the CLI.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from data_lake.files import exclusive_lock
from data_lake.zones import Zones
from orchestration import calendar
from orchestration.settings import PROJECT_ROOT

PROJECT = PROJECT_ROOT / "dbt_project"
MANIFEST = PROJECT / "target" / "manifest.json"
DATABASE = "hkflow.duckdb"
VERDICT_HISTORY = "fct_claim_verdict_history.parquet"
_PARSING_TIMEOUT_SECONDS = 180.0
_FAILURES_SHOWN = 5
_INPUTS = ("*.sql", "*.yml", "*.csv", "*.md")


class WarehouseError(Exception):
    """dbt could not build the warehouse; the message names the node and the cause."""


def staged_file(zones: Zones, run_id: str, attempt: int = 0) -> Path:
    """Return the private file a run builds its warehouse in.

    Each attempt has a folder of its own: a retry may meet the orphan of the attempt before it. The
    file's name is DuckDB's name of the database, which dbt's manifest holds: it is always the same.
    """
    return zones.snapshots / ".staging" / f"{run_id}-{attempt}" / DATABASE


def prepared_manifest() -> Path:
    """Return the project's manifest, parsed again when a file of the project is newer.

    Raises:
        WarehouseError: the project does not parse.
    """
    newest = max(
        path.stat().st_mtime
        for pattern in _INPUTS
        for path in PROJECT.rglob(pattern)
        if "target" not in path.parts
    )
    with _parsing():
        is_fresh = MANIFEST.exists() and MANIFEST.stat().st_mtime >= newest
    if not is_fresh:
        parsed_project()
    return MANIFEST


@cache
def parsed_project() -> Any:
    """Parse the project, partially where dbt can, and return dbt's manifest object.

    Raises:
        WarehouseError: the project does not parse.
    """
    from dbt.cli.main import dbtRunner

    with _parsing(), environment({"HKFLOW_WAREHOUSE": DATABASE}):
        outcome = dbtRunner().invoke(["-q", "parse", *dbt_folders()])
    if not outcome.success:
        raise WarehouseError(f"the dbt project does not parse: {outcome.exception}")
    return outcome.result


def build(
    zones: Zones,
    warehouse: Path,
    as_of: str | None = None,
    *,
    is_tested: bool = True,
    first_changed_day: dt.date | None = None,
) -> list[Any]:
    """Build and test every model into a DuckDB file and return dbt's results, failures included.

    `as_of` (ISO timestamp with offset) builds the marts as they could have been known then.
    Without `is_tested` no data test runs: nothing built so may be published. With a
    `first_changed_day` the file holds an earlier build, and models that carry on keep the days
    before it.

    Raises:
        WarehouseError: dbt itself failed (not a test or a model: those are results).
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    manifest = parsed_project()
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    sessions = warehouse.with_name("sessions.parquet")
    write_sessions(sessions)
    variables = {
        "HKFLOW_WAREHOUSE": str(warehouse),
        "HKFLOW_LAKE_TABLES": str(zones.lake),
        "HKFLOW_SESSIONS": str(sessions),
        "HKFLOW_AS_OF": as_of or "",
        "HKFLOW_FIRST_CHANGED_DAY": first_changed_day.isoformat() if first_changed_day else "",
        "HKFLOW_VERDICT_HISTORY": "" if as_of else str(_verdicts_before(zones) or ""),
    }
    left_out = ["unit_test"] if is_tested else ["unit_test", "test"]
    try:
        with environment(variables):
            outcome = dbtRunner(manifest=manifest).invoke(
                ["-q", "build", "--exclude-resource-type", *left_out, *dbt_folders()]
            )
    finally:
        DuckDBConnectionManager.close_all_connections()
        sessions.unlink(missing_ok=True)
    results = getattr(outcome.result, "results", None)
    if results is None:
        raise WarehouseError(f"dbt could not run: {outcome.exception}")
    return list(results)


def failures(warehouse: Path, results: list[Any]) -> str:
    """Return how many nodes failed and, of the first of them, why; empty where none did.

    Of a failed test a row that it found is shown, such as the column and the rule it breaks.
    """
    failed = [result for result in results if str(result.status) in ("error", "fail")]
    shown = "; ".join(
        f"{result.node.name}: {result.message}{_row_against(warehouse, result)}"
        for result in failed[:_FAILURES_SHOWN]
    )
    return f"{len(failed)} of {len(results)} dbt nodes failed: {shown}" if failed else ""


def _row_against(warehouse: Path, result: Any) -> str:
    if str(result.status) != "fail":
        return ""
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            found = connection.execute(result.node.compiled_code)
            names = [column[0] for column in found.description or []]
            row = found.fetchone() or ()
    except duckdb.Error:  # it reads a file that lasts no longer than the build
        return ""
    pairs = ", ".join(f"{name}={value}" for name, value in zip(names, row, strict=False))
    return f" (first: {pairs})"


def _verdicts_before(zones: Zones) -> Path | None:
    """Return the verdicts that readers have now, which the next ones are added to."""
    path = zones.snapshots / "current" / VERDICT_HISTORY
    return path.resolve() if path.is_file() else None


def write_sessions(path: Path) -> None:
    """Write every session of every calendar to a Parquet file for `dim_session`."""
    rows = [
        {
            "calendar": name,
            "trade_date": day,
            "is_half_day": day in calendar.half_days(name),
            "close_at": calendar.session_close(name, day),
        }
        for name in calendar.CALENDARS
        for day in calendar.all_sessions(name)
    ]
    schema = pa.schema(
        [
            ("calendar", pa.string()),
            ("trade_date", pa.date32()),
            ("is_half_day", pa.bool_()),
            ("close_at", pa.timestamp("us", "UTC")),
        ]
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def _parsing() -> AbstractContextManager[None]:
    """Let one process at a time write the project's `target` folder."""
    return exclusive_lock(MANIFEST.with_name(".parse.lock"), _PARSING_TIMEOUT_SECONDS)


def dbt_folders() -> list[str]:
    """Return the options of dbt that name the project, and keep it from writing logs."""
    return ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--log-level", "none"]


@contextmanager
def environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables, which dbt reads its settings from, and put back what was there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
