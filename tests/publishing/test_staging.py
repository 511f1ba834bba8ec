"""What builds leave in the staging zone: dead ones are swept, living ones are not."""

import multiprocessing
import os
import signal

import pytest

from orchestration.publishing.staging import hold

FORK = multiprocessing.get_context("fork")


def _build(folder, is_built):
    hold(folder)
    (folder / "hkflow.duckdb").write_bytes(b"half a warehouse")
    is_built.set()
    signal.pause()


@pytest.fixture
def building(zone):
    """Another process that is in the middle of a build."""
    folder, is_built = zone / ".staging" / "other-0", FORK.Event()
    process = FORK.Process(target=_build, args=(folder, is_built))
    process.start()
    assert is_built.wait(30)
    yield folder, process
    process.kill()
    process.join()


def test_build_of_a_killed_process_is_swept_by_the_next_publish(put, building):
    folder, process = building
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    put(1)
    assert not folder.exists()


def test_build_of_a_living_process_is_left_alone(put, building):
    folder, _ = building
    put(1)
    assert (folder / "hkflow.duckdb").exists()


def test_own_build_is_left_alone_and_may_be_held_twice(put, zone):
    own = zone / ".staging" / "own-0"
    for _ in range(2):
        hold(own)
    put(1)
    assert own.exists()
