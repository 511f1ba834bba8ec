"""dbt in this process: parsed once, built on tiny lakes into private files."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration import calendar
from tests.warehouse.lake_rows import Lake, write_lake

PROJECT = Path(__file__).parents[2] / "dbt_project"
DATABASE = "hkflow.duckdb"
"""The parsed manifest holds the file's name, so that every warehouse has the same."""


@dataclass(frozen=True)
class Warehouse:
    """What one dbt invocation left behind."""

    file: Path
    statuses: dict[str, str]
    messages: dict[str, str]

    @property
    def failures(self) -> dict[str, str]:
        """Return status and message of every node that neither succeeded nor passed."""
        good = ("success", "pass")
        return {
            name: f"{status}: {self.messages[name]}"
            for name, status in self.statuses.items()
            if status not in good
        }

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.execute(statement).fetchall()


Build = Callable[..., Warehouse]
Correct = Callable[..., Warehouse]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return a function that builds the warehouse on a lake: `build(lake, as_of, select)`."""
    return builder(PROJECT, tmp_path_factory)


@pytest.fixture(scope="session")
def correct(tmp_path_factory: pytest.TempPathFactory) -> Correct:
    """Return a function that builds a copy of the project whose seed has the given corrections."""
    project = tmp_path_factory.mktemp("project") / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    seed = project / "seeds" / "core" / "correction.csv"
    header = seed.read_text("utf-8").splitlines()[0].split(",")
    build = builder(project, tmp_path_factory)

    def corrected(
        corrections: list[dict[str, str]], lake: Lake, *names: str, as_of: str = ""
    ) -> Warehouse:
        with seed.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, header)
            writer.writeheader()
            writer.writerows(corrections)
        return build(lake, as_of, " ".join(f"+{name}" for name in names))

    return corrected


def builder(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Parse a dbt project and return the function that builds it as often as is asked."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("dbt")
    sessions = _write_sessions(folder / "sessions.parquet")
    constant = {
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "HKFLOW_SESSIONS": str(sessions),
    }
    folders = ["--project-dir", str(project), "--profiles-dir", str(project), "--log-level", "none"]
    with _environment(constant | {"HKFLOW_WAREHOUSE": str(folder / DATABASE)}):
        parsed = dbtRunner().invoke(["-q", "parse", *folders])
    assert parsed.success, parsed.exception

    def built(lake: Lake, as_of: str = "", select: str = "", **environment: str) -> Warehouse:
        place = tmp_path_factory.mktemp("warehouse")
        variables = {
            "HKFLOW_WAREHOUSE": str(place / DATABASE),
            "HKFLOW_LAKE_TABLES": str(write_lake(place / "lake", lake)),
            "HKFLOW_AS_OF": as_of,
        }
        # Cautious: no test that also reads what was not selected, and so is not there.
        chosen = ["--indirect-selection", "cautious", "--select", *select.split()] if select else []
        try:
            with _environment(constant | variables | environment):
                outcome = dbtRunner(manifest=parsed.result).invoke(
                    ["-q", "build", *folders, *chosen]
                )
        finally:
            DuckDBConnectionManager.close_all_connections()
        assert outcome.result is not None, outcome.exception
        results = outcome.result.results
        return Warehouse(
            file=place / DATABASE,
            statuses={result.node.name: str(result.status) for result in results},
            messages={result.node.name: str(result.message) for result in results},
        )

    return built


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ |= variables
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before


def _write_sessions(path: Path) -> Path:
    names = [(name, day) for name in calendar.CALENDARS for day in calendar.all_sessions(name)]
    table = pa.table(
        {
            "calendar": pa.array([name for name, _ in names], pa.string()),
            "trade_date": pa.array([day for _, day in names], pa.date32()),
            "is_half_day": pa.array([day in calendar.half_days(name) for name, day in names]),
            "close_at": pa.array(
                [calendar.session_close(name, day) for name, day in names],
                pa.timestamp("us", "UTC"),
            ),
        }
    )
    pq.write_table(table, path)
    return path
