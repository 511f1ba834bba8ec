"""Publishing as seen by readers while it is killed, doubled or repeated."""

import multiprocessing
import os
import signal
import threading
from pathlib import Path

import pytest

from orchestration.publishing import catalog
from orchestration.publishing.manifest import damaged_files
from orchestration.publishing.reader import query
from orchestration.publishing.snapshot import NoSnapshot, PublishLocked, current, publish
from tests.publishing.staging import FACTS, judge, stage, suites

STEPS = ("locked", "audited", "copied", "exported", "finished", "moved", "switched", "pruned")
WHOLE = """
    SELECT (SELECT list(DISTINCT generation) FROM fct_flow) AS flow,
           (SELECT count(*) FROM fct_flow) AS flow_rows,
           (SELECT list(DISTINCT generation) FROM fct_price) AS price
"""
FORK = multiprocessing.get_context("fork")


def generation_read(zone: Path) -> int:
    """Read both marts, which must be whole and of one generation."""
    answer = query(current(zone), WHOLE).to_pylist()[0]
    assert answer["flow_rows"] == 500
    assert answer["flow"] == answer["price"]
    (generation,) = answer["flow"]
    return generation


def _publish_and_die(staged: Path, zone: Path, folder: Path, step: str) -> None:
    def die(done: str) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    publish(staged, zone, folder, FACTS, judge, on_step=die)


@pytest.mark.parametrize("step", STEPS)
def test_kill_at_any_step_leaves_readers_a_whole_version_and_the_next_publish_works(
    put, zone, tmp_path, step
):
    put(1)
    staged = stage(tmp_path / "second.duckdb", 2)
    child = FORK.Process(
        target=_publish_and_die, args=(staged, zone, suites(tmp_path / "suites"), step)
    )
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert generation_read(zone) == (2 if step in ("switched", "pruned") else 1)
    third = put(3)
    assert generation_read(zone) == 3
    left = {path.name for path in (zone / ".staging").iterdir()}
    assert left == {"run-1.duckdb", "run-3.duckdb"}
    assert all(not damaged_files(catalog.read_manifest(zone / each)) for each in _ids(zone))
    assert current(zone) == third


def _ids(zone: Path) -> list[str]:
    return catalog.snapshot_ids(zone)


def test_kill_between_link_and_rename_leaves_no_stray_link(put, zone):
    put(1)
    (zone / ".current.dead").symlink_to("nowhere")
    put(2)
    assert not (zone / ".current.dead").is_symlink()


def test_kill_while_an_old_snapshot_is_removed_is_cleaned_up(put, zone):
    first = put(1)
    put(2)
    first.path.rename(zone / ".staging" / f"{first.id}.removed")
    put(3)
    assert generation_read(zone) == 3
    assert not (zone / ".staging" / f"{first.id}.removed").exists()


def _publish_once(staged: Path, zone: Path, folder: Path, start, results) -> None:
    start.wait()
    try:
        results.put(publish(staged, zone, folder, FACTS, judge, lock_timeout_seconds=30).id)
    except Exception as error:
        results.put(repr(error))


def test_two_publishers_at_once_both_publish_one_after_the_other(zone, tmp_path):
    folder = suites(tmp_path / "suites")
    start, results = FORK.Event(), FORK.Queue()
    children = [
        FORK.Process(
            target=_publish_once,
            args=(stage(tmp_path / f"{n}.duckdb", n), zone, folder, start, results),
        )
        for n in (1, 2)
    ]
    for child in children:
        child.start()
    start.set()
    ids = sorted(results.get(timeout=60) for _ in children)
    for child in children:
        child.join(60)
    assert catalog.snapshot_ids(zone) == ids
    assert current(zone).id == ids[-1]
    assert current(zone).replaces == ids[0]
    assert generation_read(zone) in (1, 2)


def test_lock_of_a_killed_publisher_is_free(put, zone, tmp_path):
    staged = stage(tmp_path / "s.duckdb", 9)
    child = FORK.Process(
        target=_publish_and_die, args=(staged, zone, suites(tmp_path / "suites"), "audited")
    )
    child.start()
    child.join(60)
    try:
        put(1, lock_timeout_seconds=0.5)
    except PublishLocked:
        pytest.fail("the lock outlived its process")


def test_reader_sees_no_error_and_no_mixture_during_five_publishes(put, zone):
    put(0)
    seen: list[int] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                seen.append(generation_read(zone))
            except BaseException as error:
                errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for generation in range(1, 6):
        put(generation)
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert len(seen) > 5
    assert generation_read(zone) == 5


def test_damaged_current_is_reported_and_not_a_traceback_of_the_reader(put, zone):
    snapshot = put(1)
    (snapshot.path / "manifest.json").chmod(0o644)
    (snapshot.path / "manifest.json").write_text("{")
    with pytest.raises(NoSnapshot, match=r"manifest\.json"):
        current(zone)
