"""A build that carries on gives, on the whole of every table, what building everything gives."""

import datetime as dt
import shutil

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from data_lake.files import write_atomically
from data_lake.store import WORLD_FILE, LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration.publishing.lake_days import note_lake_days
from orchestration.warehouse import build, failures
from tests.benchmarks.wide_lake import write_wide_lake
from tests.warehouse.dbt import Dbt
from tests.warehouse.same_rows import assert_same_rows

KNOWN_UNTIL = (
    dt.datetime(2025, 2, 13, 12, 0, tzinfo=dt.UTC),
    dt.datetime(2025, 2, 19, 12, 0, tzinfo=dt.UTC),
)
"""From here the lake goes on by four and by seven sessions, with revised short sales and a week's
positions: what carries on for the second time goes on from what was carried."""
GONE = ("00700", "80700", "0700.HK", "80700.HK", "688981.SS", "CNYHKD=X")
GONE_FROM = dt.date(2025, 2, 10)
"""A security, an A share and a rate whose rows of some days the lake has no more."""
BOOKKEEPING = ("int_core__mart_days", "int_core__figure_changes")
"""They say how a build went on from the one before, which a build of everything does not."""


def cut(zones, folder, is_held):
    """Return a lake of those rows of another one for which `is_held(table, rows)` is true."""
    whole, part = LakeStore(zones.lake), LakeStore(folder / "lake")
    for table in TABLES.values():
        for month in whole.months(table):
            rows = whole.read(table, [month])
            rows = rows.filter(is_held(table, rows))
            if rows.num_rows:
                sink = pa.BufferOutputStream()
                pq.write_table(rows, sink)
                write_atomically(part.month_file(table, month), sink.getvalue().to_pybytes())
    write_atomically(part.root / WORLD_FILE, (zones.lake / WORLD_FILE).read_bytes())
    return Zones(folder)


def known_until(moment):
    """Keep what was known at a moment; and all rates, so that no late one makes old days anew."""

    def is_known(table, rows):
        if table.name == "reference_rates":
            return pa.repeat(True, rows.num_rows)
        return pc.less_equal(rows["known_at"], pa.scalar(moment))

    return is_known


def but_for_those_gone(table, rows):
    column = next((each for each in ("security_code", "symbol") if each in rows.column_names), None)
    if column is None or table.name == "corporate_actions":
        return pa.repeat(True, rows.num_rows)
    is_gone = pc.and_(
        pc.is_in(rows[column], pa.array(GONE)),
        pc.greater_equal(rows[table.date_column], pa.scalar(GONE_FROM)),
    )
    return pc.invert(is_gone)


@pytest.fixture(scope="module")
def warehouses(compiled_project, tmp_path_factory):
    """Return the file that carried on twice, the one built in full, and the first days made."""
    folder = tmp_path_factory.mktemp("carrying")
    whole = Zones(folder / "whole")
    write_wide_lake(whole.lake, securities=40, years=2)
    lakes = [
        *(cut(whole, folder / f"{at:%d}", known_until(at)) for at in KNOWN_UNTIL),
        cut(whole, folder / "today", but_for_those_gone),
    ]
    for name in ("carried", "full"):
        (folder / name).mkdir()
    file = compiled_project.build(folder / "carried", lakes[0].lake).file
    note_lake_days(file, LakeStore(lakes[0].lake), TABLES.values())
    first_days = []
    for lake in lakes[1:]:
        changed = note_lake_days(file, LakeStore(lake.lake), TABLES.values())
        first_days.append(min(changed.values()))
        is_last = lake is lakes[-1]
        results = build(lake, file, first_changed_day=first_days[-1], is_tested=is_last)
        assert not failures(file, results)
    return file, compiled_project.build(folder / "full", lakes[-1].lake).file, first_days


def tables(file):
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name != 'carried' "
            "ORDER BY ALL"
        ).fetchall()
        for schema, name in found:
            if name not in BOOKKEEPING:
                query = f"SELECT * FROM {schema}.{name} ORDER BY ALL"
                yield f"{schema}.{name}", connection.execute(query).to_arrow_table()


def test_the_lake_went_on_by_days_revised_some_and_lost_some(warehouses):
    _, full, first_days = warehouses
    assert dt.date(2025, 2, 6) <= first_days[0] <= dt.date(2025, 2, 13)
    assert dt.date(2025, 2, 6) <= first_days[1] <= GONE_FROM
    newest = "SELECT max(trade_date) FROM valuations.fct_prices_daily WHERE security_id = '00700'"
    with duckdb.connect(str(full), read_only=True) as connection:
        assert connection.execute(newest).fetchall()[0][0] < GONE_FROM


def test_every_table_is_that_of_a_full_build(warehouses):
    carried, full, _ = warehouses
    found = dict(tables(carried))
    wanted = dict(tables(full))
    assert found.keys() == wanted.keys()
    assert wanted["valuations.mart_valuations_daily"].num_rows > 20_000
    for name, rows in wanted.items():
        assert_same_rows(found[name], rows, name)


@pytest.mark.parametrize(
    ("model", "key", "reach_days"),
    [
        ("int_valuations__price_windows", "subject_id", 430),
        ("int_sentiment__price_indicators", "security_id", 430),
        ("int_sentiment__security_windows", "security_code", 90),
    ],
)
def test_a_security_back_after_a_longer_absence_fails_the_build(
    warehouses, tmp_path, model, key, reach_days
):
    carried, _, first_days = warehouses
    file = tmp_path / carried.name
    shutil.copy(carried, file)
    asked = {
        "HKFLOW_WAREHOUSE": str(file),
        "HKFLOW_FIRST_CHANGED_DAY": first_days[-1].isoformat(),
    }
    dbt = Dbt(tmp_path)
    words = ("test", "--select", "assert_carried_rows_are_within_reach")
    assert [str(each.status) for each in dbt.invoke(*words, **asked)] == ["pass"]
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            f"DELETE FROM intermediate.{model} WHERE {key} = '00388' "
            f"AND trade_date BETWEEN DATE '{first_days[-1]}' - INTERVAL {reach_days} DAY "
            f"AND DATE '{first_days[-1]}' - INTERVAL 1 DAY"
        )
    found = dbt.invoke(*words, **asked)
    assert [(str(each.status), each.failures) for each in found] == [("fail", 1)]
