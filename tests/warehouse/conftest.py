"""Builders of warehouses on tiny lakes: on the statements compiled once, or by dbt itself."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest

from tests.warehouse.compiled import CompiledProject
from tests.warehouse.dbt import Dbt, Warehouse, copied_project
from tests.warehouse.lake_rows import Lake, write_lake

Build = Callable[..., Warehouse]
Correct = Callable[..., Warehouse]


@pytest.fixture(scope="session")
def build(compiled_project: CompiledProject, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return a function that makes models on a lake: `build(lake, as_of, select)`."""

    def built(lake: Lake, as_of: str = "", select: str = "") -> Warehouse:
        place = tmp_path_factory.mktemp("warehouse")
        return compiled_project.build(place, write_lake(place / "lake", lake), as_of, select)

    return built


@pytest.fixture(scope="session")
def build_with_dbt(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return a function that builds as the product does, hooks, contracts and comments too."""
    return builder(Dbt(tmp_path_factory.mktemp("dbt")), tmp_path_factory)


@pytest.fixture(scope="session")
def correct(tmp_path_factory: pytest.TempPathFactory) -> Correct:
    """Return a function that builds a copy of the project whose seed has the given corrections."""
    project = copied_project(tmp_path_factory.mktemp("project"))
    seed = project / "seeds" / "core" / "correction.csv"
    header = seed.read_text("utf-8").splitlines()[0].split(",")
    build = builder(Dbt(tmp_path_factory.mktemp("dbt"), project), tmp_path_factory)

    def corrected(
        corrections: list[dict[str, str]], lake: Lake, *names: str, as_of: str = ""
    ) -> Warehouse:
        with seed.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, header)
            writer.writeheader()
            writer.writerows(corrections)
        return build(lake, as_of, " ".join(f"+{name}" for name in names))

    return corrected


def builder(dbt: Dbt, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return the function that builds a parsed project as often as is asked."""

    def built(lake: Lake, as_of: str = "", select: str = "", **environment: str) -> Warehouse:
        place = tmp_path_factory.mktemp("warehouse")
        return dbt.build(place, lake, as_of, select, **environment)

    return built
