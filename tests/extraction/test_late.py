"""Bodies that come to the lake after later ones, and worlds that gave no row."""

import datetime as dt
import shutil
from dataclasses import replace

import pytest

from data_lake.landing import Landing
from data_lake.store import LakeStore, StoreError
from data_lake.zones import Zones
from orchestration.extraction.run import extract
from orchestration.transport.archive import ArchiveTransport

from .conftest import SOURCE, Tampering, with_body

DAY = (dt.date(2025, 2, 11), dt.date(2025, 2, 11))
TIMES = [dt.datetime(2025, 3, day, tzinfo=dt.UTC) for day in (1, 2, 3)]


def names_of(rows_of):
    rows = rows_of("southbound_top10").to_pylist()
    return [row["security_name"] for row in rows if row["security_code"] == "00700"]


@pytest.fixture(scope="module")
def archives(sandbox, tmp_path_factory):
    """Three landing zones, each with what one fetch brought: TENCENT, then -B, then again."""
    transport, folder = Tampering(sandbox), tmp_path_factory.mktemp("archives")

    def kept(number, name):
        def change(payload):
            body = payload.body.replace(b"TENCENT", name)
            return replace(with_body(payload, body), fetched_at=TIMES[number], headers={})

        transport.change = change
        apart = Zones(folder / f"archive-{number}")
        extract(SOURCE, *DAY, transport, apart)
        return ArchiveTransport(apart.landing)

    return [
        kept(number, name) for number, name in enumerate([b"TENCENT", b"TENCENT-B", b"TENCENT"])
    ]


@pytest.mark.parametrize("order", [(1, 0), (0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_the_order_in_which_archives_are_loaded_leaves_no_trace(
    archives, run, rows_of, zones, order
):
    for number in order:
        run(days=DAY, via=archives[number])
    loaded = rows_of("southbound_top10")
    expected = [("TENCENT", "TENCENT-B", "TENCENT")[number] for number in sorted(order)]
    assert set(names_of(rows_of)[: len(expected)]) == set(expected)
    assert names_of(rows_of)[len(expected) - 1] == expected[-1], "the newest body is current"

    shutil.rmtree(zones.lake)
    run(days=DAY, via=ArchiveTransport(zones.landing))
    assert rows_of("southbound_top10").equals(loaded), "landing replayed gives the same lake"


def test_loading_an_old_archive_twice_changes_nothing(archives, run, zones):
    for number in (1, 0):
        run(days=DAY, via=archives[number])
    files = {path: path.read_bytes() for path in zones.root.rglob("*") if path.is_file()}
    assert run(days=DAY, via=archives[0]).rows_added == 0
    assert {path: path.read_bytes() for path in zones.root.rglob("*") if path.is_file()} == files


def test_world_of_a_run_without_an_accepted_row_is_not_the_lakes(run, transport, zones, rows_of):
    transport.change = lambda p: replace(with_body(p, b"<html>login</html>"), is_synthetic=False)
    assert run(days=DAY).rejections
    assert LakeStore(zones.lake).world() is None
    transport.change = lambda payload: payload
    assert not run(days=DAY).rejections, "what the other world said is not used again"
    assert LakeStore(zones.lake).world() == "sandbox"
    assert rows_of("southbound_daily").num_rows


def test_live_run_on_a_sandbox_lake_does_not_pass_off_kept_sandbox_bodies(run, transport, zones):
    run(days=DAY)
    transport.name, transport.knows_the_past = "http", False
    transport.change = lambda payload: replace(payload, is_synthetic=False)
    kept = len(Landing(zones.landing).fetches(SOURCE.name, "2025-02-11.js"))
    with pytest.raises(StoreError, match="never mix"):
        run(days=DAY)
    assert len(Landing(zones.landing).fetches(SOURCE.name, "2025-02-11.js")) == kept
