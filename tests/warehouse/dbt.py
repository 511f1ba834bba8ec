"""dbt in this process: a project parsed once, invoked as often as a test asks."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration import warehouse
from orchestration.warehouse import DATABASE, PROJECT
from tests.warehouse.lake_rows import Lake, write_lake


@dataclass(frozen=True)
class Warehouse:
    """What one build left behind."""

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


class Dbt:
    """A parsed project; what dbt writes beside a warehouse goes to a folder of the test's own."""

    def __init__(self, folder: Path, project: Path = PROJECT) -> None:
        self.folder = folder
        self._folders = ["--project-dir", str(project), "--profiles-dir", str(project)]
        self._constant = {
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
            "HKFLOW_SESSIONS": str(folder / "sessions.parquet"),
        }
        warehouse.write_sessions(folder / "sessions.parquet")
        self._manifest = warehouse.parsed_project() if project == PROJECT else self._parsed()

    def _parsed(self) -> Any:
        from dbt.cli.main import dbtRunner

        with warehouse.environment(self._constant | {"HKFLOW_WAREHOUSE": DATABASE}):
            outcome = dbtRunner().invoke(["-q", "parse", *self._folders, "--log-level", "none"])
        assert outcome.success, outcome.exception
        return outcome.result

    def invoke(self, *words: str, **environment: str) -> list[Any]:
        """Run a command of dbt and return its results, those of failed nodes too."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        try:
            with warehouse.environment(self._constant | {"HKFLOW_AS_OF": ""} | environment):
                outcome = dbtRunner(manifest=self._manifest).invoke(
                    ["-q", *words, *self._folders, "--log-level", "none"]
                )
        finally:
            DuckDBConnectionManager.close_all_connections()
        assert outcome.result is not None, outcome.exception
        return list(outcome.result.results)

    def build(
        self, place: Path, lake: Lake, as_of: str = "", select: str = "", **environment: str
    ) -> Warehouse:
        """Build and test what is selected, or all, on a lake of these rows."""
        variables = {
            "HKFLOW_WAREHOUSE": str(place / DATABASE),
            "HKFLOW_LAKE_TABLES": str(write_lake(place / "lake", lake)),
            "HKFLOW_AS_OF": as_of,
        }
        # Cautious: no test that also reads what was not selected, and so is not there.
        chosen = ["--indirect-selection", "cautious", "--select", *select.split()] if select else []
        results = self.invoke("build", *chosen, **(variables | environment))
        return Warehouse(
            file=place / DATABASE,
            statuses={result.node.name: str(result.status) for result in results},
            messages={result.node.name: str(result.message) for result in results},
        )


def copied_project(folder: Path) -> Path:
    """Return a copy of the project, for a test that changes one of its files."""
    return Path(
        shutil.copytree(
            PROJECT, folder / "dbt_project", ignore=shutil.ignore_patterns("target", "logs")
        )
    )
