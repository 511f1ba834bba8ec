import datetime as dt
import multiprocessing
import os
import signal
import time

import pyarrow as pa
import pytest

from data_lake import files
from data_lake.files import LakeLockedError, exclusive_lock
from data_lake.merge import FETCHED_AT
from data_lake.store import LakeStore, StoreError
from data_lake.tables.reference_rates import REFERENCE_RATES as TABLE

EVENING = dt.datetime(2025, 2, 18, 12, tzinfo=dt.UTC)


def rows(days=("2025-01-31", "2025-02-03"), value=7.78, synthetic=True, **replaced):
    schema = pa.schema([*TABLE.stored_schema, pa.field(FETCHED_AT, pa.timestamp("us", "UTC"))])
    record = {
        "series": "USDHKD",
        "publisher_series": "DEXHKUS",
        "unit": "HKD per USD",
        "rate_value": value,
        "source": "fred",
        "payload_sha256": "a",
        "published_at": EVENING,
        "known_at": EVENING,
        "evidence_grade": "official",
        "is_synthetic": synthetic,
        FETCHED_AT: EVENING + dt.timedelta(hours=1),
    } | replaced
    dated = [record | {"rate_date": dt.date.fromisoformat(day)} for day in days]
    return pa.Table.from_pylist(dated, schema=schema)


def test_rows_land_in_the_file_of_their_month(tmp_path):
    store = LakeStore(tmp_path)
    written = store.write(TABLE, rows())
    assert [(month.month, month.rows_added) for month in written] == [
        ("2025-01", 1),
        ("2025-02", 1),
    ]
    assert store.months(TABLE) == ["2025-01", "2025-02"]
    assert store.read(TABLE).schema.equals(TABLE.stored_schema)


def test_same_rows_again_touch_no_file(tmp_path):
    store = LakeStore(tmp_path)
    store.write(TABLE, rows())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    assert [month.is_changed for month in store.write(TABLE, rows())] == [False, False]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before


def test_changed_figure_is_a_further_row(tmp_path):
    store = LakeStore(tmp_path)
    store.write(TABLE, rows(days=("2025-02-03",)))
    later = EVENING + dt.timedelta(days=3)
    store.write(TABLE, rows(days=("2025-02-03",), value=7.79, payload_sha256="b", fetched_at=later))
    kept = store.read(TABLE)
    assert kept["rate_value"].to_pylist() == [7.78, 7.79]
    assert kept["known_at"].to_pylist() == [EVENING, later]


def test_rows_of_the_other_world_are_refused_and_say_what_to_do(tmp_path):
    store = LakeStore(tmp_path)
    store.write(TABLE, rows())
    with pytest.raises(StoreError, match="sandbox data and this run brings real data.*HKFLOW_LAKE"):
        store.write(TABLE, rows(synthetic=False))


def test_rows_that_are_refused_leave_the_lake_open_to_either_world(tmp_path):
    store = LakeStore(tmp_path)
    with pytest.raises(StoreError):
        store.write(TABLE, rows().drop_columns(["unit"]))
    assert store.world() is None
    store.write(TABLE, rows(synthetic=False))
    assert store.world() == "real"


def test_the_world_of_an_empty_lake_is_decided_by_one_writer_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(exclusive_lock.__wrapped__, "__defaults__", (0.2,))
    with exclusive_lock(tmp_path / ".lock"), pytest.raises(LakeLockedError):
        LakeStore(tmp_path).write(TABLE, rows())
    assert LakeStore(tmp_path).world() is None


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda t: t.drop_columns(["unit"]), "missing columns \\['unit'\\]"),
        (lambda t: t.append_column("extra", pa.array([1, 1])), "unknown columns \\['extra'\\]"),
        (lambda t: _with(t, "rate_value", pa.array(["1", "1"])), "expected double, found string"),
        (lambda t: _with(t, "series", pa.array([None, "x"], pa.string())), "null in a required"),
    ],
)
def test_rows_that_do_not_fit_the_table_are_refused(tmp_path, broken, message):
    with pytest.raises(StoreError, match=message):
        LakeStore(tmp_path).write(TABLE, broken(rows()))
    assert not list(tmp_path.rglob("*.parquet"))


def _with(table, name, values):
    return table.set_column(table.column_names.index(name), name, values)


def test_full_disk_leaves_the_old_file_and_no_leftover(tmp_path, monkeypatch):
    store = LakeStore(tmp_path)
    store.write(TABLE, rows(days=("2025-02-03",)))
    path = store.month_file(TABLE, "2025-02")
    before = path.read_bytes()

    def no_space(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        store.write(TABLE, rows(days=("2025-02-04",)))
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_locked_table_gives_up_with_a_sentence(tmp_path):
    lock = tmp_path / "t" / ".lock"
    refused = pytest.raises(LakeLockedError, match="locked by another run")
    with exclusive_lock(lock), refused, exclusive_lock(lock, timeout_seconds=0.2):
        pass


def _write_for_ever(root, started):
    store = LakeStore(root)
    started.set()
    for number in range(10_000):
        days = [f"2025-02-{day:02d}" for day in range(1, 29)]
        changed = EVENING + dt.timedelta(hours=number + 1)
        store.write(TABLE, rows(days=days, value=float(number), fetched_at=changed))


def test_killed_writer_leaves_whole_files_and_a_free_lock(tmp_path):
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    writer = context.Process(target=_write_for_ever, args=(tmp_path, started))
    writer.start()
    assert started.wait(60)
    path = LakeStore(tmp_path).month_file(TABLE, "2025-02")
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    values = LakeStore(tmp_path).read(TABLE)["rate_value"].to_pylist()
    assert len(values) % 28 == 0
    assert LakeStore(tmp_path).write(TABLE, rows(days=("2025-03-03",)))[0].rows_added == 1
