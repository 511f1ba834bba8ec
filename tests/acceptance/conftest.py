"""The command line on zones of its own, in this process: imports are paid for once."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration.cli import main
from orchestration.settings import settings

RANGE = ("--from", "2025-01-20", "--to", "2025-02-05")
MODELS_ALONE = {"DBT_RESOURCE_TYPES": "model seed"}
"""Makes dbt build without its data tests, which the first run of a house has passed."""


@dataclass(frozen=True)
class House:
    """One set of zones, and the commands run on it."""

    root: Path

    @property
    def zones(self) -> Zones:
        return Zones(self.root)

    def hkflow(self, *words: str, **environment: str) -> Result:
        variables = {"HKFLOW_LAKE": str(self.root), **environment}
        before = {name: os.environ.get(name) for name in variables}
        settings.cache_clear()
        try:
            return CliRunner().invoke(main, words, env=variables, catch_exceptions=False)
        finally:
            settings.cache_clear()
            assert {name: os.environ.get(name) for name in variables} == before

    def run(self, *words: str, **environment: str) -> Result:
        return self.hkflow("run", *RANGE, *words, **environment)

    def rows(self) -> dict:
        store = LakeStore(self.zones.lake)
        return {name: store.read(table) for name, table in TABLES.items()}

    def lake_files(self) -> dict[Path, bytes]:
        files = (path for path in self.zones.lake.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in files}

    def snapshot(self) -> str:
        return str((self.zones.snapshots / "current").readlink())


@pytest.fixture(scope="session", autouse=True)
def dagster_home(tmp_path_factory):
    """Keep the event log of tests out of the project's."""
    patch = pytest.MonkeyPatch()
    patch.setenv("DAGSTER_HOME", str(tmp_path_factory.mktemp("dagster")))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A house after one run of every source over a range with a half day and closed days."""
    made = House(tmp_path_factory.mktemp("zones"))
    done = made.run()
    assert done.exit_code == 0, done.output
    return made
