"""dbt's unit tests of models: run here, since a build leaves them out."""

from __future__ import annotations

import pytest
import yaml

from orchestration.warehouse import PROJECT
from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Dbt


def written_down() -> set[str]:
    """Return the names of all unit tests in the project's YAML."""
    files = (PROJECT / "models").rglob("*.yml")
    loaded = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    return {test["name"] for file in loaded if file for test in file.get("unit_tests") or ()}


@pytest.fixture(scope="module")
def outcome(build: Build, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what dbt says of every unit test: its status, and its message unless it passed."""
    empty = build({}).file
    dbt = Dbt(tmp_path_factory.mktemp("unit_tests"))
    tested = dbt.invoke("test", "--select", "test_type:unit", HKFLOW_WAREHOUSE=str(empty))
    return {
        each.node.name: "pass" if str(each.status) == "pass" else f"{each.status}: {each.message}"
        for each in tested
    }


def test_every_unit_test_passes(outcome: dict[str, str]) -> None:
    assert {name: said for name, said in outcome.items() if said != "pass"} == {}


def test_every_unit_test_that_is_written_down_has_run(outcome: dict[str, str]) -> None:
    assert written_down() - set(outcome) == set()
    assert outcome
