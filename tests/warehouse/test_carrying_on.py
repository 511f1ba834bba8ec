"""A build that carries on gives, on the whole of every table, what building everything gives."""

import datetime as dt

import duckdb
import numpy as np
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

KNOWN_UNTIL = dt.datetime(2025, 2, 19, 12, 0, tzinfo=dt.UTC)
"""The lake goes on by seven sessions from here: with revised short sales and a week's positions."""
BOOKKEEPING = ("int_core__mart_days", "int_core__figure_changes")
"""They say how a build went on from the one before, which a build of everything does not."""


def cut(zones, folder):
    """Return the lake as it was known at a time before its end."""
    whole, part = LakeStore(zones.lake), LakeStore(folder / "lake")
    for table in TABLES.values():
        for month in whole.months(table):
            rows = whole.read(table, [month])
            rows = rows.filter(pc.less_equal(rows["known_at"], pa.scalar(KNOWN_UNTIL)))
            if rows.num_rows:
                sink = pa.BufferOutputStream()
                pq.write_table(rows, sink)
                write_atomically(part.month_file(table, month), sink.getvalue().to_pybytes())
    write_atomically(part.root / WORLD_FILE, (zones.lake / WORLD_FILE).read_bytes())
    return Zones(folder)


@pytest.fixture(scope="module")
def warehouses(compiled_project, tmp_path_factory):
    """Return the file that carried on, the one built in full, and the first day made anew."""
    folder = tmp_path_factory.mktemp("carrying")
    today = Zones(folder / "today")
    write_wide_lake(today.lake, securities=40, years=2)
    yesterday = cut(today, folder / "yesterday")
    for name in ("carried", "full"):
        (folder / name).mkdir()
    file = compiled_project.build(folder / "carried", yesterday.lake).file
    note_lake_days(file, LakeStore(yesterday.lake), TABLES.values())
    first_day = min(note_lake_days(file, LakeStore(today.lake), TABLES.values()).values())
    results = build(today, file, first_changed_day=first_day)
    assert not failures(file, results)
    return file, compiled_project.build(folder / "full", today.lake).file, first_day


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


def assert_same(found, wanted, name):
    """Assert equal rows; a float may differ by the order in which a window was summed."""
    assert found.schema == wanted.schema, name
    assert found.num_rows == wanted.num_rows, name
    for column in wanted.column_names:
        ours, theirs = found[column], wanted[column]
        if pa.types.is_floating(ours.type):
            assert ours.is_null().equals(theirs.is_null()), (name, column)
            np.testing.assert_allclose(
                ours.to_numpy(), theirs.to_numpy(), rtol=1e-9, atol=1e-9, err_msg=f"{name} {column}"
            )
        else:
            assert ours.equals(theirs), (name, column)


def test_the_lake_went_on_by_days_and_revised_one_before_them(warehouses):
    _, _, first_day = warehouses
    assert dt.date(2025, 1, 1) < first_day <= dt.date(2025, 2, 19)


def test_every_table_is_that_of_a_full_build(warehouses):
    carried, full, _ = warehouses
    found = dict(tables(carried))
    wanted = dict(tables(full))
    assert found.keys() == wanted.keys()
    assert wanted["valuations.mart_valuations_daily"].num_rows > 20_000
    for name, rows in wanted.items():
        assert_same(found[name], rows, name)
