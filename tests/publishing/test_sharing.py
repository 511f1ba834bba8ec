"""Snapshots on S3 as machines see them that did not make them."""

import multiprocessing
import os
import signal
import threading
from pathlib import Path

import pytest

from data_lake import lease, shared
from data_lake.objects import Place
from orchestration.publishing import catalog, sharing
from orchestration.publishing.errors import NoSnapshot, PublishError, PublishLocked
from orchestration.publishing.manifest import damaged_files
from orchestration.publishing.snapshot import current, publish, roll_forward, rollback, rolled_away
from tests.data_lake.s3_server import free_ports
from tests.publishing.staging import FACTS, judge, stage, suites
from tests.publishing.test_crash_and_concurrency import generation_read

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def zone_of(bucket, tmp_path, monkeypatch):
    """Return a function that gives a machine's zone of snapshots of one place."""
    monkeypatch.setattr(shared, "_copies", {})
    monkeypatch.setattr(lease, "LEASE_SECONDS", 2.0)

    def attach(name: str) -> Path:
        shared.attach(tmp_path / name, Place(bucket, "p"))
        return tmp_path / name / "snapshots"

    return attach


@pytest.fixture
def put(tmp_path):
    """Publish a generation of the marts from a machine."""

    def publish_generation(zone: Path, generation: int, **options):
        staged = stage(zone.parent.parent / f"{zone.parent.name}-{generation}.duckdb", generation)
        return publish(staged, zone, suites(tmp_path / "suites"), FACTS, judge, **options)

    return publish_generation


def test_other_machine_gets_the_snapshot_with_all_its_files(zone_of, put):
    one, two = zone_of("one"), zone_of("two")
    made = put(one, 1)
    found = current(two)
    assert found.manifest == made.manifest and found.path == two / made.id
    assert not damaged_files(found)
    assert generation_read(two) == 1


def test_nothing_published_anywhere_is_one_sentence(zone_of):
    with pytest.raises(NoSnapshot, match="`hkflow run` makes one"):
        current(zone_of("one"))


def test_rollback_and_its_undo_are_seen_by_the_other_machine(zone_of, put):
    one, two = zone_of("one"), zone_of("two")
    first, second = put(one, 1), put(one, 2)
    assert rollback(two) == (second.id, first.id)
    assert current(one).id == first.id and [each.id for each in rolled_away(one)] == [second.id]
    assert generation_read(one) == generation_read(two) == 1
    assert roll_forward(one) == (first.id, second.id)
    assert current(two).id == second.id and generation_read(two) == 2


def test_machine_that_made_nothing_rolls_back_to_what_it_never_read(zone_of, put):
    one = zone_of("one")
    first, second = put(one, 1), put(one, 2)
    two = zone_of("two")
    assert rollback(two) == (second.id, first.id)
    assert not damaged_files(current(two))


def test_pruned_snapshots_go_everywhere(zone_of, put, s3, bucket):
    one, two = zone_of("one"), zone_of("two")
    ids = []
    for generation in range(4):
        ids.append(put(one, generation, kept=2).id)
        assert generation_read(two) == generation
    assert catalog.snapshot_ids(one) == catalog.snapshot_ids(two) == ids[-2:]
    kept = {key.split("/")[2] for key in s3.objects(bucket)}
    assert kept == {"current", *ids[-2:]}


def test_marts_as_of_a_moment_stay_on_their_machine(zone_of, put, s3, bucket, tmp_path):
    one = zone_of("one")
    staged = stage(tmp_path / "as-of.duckdb", 1)
    publish(staged, one / "as_of" / "moment", suites(tmp_path / "suites"), FACTS, judge)
    assert generation_read(one / "as_of" / "moment") == 1
    assert s3.objects(bucket) == {}


def test_damaged_file_on_s3_is_named_and_readers_keep_what_they_had(zone_of, put, s3, bucket):
    one, two = zone_of("one"), zone_of("two")
    put(one, 1)
    assert generation_read(two) == 1
    second = put(one, 2)
    key = f"p/snapshots/{second.id}/fct_flow.parquet"
    s3.client().put_object(Bucket=bucket, Key=key, Body=b"spoilt")
    with pytest.raises(NoSnapshot, match=r"fct_flow\.parquet of .* is damaged"):
        current(two)
    assert catalog.current_id(two) != second.id


def test_server_that_is_down_is_one_sentence_for_reader_and_publisher(zone_of, put, monkeypatch):
    one = zone_of("one")
    put(one, 1)
    with monkeypatch.context() as down:
        down.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_ports(1)[0]}")
        zone_of("one")
        for work in (lambda: current(one), lambda: put(one, 2), lambda: rollback(one)):
            with pytest.raises(PublishError, match="cannot be reached"):
                work()
    zone_of("one")
    assert generation_read(one) == 1


def _publish_and_die(zone: Path, place: Place, staged: Path, folder: Path, step: str) -> None:
    shared.attach(zone.parent, place)
    copy = shared.copy_of(zone)

    def die(*_, **__) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if step == "uploading":
        really = copy.store.upload
        copy.store.upload = lambda path, key: really(path, key) or die()
    elif step == "uploaded":
        copy.store.put = lambda key, *rest: die() if "manifest" in key else really_put(key, *rest)
        really_put = type(copy.store).put.__get__(copy.store)
    elif step == "before current":
        copy.put = die
    elif step == "after current":
        sharing.point_at = catalog.point_at = die
    publish(staged, zone, folder, FACTS, judge, on_step=lambda done: done == step and die())


@pytest.mark.parametrize(
    "step", ["moved", "uploading", "uploaded", "before current", "after current", "switched"]
)
def test_publish_killed_at_any_step_is_whole_or_nothing_for_others(
    zone_of, put, bucket, s3, tmp_path, step
):
    one, two = zone_of("one"), zone_of("two")
    put(one, 1)
    staged = stage(tmp_path / "second.duckdb", 2)
    arguments = (one, Place(bucket, "p"), staged, suites(tmp_path / "suites"), step)
    child = FORK.Process(target=_publish_and_die, args=arguments)
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    seen = 2 if step in ("after current", "switched") else 1
    assert generation_read(two) == seen
    assert generation_read(one) == seen
    third = put(two, 3)
    assert generation_read(one) == generation_read(two) == 3
    assert third.replaces in catalog.snapshot_ids(one)
    on_s3 = {key.split("/")[2] for key in s3.objects(bucket)} - {"current"}
    assert on_s3 == set(catalog.snapshot_ids(one)) == set(catalog.snapshot_ids(two))
    assert all(f"p/snapshots/{each}/manifest.json" in s3.objects(bucket) for each in on_s3)


def test_reader_elsewhere_sees_no_error_and_no_mixture_during_publishes(zone_of, put):
    one, two = zone_of("one"), zone_of("two")
    put(one, 0)
    seen: list[int] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                seen.append(generation_read(two))
            except BaseException as error:
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for generation in range(1, 4):
        put(one, generation)
    done.set()
    reader.join()
    assert errors == [] and seen == sorted(seen) and len(seen) > 3
    assert generation_read(two) == 3


def test_publish_beside_one_of_another_machine_is_refused_in_one_sentence(zone_of, put):
    one, two = zone_of("one"), zone_of("two")
    put(one, 1)
    with catalog.publish_lock(one, 1), pytest.raises(PublishLocked, match="wait for it to end"):
        put(two, 2, lock_timeout_seconds=0.2)
    before = current(one).id
    assert put(two, 2).replaces == before
