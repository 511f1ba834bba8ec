"""A publish that carries on: what it takes from the snapshot before, and what it makes anew."""

import datetime as dt
from dataclasses import replace

import duckdb
import pyarrow.compute as pc
import pytest

from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration.publishing import carried
from orchestration.publishing.claims_engine import ENGINE
from orchestration.publishing.lake_days import NO_DAY, note_lake_days
from orchestration.publishing.layout import Layout, read_layout, write_layout
from orchestration.publishing.snapshot import publish, rollback
from orchestration.version import code_version
from tests.publishing.staging import FACTS, Failed, Judgement, judge, stage, suites
from tests.warehouse.lake_rows import row, southbound, write_lake

FIRST_DAY = dt.date(2025, 2, 10)
OLD, HELD, NEW = dt.date(2024, 10, 21), dt.date(2025, 2, 17), dt.date(2025, 2, 18)
DAYS = Layout(keys={"fct_flow": ["trade_date"]}, days={"fct_flow": "trade_date"})
OF_EACH_GENERATION = (
    "SELECT generation, min(trade_date), max(trade_date), count(*) FROM inflows.fct_flow "
    "GROUP BY ALL ORDER BY 1"
)


def rows(snapshot, query):
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def go_on(put):
    """Publish generation 2 over generation 1, with its own rows from the first day on."""

    def published(base, **changes):
        new = replace(DAYS, first_days={"fct_flow": FIRST_DAY}, base=base.id)
        return put(2, layout=replace(new, **changes))

    return published


def test_days_before_the_first_are_the_bases_and_the_others_are_new(put, go_on):
    snapshot = go_on(put(1, layout=DAYS))
    assert rows(snapshot, OF_EACH_GENERATION) == [
        (1, dt.date(2023, 10, 8), dt.date(2025, 2, 9), 491),
        (2, FIRST_DAY, dt.date(2025, 2, 18), 9),
    ]
    assert rows(snapshot, "SELECT generation FROM valuations.fct_price") == [(2,)]
    assert rows(snapshot, "SELECT snapshot_id FROM main._publish") == [(snapshot.id,)]
    described = "SELECT comment FROM duckdb_tables() WHERE table_name = 'fct_flow'"
    assert rows(snapshot, described) == [("One row per day; the desk's flow",)]
    assert int.from_bytes(snapshot.database.read_bytes()[12:20], "little") == 65


def test_rows_come_year_by_year_and_by_their_key_within_one(put):
    snapshot = put(1, layout=replace(DAYS, keys={"fct_flow": ["net_hkd_mn"]}))
    days = [day for (day,) in rows(snapshot, "SELECT trade_date FROM inflows.fct_flow")]
    assert len(days) == 500
    assert days == sorted(days, key=lambda day: (day.year, dt.date.max - day))


def test_files_of_years_before_the_first_day_are_the_bases_own(put, go_on):
    base = put(1, layout=DAYS)
    snapshot = go_on(base)

    def file_of(of, year):
        return of.path / f"fct_flow.{year}.parquet"

    assert file_of(snapshot, 2024).samefile(file_of(base, 2024))
    assert not file_of(snapshot, 2025).samefile(file_of(base, 2025))
    read = duckdb.sql(
        f"SELECT generation, count(*) FROM '{snapshot.path}/fct_flow.*.parquet' GROUP BY ALL"
    )
    assert sorted(read.fetchall()) == [(1, 491), (2, 9)]


def test_only_the_months_from_the_first_day_on_are_judged_again(put, zone, tmp_path):
    judged = []

    def spy(table, suite):
        if suite.stem == "fct_flow":
            judged.append((pc.min(table["trade_date"]).as_py(), table.num_rows))
        return judge(table, suite)

    base = put(1, layout=DAYS, audit=spy)
    assert judged == [
        (dt.date(2023, 10, 8), 85),
        (dt.date(2024, 1, 1), 366),
        (dt.date(2025, 1, 1), 49),
    ]
    judged.clear()
    layout = replace(DAYS, first_days={"fct_flow": FIRST_DAY}, base=base.id)
    put(2, layout=layout, audit=spy)
    assert judged == [(dt.date(2025, 2, 1), 18)]


def test_content_hash_is_that_of_all_rows_whether_they_were_carried_or_not(put, go_on):
    base = put(1, layout=DAYS)
    unchanged = put(1, layout=replace(DAYS, first_days={"fct_flow": FIRST_DAY}, base=base.id))
    assert unchanged.marts == tuple(
        replace(mart, verdict=again.verdict)
        for mart, again in zip(base.marts, unchanged.marts, strict=True)
    )
    assert go_on(unchanged).marts != base.marts


def test_all_days_are_new_where_the_base_is_no_longer_what_readers_have(put, go_on):
    base = put(1, layout=DAYS)
    put(3, layout=DAYS)
    assert [generation for generation, *_ in rows(go_on(base), OF_EACH_GENERATION)] == [2]


def test_marts_come_from_the_staged_file_where_the_bases_is_damaged(put, go_on):
    base = put(1, layout=DAYS)
    base.database.chmod(0o644)
    with base.database.open("r+b") as content:
        content.seek(base.database.stat().st_size // 2)
        content.write(b"\xff" * 64)
    assert [generation for generation, *_ in rows(go_on(base), OF_EACH_GENERATION)] == [2]


def test_a_damaged_file_of_a_year_is_written_anew_and_not_certified(put, go_on):
    base = put(1, layout=DAYS)
    file = base.path / "fct_flow.2024.parquet"
    file.chmod(0o644)
    file.write_bytes(b"PAR1 no more")
    written = go_on(base).path / file.name
    assert duckdb.sql(f"SELECT count(*) FROM '{written}'").fetchall() == [(366,)]


def test_warnings_of_days_judged_before_stay_and_those_judged_again_go(put):
    def warn(table, _suite):
        if "generation" not in table.column_names or "trade_date" not in table.column_names:
            return Judgement()
        if pc.max(table["generation"]).as_py() != 1:
            return Judgement()
        return Judgement(warnings=[Failed("between", "net_hkd_mn", "a lot")])

    base = put(1, layout=DAYS, audit=warn)
    layout = replace(DAYS, first_days={"fct_flow": FIRST_DAY}, base=base.id)
    snapshot = put(2, layout=layout, audit=warn)
    found = {mart.name: [each["since"] for each in mart.warnings] for mart in snapshot.marts}
    assert [each["since"] for each in base.marts[1].warnings][-1] == "2025-01-01"
    assert found["fct_flow"] == ["2023-01-01", "2024-01-01"]


def test_layout_beside_a_staged_file_is_read_as_it_was_written(tmp_path):
    layout = Layout(
        keys={"fct_flow": ["channel", "trade_date"]},
        days={"fct_flow": "trade_date"},
        first_days={"fct_flow": FIRST_DAY},
        base="20250218T000000000000Z-00000000",
    )
    write_layout(tmp_path / "hkflow.duckdb", layout)
    assert read_layout(tmp_path / "hkflow.duckdb") == layout
    assert read_layout(tmp_path / "elsewhere" / "hkflow.duckdb") == Layout()


class TestKeptWarehouse:
    """The file of a publish, taken by the next build where it still fits."""

    @pytest.fixture
    def zones(self, tmp_path):
        return Zones(tmp_path)

    @pytest.fixture
    def published(self, tmp_path, zones):
        """Publish a generation and keep its file."""

        def kept(generation, engine="{}", **facts):
            folder = zones.snapshots / ".staging" / f"run-{generation}"
            staged = stage(folder / "hkflow.duckdb", generation)
            if engine:
                staged.with_name(ENGINE).write_text(engine)
            made = {"world": "real", "code_version": code_version()} | facts
            snapshot = publish(
                staged, zones.snapshots, suites(tmp_path / "suites"), FACTS | made, judge
            )
            carried.keep(staged, snapshot, zones.snapshots)
            return snapshot

        return kept

    @pytest.fixture
    def target(self, zones):
        return zones.snapshots / ".staging" / "next-0" / "hkflow.duckdb"

    def test_is_taken_once(self, zones, published, target):
        published(1)
        assert carried.take(zones, target)
        with duckdb.connect(str(target), read_only=True) as connection:
            assert connection.execute(
                "SELECT max(generation) FROM inflows.fct_flow"
            ).fetchall() == [(1,)]
        assert not carried.take(zones, target.parent.with_name("other-0") / target.name)

    def test_is_the_newest_one(self, zones, published, target):
        published(1)
        published(2)
        assert carried.take(zones, target)
        with duckdb.connect(str(target), read_only=True) as connection:
            assert connection.execute(
                "SELECT max(generation) FROM inflows.fct_flow"
            ).fetchall() == [(2,)]

    def test_is_not_taken_after_a_rollback(self, zones, published, target):
        published(1)
        published(2)
        rollback(zones.snapshots)
        assert not carried.take(zones, target)
        assert not target.exists()

    @pytest.mark.parametrize("facts", [{"code_version": "older"}, {"world": "sandbox"}])
    def test_is_not_taken_for_other_code_or_another_world(self, zones, published, target, facts):
        published(1, **facts)
        assert not carried.take(zones, target)

    def test_is_not_taken_where_the_claims_engine_is_damaged(self, zones, published, target):
        snapshot = published(1)
        (snapshot.path / ENGINE).write_text("[]")
        assert not carried.take(zones, target)

    def test_is_not_taken_where_there_is_no_claims_engine(self, zones, published, target):
        published(1, engine=None)
        assert not carried.take(zones, target)

    def test_is_not_kept_where_a_log_is_left_beside_it(self, zones, published, target):
        snapshot = published(1)
        staged = stage(zones.snapshots / ".staging" / "run-2" / "hkflow.duckdb", 2)
        staged.with_name("hkflow.duckdb.wal").write_bytes(b"not in the file")
        carried.keep(staged, snapshot, zones.snapshots)
        assert not carried.take(zones, target)

    def test_that_is_damaged_is_built_anew(self, zones, published, target):
        published(1)
        kept = zones.snapshots / carried.FOLDER / "hkflow.duckdb"
        kept.write_bytes(b"no database")
        assert carried.carry_on(zones, target, []) == (None, None)
        with duckdb.connect(str(target), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM carried.days").fetchall() == [(0,)]

    @pytest.mark.parametrize(
        ("lake", "first_day"),
        [
            pytest.param({}, NO_DAY, id="nothing new"),
            pytest.param({"southbound_daily": NEW}, NEW, id="a day"),
            pytest.param({"southbound_daily": OLD}, None, id="too far back"),
            pytest.param({"corporate_actions": NEW}, None, id="a split or dividend"),
        ],
    )
    def test_is_gone_on_from_unless_that_would_not_be_the_same(
        self, zones, published, target, lake, first_day
    ):
        held = {"southbound_daily": [southbound(HELD, "SSE", "5", "3")]}
        write_lake(zones.lake, held)
        snapshot = published(1)
        kept = zones.snapshots / carried.FOLDER / target.name
        note_lake_days(kept, LakeStore(zones.lake), TABLES.values())
        for name, day in lake.items():
            new = southbound(day, "SSE", "7", "3")
            if name == "corporate_actions":
                new = row(name, day, symbol="0700.HK", action_type="split", currency="HKD")
            write_lake(zones.lake, {name: [*held.get(name, []), new]})
        base = snapshot.id if first_day else None
        assert carried.carry_on(zones, target, list(TABLES.values())) == (first_day, base)

    def test_is_not_gone_on_from_where_the_lake_is_empty_now(self, zones, published, target):
        published(1)
        assert carried.carry_on(zones, target, TABLES.values()) == (None, None)

    def test_is_not_taken_where_nothing_was_published(self, zones, target):
        assert not carried.take(zones, target)
