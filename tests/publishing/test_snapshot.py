import datetime as dt
import hashlib
import json
import os
import re
import stat
import time

import duckdb
import pyarrow.parquet as pq
import pytest

from expectations.runner import validate
from orchestration.publishing import catalog
from orchestration.publishing.layout import Layout
from orchestration.publishing.manifest import damaged_files
from orchestration.publishing.reader import query
from orchestration.publishing.snapshot import (
    AuditFailed,
    NoSnapshot,
    NothingToRollBackTo,
    PublishError,
    PublishLocked,
    current,
    publish,
    rollback,
)
from tests.publishing.staging import FACTS, judge, stage, suites

GENERATIONS = "SELECT generation FROM fct_flow UNION SELECT generation FROM fct_price ORDER BY ALL"


def generations(zone) -> list[int]:
    return query(current(zone), GENERATIONS)["generation"].to_pylist()


def test_published_marts_are_what_current_gives(put, zone):
    snapshot = put(1)
    assert current(zone) == snapshot
    assert generations(zone) == [1]
    assert (zone / "current").readlink().as_posix() == snapshot.id
    assert re.fullmatch(r"\d{8}T\d{12}Z-[0-9a-f]{8}", snapshot.id)


def test_manifest_says_what_the_snapshot_holds_and_where_it_is_from(put, zone):
    snapshot = put(1, close=2000.0)
    content = json.loads((zone / "current" / "manifest.json").read_text())
    assert content == snapshot.manifest
    assert content["facts"] == FACTS
    assert content["world"] == "sandbox"
    rows = {name: (mart["rows"], mart["status"]) for name, mart in content["marts"].items()}
    assert rows == {
        "fct_flow": (500, "passed"),
        "fct_price": (1, "passed"),
        "fct_empty": (0, "no_data"),
    }
    assert content["marts"]["fct_price"]["warnings"][0]["message"] == "2000.0 is a lot"


def test_manifest_checksums_cover_every_file(put, zone):
    snapshot = put(1)
    on_disk = {path.name for path in snapshot.path.iterdir()} - {"manifest.json"}
    assert set(snapshot.files) == on_disk
    tables = {f"fct_{n}.parquet" for n in ("flow", "price", "empty")}
    assert on_disk == {"marts.duckdb", "data-dictionary.md"} | tables
    for name, digest in snapshot.files.items():
        assert hashlib.sha256((snapshot.path / name).read_bytes()).hexdigest() == digest


def test_files_are_read_only_and_without_write_ahead_log(put):
    snapshot = put(1)
    for path in snapshot.path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o444
        assert path.suffix != ".wal"


def test_database_has_the_storage_version_that_every_client_from_1_2_on_reads(put):
    header = put(1).database.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 65  # 64: 0.9 to 1.1, 65: 1.2, 66: 1.3


def test_marts_are_sorted_commented_tables_and_parquet_files_alike(put):
    snapshot = put(1, layout=Layout(keys={"fct_flow": ["net_hkd_mn"]}))
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        stored = connection.execute("SELECT net_hkd_mn FROM inflows.fct_flow").fetchall()
        comments = connection.execute(
            "SELECT comment FROM duckdb_tables() WHERE table_name = 'fct_flow' UNION ALL "
            "SELECT comment FROM duckdb_columns() WHERE column_name = 'net_hkd_mn'"
        ).fetchall()
        stamp = connection.execute("SELECT snapshot_id, world FROM main._publish").fetchall()
    assert stored == sorted(stored)
    assert comments == [("One row per day; the desk's flow",), ("Bought minus sold",)]
    assert stamp == [(snapshot.id, "sandbox")]
    exported = pq.ParquetFile(snapshot.path / "fct_flow.parquet")
    assert [(v,) for v in exported.read()["net_hkd_mn"].to_pylist()] == stored
    assert exported.metadata.row_group(0).column(0).compression == "ZSTD"


def test_only_base_tables_of_mart_schemas_are_published(put):
    with duckdb.connect(str(put(1).database), read_only=True) as connection:
        names = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
        views = connection.execute("SELECT * FROM duckdb_views() WHERE NOT internal").fetchall()
    assert [name for (name,) in names] == ["_publish", "fct_empty", "fct_flow", "fct_price"]
    assert views == []


def test_equal_marts_have_equal_content_hashes_and_later_ids(put):
    first, second, third = put(1), put(1), put(2)
    assert first.id[-8:] == second.id[-8:] != third.id[-8:]
    assert first.id < second.id < third.id


def test_id_is_later_than_all_others_though_the_clock_was_set_back(put, zone):
    future = zone / "20990101T000000000000Z-00000000"
    future.mkdir(parents=True)
    assert put(1).id.startswith("20990101T000000000001Z-")


def test_bad_mart_is_rejected_with_its_reason_and_the_old_snapshot_stays(put, zone):
    good = put(1)
    with pytest.raises(AuditFailed, match=r"fct_price.*close_price: 1 of 1 rows.*-5"):
        put(2, close=-5.0)
    assert current(zone) == good
    assert generations(zone) == [1]
    (folder,) = (zone / "rejected").iterdir()
    failures = json.loads((folder / "failures.json").read_text())
    assert failures["fct_price"]["failures"][0]["expectation"] == "between"
    assert (folder / "run-2.duckdb").exists()
    assert not (zone / ".staging" / "run-2.duckdb").exists()


def test_first_publish_that_fails_leaves_nothing_to_read(put, zone):
    with pytest.raises(AuditFailed):
        put(1, close=-5.0)
    with pytest.raises(NoSnapshot, match="hkflow run"):
        current(zone)


def test_mart_without_a_suite_is_an_error(put, zone, tmp_path):
    staged = stage(tmp_path / "s.duckdb", 1)
    folder = suites(tmp_path / "few")
    (folder / "fct_flow.json").unlink()
    with pytest.raises(PublishError, match=r"fct_flow has no suite"):
        publish(staged, zone, folder, FACTS, judge)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SELECT 1", "no table in inflows"),
        ("CREATE SCHEMA core; CREATE TABLE core.fct_flow (x INT)", "not have a single|no mart"),
        (
            "CREATE SCHEMA core; CREATE SCHEMA inflows; CREATE TABLE core.fct_flow AS SELECT 1; "
            "CREATE TABLE inflows.fct_flow AS SELECT 1",
            "share a name.*fct_flow",
        ),
    ],
)
def test_staged_file_without_usable_marts_is_an_error(zone, tmp_path, statement, found):
    with duckdb.connect(str(tmp_path / "s.duckdb")) as connection:
        connection.execute(statement)
    with pytest.raises(PublishError, match=found):
        publish(tmp_path / "s.duckdb", zone, suites(tmp_path / "suites"), FACTS, judge)
    assert catalog.current_id(zone) is None


def test_staged_file_that_is_none_is_an_error(zone, tmp_path):
    with pytest.raises(PublishError, match="no staged file"):
        publish(tmp_path / "none.duckdb", zone, tmp_path, FACTS, judge)
    (tmp_path / "text.duckdb").write_text("hello " * 1000)
    with pytest.raises(PublishError, match=r"text\.duckdb"):
        publish(tmp_path / "text.duckdb", zone, tmp_path, FACTS, judge)


@pytest.mark.parametrize("world", [None, "empty"])
def test_marts_of_no_known_world_are_not_published(put, world):
    with pytest.raises(PublishError, match="world"):
        put(1, facts={"world": world})


def test_failure_while_writing_leaves_no_trace(put, zone):
    good = put(1)

    def full_disk(step: str) -> None:
        if step == "exported":
            raise OSError(28, "No space left on device")

    with pytest.raises(PublishError, match="No space left"):
        put(2, on_step=full_disk)
    assert current(zone) == good
    assert [path.name for path in (zone / ".staging").iterdir() if path.is_dir()] == []


def test_rollback_gives_readers_the_snapshot_before(put, zone):
    first, second = put(1), put(2)
    assert rollback(zone) == (second.id, first.id)
    assert generations(zone) == [1]
    with pytest.raises(NothingToRollBackTo):
        rollback(zone)


def test_rollback_without_a_snapshot_is_an_error(zone):
    with pytest.raises(NoSnapshot):
        rollback(zone)


def test_rollback_passes_over_a_damaged_snapshot(put, zone):
    first, second, third = put(1), put(2), put(3)
    second.database.chmod(0o644)
    with second.database.open("r+b") as content:
        content.seek(5000)
        content.write(b"damage")
    assert damaged_files(second) == ["marts.duckdb"]
    assert rollback(zone) == (third.id, first.id)


def test_rollback_passes_over_a_snapshot_without_manifest(put, zone):
    first, second, third = put(1), put(2), put(3)
    (second.path / "manifest.json").unlink()
    assert rollback(zone) == (third.id, first.id)


def test_snapshot_that_was_rolled_back_from_is_not_come_back_to(put, zone):
    first, _bad = put(1), put(2)
    rollback(zone)
    third = put(3)
    assert rollback(zone) == (third.id, first.id)


def test_only_the_newest_snapshots_are_kept(put, zone):
    ids = [put(generation, kept=3).id for generation in range(5)]
    assert catalog.snapshot_ids(zone) == ids[-3:]


def test_current_and_its_predecessor_are_never_pruned(put, zone):
    ids = [put(generation).id for generation in range(4)]
    for _ in range(2):
        rollback(zone)
    catalog.prune(zone, kept=1)
    assert catalog.snapshot_ids(zone) == [ids[0], ids[1], ids[3]]


def test_only_the_newest_rejected_files_are_kept(put, zone):
    put(0)
    for generation in range(1, 4):
        with pytest.raises(AuditFailed):
            put(generation, close=-5.0)
    put(4, kept=2)
    assert len(list((zone / "rejected").iterdir())) == 2


def test_waiting_for_a_held_zone_ends_with_a_clear_error(put, zone):
    with catalog.publish_lock(zone, 1.0):
        began = time.monotonic()
        with pytest.raises(PublishLocked, match=r"another publish or rollback.*0\.3 seconds"):
            put(1, lock_timeout_seconds=0.3)
        assert time.monotonic() - began < 5
        with pytest.raises(PublishLocked):
            rollback(zone, lock_timeout_seconds=0.1)


def test_what_other_builds_stage_is_left_alone_until_a_day_old(put, zone):
    long_ago = (dt.datetime.now() - dt.timedelta(days=2)).timestamp()
    paths = [zone / ".staging" / name for name in ("young.duckdb", "old.duckdb")]
    folders = [zone / ".staging" / name for name in ("running-0", "dead-0")]
    for folder in folders:
        folder.mkdir(parents=True)
        paths.append(folder / "hkflow.duckdb")
    for path in paths:
        path.write_bytes(b"x")
    for path in (paths[1], paths[3], *folders):
        os.utime(path, (long_ago, long_ago))
    put(1)
    assert [path.exists() for path in (*paths, *folders)] == [True, False, True, False, True, False]


def test_real_suite_in_the_way_keeps_a_bad_mart_from_readers(put, zone, tmp_path):
    folder = suites(tmp_path / "real")
    for mart, column, low in (("fct_flow", "net_hkd_mn", 0), ("fct_price", "close_price", 1)):
        entry = {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": column, "min_value": low},
            "notes": "Prices are positive.",
        }
        content = {"name": mart, "expectations": [entry]}
        (folder / f"{mart}.json").write_text(json.dumps(content))
    good = publish(stage(tmp_path / "good.duckdb", 1), zone, folder, FACTS, validate)
    assert {mart.verdict for mart in good.marts if mart.rows} == {
        "all expectations hold for 500 rows",
        "all expectations hold for 1 rows",
    }
    with pytest.raises(AuditFailed, match=r"fct_price.*close_price: 1 of 1 rows.*first -5\.0"):
        publish(stage(tmp_path / "bad.duckdb", 2, close=-5.0), zone, folder, FACTS, validate)
    assert current(zone) == good
    (rejected,) = (zone / "rejected").iterdir()
    failures = json.loads((rejected / "failures.json").read_text())
    assert failures["fct_price"]["failures"][0]["notes"] == "Prices are positive."
