"""A build that carries on and fails is followed by one of everything, in the same run."""

import datetime as dt

import duckdb
import pytest

from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration import warehouse_steps
from orchestration.publishing import carried
from orchestration.publishing.claims_engine import ENGINE
from orchestration.publishing.lake_days import note_lake_days
from orchestration.publishing.snapshot import publish
from orchestration.version import code_version
from orchestration.warehouse import WarehouseError
from orchestration.warehouse_steps import build_what_changed
from tests.publishing.staging import FACTS, judge, stage, suites
from tests.warehouse.lake_rows import southbound, write_lake

LAKE_TABLES = [TABLES["southbound_daily"]]
YESTERDAY, TODAY = dt.date(2025, 2, 17), dt.date(2025, 2, 18)


class Builder:
    """Stands for dbt: notes what it is asked and what the file holds, and fails as it is told."""

    def __init__(self, *failures, is_broken=False):
        self.asked = []
        self._is_broken = is_broken
        self._failures = list(failures)

    def build(self, _zones, target, first_changed_day=None):
        with duckdb.connect(str(target)) as connection:
            found = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        self.asked.append((first_changed_day, ("fct_flow",) in found))
        if first_changed_day and self._is_broken:
            raise WarehouseError("dbt could not run")
        return [f"result {len(self.asked)}"]

    def failures(self, _target, _results):
        return self._failures.pop(0)


@pytest.fixture
def base(tmp_path):
    """Publish what the lake held yesterday and keep the file; return the snapshot's id."""
    zones = Zones(tmp_path)
    days = [southbound(YESTERDAY, "SSE", "5", "3"), southbound(TODAY, "SSE", "7", "3")]
    write_lake(zones.lake, {"southbound_daily": days[:1]})
    staged = stage(zones.snapshots / ".staging" / "run-1" / "hkflow.duckdb", 1)
    staged.with_name(ENGINE).write_text("{}")
    note_lake_days(staged, LakeStore(zones.lake), LAKE_TABLES)
    facts = FACTS | {"world": "real", "code_version": code_version()}
    snapshot = publish(staged, zones.snapshots, suites(tmp_path / "suites"), facts, judge)
    carried.keep(staged, snapshot, zones.snapshots)
    write_lake(zones.lake, {"southbound_daily": days})
    return snapshot.id


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Build with a builder of the test's own."""

    def run(builder):
        monkeypatch.setattr(warehouse_steps, "build", builder.build)
        monkeypatch.setattr(warehouse_steps, "failures", builder.failures)
        zones = Zones(tmp_path)
        target = zones.snapshots / ".staging" / "run-2" / "hkflow.duckdb"
        return build_what_changed(zones, target, LAKE_TABLES)

    return run


def test_goes_on_from_the_last_publish(base, built):
    builder = Builder("")
    made = built(builder)
    assert builder.asked == [(TODAY, True)]
    assert (made.results, made.failures) == (["result 1"], "")
    assert (made.first_day, made.base) == (TODAY, base)


@pytest.mark.parametrize("failures", ["", "1 of 3 dbt nodes failed: fct_flow: no"])
def test_builds_everything_where_carrying_on_fails(base, built, failures):
    builder = Builder("1 of 3 dbt nodes failed: within_reach", failures)
    made = built(builder)
    assert base
    assert builder.asked == [(TODAY, True), (None, False)]
    assert (made.results, made.failures) == (["result 2"], failures)
    assert (made.first_day, made.base) == (None, None)


def test_builds_everything_where_dbt_cannot_carry_on(base, built):
    builder = Builder("", is_broken=True)
    made = built(builder)
    assert base
    assert builder.asked == [(TODAY, True), (None, False)]
    assert (made.results, made.failures, made.base) == (["result 2"], "", None)


def test_builds_everything_once_where_nothing_was_published(built):
    builder = Builder("1 of 3 dbt nodes failed: fct_flow: no")
    made = built(builder)
    assert builder.asked == [(None, False)]
    assert (made.first_day, made.base) == (None, None)
    assert made.failures.startswith("1 of 3")
