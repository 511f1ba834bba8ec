"""A source whose run is killed on one machine and goes on at another, over one lake on S3."""

import datetime as dt
import multiprocessing
import os
import signal

import pytest

from data_lake import lease, shared
from data_lake.landing import Landing
from data_lake.ledger import Ledger
from data_lake.objects import Place
from data_lake.store import LakeStore
from data_lake.tables import TABLES
from data_lake.zones import Zones
from orchestration.extraction.run import extract
from orchestration.sources import hkex_stock_connect
from orchestration.transport.sandbox import SandboxTransport

SOURCE = hkex_stock_connect.SOURCE
DAYS = (dt.date(2025, 1, 20), dt.date(2025, 2, 5))
FORK = multiprocessing.get_context("fork")


def _extract_and_die(root, place, door, method):
    shared.attach(root, place)
    really = getattr(door, method)

    def die(*arguments, **options):
        if door is not Ledger:
            really(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(door, method, die)
    with shared.held(root):
        extract(SOURCE, *DAYS, SandboxTransport(), Zones(root))


@pytest.mark.parametrize(
    ("door", "method", "fetched_again"),
    [(Landing, "keep", True), (LakeStore, "write", False), (Ledger, "note", False)],
)
def test_killed_run_loses_nothing_and_the_next_machine_completes_it(
    bucket, tmp_path, monkeypatch, door, method, fetched_again
):
    monkeypatch.setattr(shared, "_copies", {})
    monkeypatch.setattr(lease, "LEASE_SECONDS", 2.0)
    place = Place(bucket, "p")
    child = FORK.Process(
        target=_extract_and_die, args=(tmp_path / "one", place, door, method), daemon=True
    )
    child.start()
    child.join(120)
    assert child.exitcode == -signal.SIGKILL

    shared.attach(tmp_path / "two", place)
    with shared.held(tmp_path / "two"):
        done = extract(SOURCE, *DAYS, SandboxTransport(), Zones(tmp_path / "two"))
    assert bool(done.fetched) is fetched_again
    assert done.reused > 0
    local = Zones(tmp_path / "local")
    extract(SOURCE, *DAYS, SandboxTransport(), local)
    for name in SOURCE.tables:
        found = LakeStore(tmp_path / "two" / "lake").read(TABLES[name])
        assert found.num_rows and found.equals(LakeStore(local.lake).read(TABLES[name])), name
