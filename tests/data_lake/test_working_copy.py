import multiprocessing
import os
import signal

import pytest

from data_lake import lease, shared
from data_lake.files import LakeLockedError, write_atomically
from data_lake.objects import ChangedError, ObjectStoreError, Place
from data_lake.store import LakeStore
from data_lake.tables.reference_rates import REFERENCE_RATES as TABLE
from tests.data_lake.s3_server import free_ports
from tests.data_lake.test_store import rows

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def machine(bucket, tmp_path, monkeypatch):
    """Return a function that gives the root of a machine's working copy of one place."""
    monkeypatch.setattr(shared, "_copies", {})
    monkeypatch.setattr(lease, "LEASE_SECONDS", 2.0)

    def attach(name: str):
        shared.attach(tmp_path / name, Place(bucket, "p"))
        return tmp_path / name

    return attach


def files(root):
    return {
        path.relative_to(root): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_what_one_machine_writes_the_next_has(machine, s3, bucket):
    one, two = machine("one"), machine("two")
    LakeStore(one / "lake").write(TABLE, rows())
    shared.refresh(two)
    assert files(two) == files(one) != {}
    assert set(s3.objects(bucket)) == {f"p/{path}" for path in files(one)}


def test_only_what_differs_is_fetched(machine):
    one, two = machine("one"), machine("two")
    LakeStore(one / "lake").write(TABLE, rows())
    shared.refresh(two)
    before = {path: (two / path).stat().st_mtime_ns for path in files(two)}
    LakeStore(one / "lake").write(TABLE, rows(days=("2025-02-04",)))
    shared.refresh(two)
    changed = {path for path, at in before.items() if (two / path).stat().st_mtime_ns != at}
    assert {path.parts[-2] for path in changed} == {"month=2025-02"}
    assert files(two) == files(one)


def test_write_takes_what_others_wrote_into_account(machine):
    one, two = machine("one"), machine("two")
    LakeStore(one / "lake").write(TABLE, rows(days=("2025-02-03",)))
    LakeStore(two / "lake").write(TABLE, rows(days=("2025-02-04",)))
    LakeStore(one / "lake").write(TABLE, rows(days=("2025-02-05",)))
    assert LakeStore(one / "lake").read(TABLE).num_rows == 3


def test_stale_write_is_refused_and_changes_nothing(machine, s3, bucket):
    one, two = machine("one"), machine("two")
    write_atomically(one / "lake" / "a", b"1")
    shared.refresh(two)
    write_atomically(one / "lake" / "a", b"2")
    objects = s3.objects(bucket)
    with pytest.raises(ChangedError, match="run again"):
        write_atomically(two / "lake" / "a", b"3")
    assert s3.objects(bucket) == objects
    assert (two / "lake" / "a").read_bytes() == b"1"


def test_what_is_gone_from_s3_or_was_put_by_hand_goes(machine, s3, bucket):
    root = machine("one")
    write_atomically(root / "lake" / "a", b"1")
    write_atomically(root / "lake" / "b", b"1")
    (root / "landing").mkdir()
    (root / "landing" / "by-hand").touch()
    (root / "lake" / "b").write_bytes(b"spoilt")
    s3.client().delete_object(Bucket=bucket, Key="p/lake/a")
    shared.refresh(root)
    assert {str(path): content for path, content in files(root).items()} == {"lake/b": b"1"}
    write_atomically(root / "lake" / "a", b"again")


def test_folder_that_is_no_working_copy_is_left_alone(machine, tmp_path):
    (tmp_path / "one" / "lake").mkdir(parents=True)
    (tmp_path / "one" / "lake" / "mine").touch()
    root = machine("one")
    with pytest.raises(ObjectStoreError, match="HKFLOW_CACHE"):
        shared.refresh(root)
    assert (root / "lake" / "mine").exists()


def test_server_down_in_a_run_leaves_the_copy_as_it_was(machine, bucket, monkeypatch):
    root = machine("one")
    LakeStore(root / "lake").write(TABLE, rows())
    before = files(root)
    with monkeypatch.context() as down:
        down.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_ports(1)[0]}")
        machine("one")
        with pytest.raises(ObjectStoreError, match="cannot be reached"):
            LakeStore(root / "lake").write(TABLE, rows(days=("2025-02-04",)))
        with pytest.raises(ObjectStoreError, match="cannot be reached"):
            write_atomically(root / "lake" / "a", b"")
    assert files(root) == before
    machine("one")
    LakeStore(root / "lake").write(TABLE, rows(days=("2025-02-04",)))
    assert LakeStore(root / "lake").read(TABLE).num_rows == 3


def test_runs_of_two_machines_exclude_each_other_and_nested_holds_do_not(machine):
    one, two = machine("one"), machine("two")
    with shared.held(one):
        with shared.held(one):
            LakeStore(one / "lake").write(TABLE, rows())
        with pytest.raises(LakeLockedError, match="locked by another run"):
            shared.copy_of(two).held("lake", 0.1).__enter__()
    LakeStore(two / "lake").write(TABLE, rows(days=("2025-02-04",)))


def test_reader_beside_a_run_of_its_machine_leaves_the_copy_to_it(machine):
    one, two = machine("one"), machine("two")
    write_atomically(two / "lake" / "a", b"1")
    with shared.held(one):
        write_atomically(two / "landing" / "b", b"1")
        shared.refresh(one)
        assert not (one / "landing" / "b").exists()
    shared.refresh(one)
    assert (one / "landing" / "b").exists()


def _write_and_die(root, place, step):
    shared.attach(root, place)

    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    copy = shared.copy_of(root)
    if step == "put":
        really = copy.put
        copy.put = lambda path, content: really(path, content) and die()
    else:
        copy.note = die
    LakeStore(root / "lake").write(TABLE, rows(days=("2025-02-04",)))


@pytest.mark.parametrize("step", ["put", "note"])
def test_run_killed_after_an_object_was_put_loses_nothing(machine, bucket, step, tmp_path):
    one, two = machine("one"), machine("two")
    LakeStore(one / "lake").write(TABLE, rows(days=("2025-02-03",)))
    child = FORK.Process(target=_write_and_die, args=(one, Place(bucket, "p"), step))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    for root in (two, one):
        with shared.held(root):
            assert LakeStore(root / "lake").read(TABLE).num_rows == 2
    assert files(one) == files(two)
