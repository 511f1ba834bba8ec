"""What a warehouse notes of the lake it was built from, and the day from which on that changed."""

import datetime as dt
import os

import pyarrow as pa
import pytest

from data_lake.store import LakeStore
from data_lake.tables import TABLES
from orchestration.publishing.lake_days import note_lake_days
from tests.warehouse.lake_rows import southbound, write_lake

TABLE = TABLES["southbound_daily"]
EVENING = dt.time(17, 0, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path):
    return LakeStore(tmp_path / "lake")


@pytest.fixture
def note(tmp_path, store):
    """Note what the lake holds now, and return what changed since the last note."""
    return lambda: note_lake_days(tmp_path / "warehouse.duckdb", store, [TABLE])


def write(store, day, body="a", days_later=0):
    """Write one row of a day, as a body that was fetched so many days later told it."""
    known = dt.datetime.combine(day, EVENING) + dt.timedelta(days=days_later)
    values = {
        "trade_date": day,
        "channel": "SSE",
        "source": "hkex_stock_connect",
        "payload_sha256": body,
        "published_at": known,
        "known_at": known,
        "fetched_at": known,
        "evidence_grade": "official",
        "is_synthetic": False,
    }
    schema = pa.schema([*TABLE.stored_schema, pa.field("fetched_at", pa.timestamp("us", "UTC"))])
    row = {
        field.name: values.get(field.name, days_later if pa.types.is_integer(field.type) else None)
        for field in schema
    }
    for field in schema:
        if row[field.name] is None and not field.nullable:
            row[field.name] = 1
    store.write(TABLE, pa.Table.from_pylist([row], schema=schema))


def test_first_note_changes_the_first_day_and_the_second_none(store, note):
    write(store, dt.date(2025, 1, 20))
    write(store, dt.date(2025, 2, 3))
    assert note() == {TABLE.name: dt.date(2025, 1, 20)}
    assert note() == {}


@pytest.mark.parametrize(
    ("day", "body", "days_later"),
    [
        (dt.date(2025, 2, 4), "b", 0),
        (dt.date(2025, 3, 3), "b", 0),
        (dt.date(2025, 1, 20), "revised", 9),
        (dt.date(2024, 12, 30), "older", 0),
    ],
    ids=["new day", "new month", "revised day", "older history"],
)
def test_first_changed_day_is_that_of_the_earliest_new_row(store, note, day, body, days_later):
    write(store, dt.date(2025, 1, 20))
    write(store, dt.date(2025, 2, 3))
    note()
    write(store, day, body, days_later)
    assert note() == {TABLE.name: day}


def test_rows_of_a_day_that_change_alike_change_the_day(tmp_path, note):
    day = dt.date(2025, 2, 3)
    rows = [southbound(day, channel, "5", "3") for channel in ("SSE", "SZSE")]
    write_lake(tmp_path / "lake", {TABLE.name: rows})
    note()
    last = TABLE.stored_schema.names[-1]
    moved = [{**each, last: not each[last]} for each in rows]
    write_lake(tmp_path / "lake", {TABLE.name: moved})
    os.utime(next((tmp_path / "lake").rglob("*.parquet")), ns=(1, 1))
    assert note() == {TABLE.name: day}


def test_a_file_written_again_with_the_same_rows_changes_no_day(store, note):
    write(store, dt.date(2025, 2, 3))
    note()
    os.utime(store.month_file(TABLE, "2025-02"), ns=(1, 1))
    assert note() == {}


def test_a_month_that_is_gone_changed_on_its_first_day(store, note):
    write(store, dt.date(2025, 1, 20))
    write(store, dt.date(2025, 2, 3))
    note()
    store.month_file(TABLE, "2025-01").unlink()
    assert note() == {TABLE.name: dt.date(2025, 1, 20)}
