"""dbt's unit tests of models: run here, since a build leaves them out."""

from __future__ import annotations

import pytest
import yaml

from tests.warehouse.conftest import PROJECT, _environment, _write_sessions
from tests.warehouse.lake_rows import write_lake


def written_down() -> set[str]:
    """Return the names of all unit tests in the project's YAML."""
    files = (PROJECT / "models").rglob("*.yml")
    loaded = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    return {test["name"] for file in loaded if file for test in file.get("unit_tests") or ()}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what dbt says of every unit test: its status, and its message unless it passed."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("unit_tests")
    variables = {
        "HKFLOW_WAREHOUSE": str(folder / "hkflow.duckdb"),
        "HKFLOW_LAKE_TABLES": str(write_lake(folder / "lake", {})),
        "HKFLOW_SESSIONS": str(_write_sessions(folder / "sessions.parquet")),
        "HKFLOW_AS_OF": "",
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--log-level", "none"]
    without_tests = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
    runner = dbtRunner()
    try:
        with _environment(variables):
            built = runner.invoke(["-q", "build", "--empty", *without_tests, *folders])
            assert built.success, built.exception
            tested = runner.invoke(["-q", "test", "--select", "test_type:unit", *folders])
    finally:
        DuckDBConnectionManager.close_all_connections()
    assert tested.result is not None, tested.exception
    return {
        each.node.name: "pass" if str(each.status) == "pass" else f"{each.status}: {each.message}"
        for each in tested.result.results
    }


def test_every_unit_test_passes(outcome: dict[str, str]) -> None:
    assert {name: said for name, said in outcome.items() if said != "pass"} == {}


def test_every_unit_test_that_is_written_down_has_run(outcome: dict[str, str]) -> None:
    assert written_down() - set(outcome) == set()
    assert outcome
