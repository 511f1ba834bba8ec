import datetime as dt
import json
import re
import shutil
from dataclasses import replace

import pytest

from data_lake.store import StoreError
from orchestration.extraction.prepare import CLOSED_DAY, UNFINISHED
from orchestration.sources import SOURCES
from orchestration.transport.archive import ArchiveTransport
from orchestration.transport.base import Missing

from .conftest import FEBRUARY, with_body

BAD_DAY = "2025-02-11.js"


def a_thousand_times(payload):
    """Multiply the first southbound total turnover of one day's file by a thousand."""
    if payload.request.key != BAD_DAY:
        return payload
    head, block, tail = re.split(rb"(?<=SSE Southbound)", payload.body, maxsplit=1)[0], b"", b""
    text = payload.body[len(head) :]
    figure = re.search(rb'"([\d,]+)\.(\d\d)"', text)
    big = f'"{int(figure[1].replace(b",", b"")) * 1000:,}.{figure[2].decode()}"'.encode()
    block = text[: figure.start()] + big + text[figure.end() :]
    return with_body(payload, head + block + tail)


def test_rows_of_a_closed_day_are_left_out_with_the_reason(run, rows_of):
    outcome = run()
    days = set(rows_of("southbound_daily")["trade_date"].to_pylist())
    assert dt.date(2025, 2, 3) not in days, "Hong Kong was open, the mainland was not"
    assert len(days) == 8
    assert outcome.dropped["southbound_daily", CLOSED_DAY] == 4
    assert not outcome.gaps


def test_second_run_asks_for_nothing_and_changes_no_byte(run, transport, zones):
    run()
    files = {path: path.read_bytes() for path in zones.lake.rglob("*") if path.is_file()}
    transport.asked.clear()
    again = run()
    assert transport.asked == []
    assert again.rows_added == 0
    assert {path: path.read_bytes() for path in zones.lake.rglob("*") if path.is_file()} == files


def test_bad_payload_is_quarantined_whole_and_heals_after_a_refetch(run, transport, zones, rows_of):
    transport.change = a_thousand_times
    outcome = run()
    assert [item.key for item in outcome.rejections] == [BAD_DAY]
    assert "southbound_daily" in outcome.rejections[0].reason
    days = set(rows_of("southbound_daily")["trade_date"].to_pylist())
    assert dt.date(2025, 2, 11) not in days and len(days) == 7
    assert dt.date(2025, 2, 11) not in rows_of("southbound_top10")["trade_date"].to_pylist()
    [reason] = zones.quarantine.rglob("reason.json")
    assert json.loads(reason.read_bytes())["reason"] == outcome.rejections[0].reason
    transport.change = lambda payload: payload
    assert run().rejections, "the bad body is what landing holds: without a refetch it stays bad"
    healed = run(refetch=True)
    assert not healed.rejections
    assert dt.date(2025, 2, 11) in rows_of("southbound_daily")["trade_date"].to_pylist()


def test_replay_of_landing_rebuilds_the_same_lake_and_passes_over_replaced_bodies(
    run, transport, zones, rows_of
):
    transport.change = a_thousand_times
    run()
    transport.change = lambda payload: payload
    run(refetch=True)
    built = {name: rows_of(name) for name in ("southbound_daily", "southbound_top10")}
    shutil.rmtree(zones.lake)
    outcome = run(via=ArchiveTransport(zones.landing))
    assert not outcome.rejections
    assert [item.key for item in outcome.superseded] == [BAD_DAY]
    for name, rows in built.items():
        assert rows_of(name).equals(rows)


def test_changed_file_becomes_a_later_version_and_a_change_taken_back_a_third(
    run, transport, rows_of
):
    original = run()
    assert original.rows_added

    def renamed(payload):
        return with_body(payload, payload.body.replace(b"TENCENT", b"TENCENT-X"))

    for change in (renamed, lambda payload: payload):
        transport.change = change
        run(refetch=True)
    rows = rows_of("southbound_top10").to_pylist()
    names = [row["security_name"] for row in rows if row["security_code"] == "00700"]
    assert names[:3] == ["TENCENT", "TENCENT-X", "TENCENT"]
    known = [row["known_at"] for row in rows if row["security_code"] == "00700"][:3]
    assert known == sorted(set(known))


def test_missing_payload_is_a_gap_not_a_crash(run, transport):
    fetch = transport.fetch

    def without_one_day(request):
        if request.key == BAD_DAY:
            raise Missing("not there")
        return fetch(request)

    transport.fetch = without_one_day
    outcome = run()
    assert outcome.missing == ((BAD_DAY, "not there"),)
    gap = next(gap for gap in outcome.gaps if gap.table == "southbound_daily")
    assert gap.sessions == (dt.date(2025, 2, 11),)


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"<html>maintenance</html>", "HTML"), (b'tabData = [{"id": 0, "da', "cannot|JSON|cut")],
)
def test_unreadable_body_is_kept_named_and_keeps_nothing_else_back(
    run, transport, rows_of, body, reason
):
    transport.change = lambda p: with_body(p, body) if p.request.key == BAD_DAY else p
    outcome = run()
    assert [item.key for item in outcome.rejections] == [BAD_DAY]
    assert re.search(reason, outcome.rejections[0].reason)
    assert len(set(rows_of("southbound_daily")["trade_date"].to_pylist())) == 7


def test_real_and_sandbox_data_never_mix(run, transport, rows_of):
    run()
    before = rows_of("southbound_daily")
    transport.change = lambda payload: replace(payload, is_synthetic=False)
    with pytest.raises(StoreError, match="never mix"):
        run(refetch=True)
    assert rows_of("southbound_daily").equals(before)


def test_figures_of_an_unfinished_session_wait(run, transport, rows_of):
    noon = dt.datetime(2025, 2, 14, 4, tzinfo=dt.UTC)
    outcome = run(now=noon)
    assert "2025-02-14.js" not in transport.asked
    assert dt.date(2025, 2, 14) not in rows_of("southbound_daily")["trade_date"].to_pylist()
    assert not outcome.gaps

    yahoo = next(source for source in SOURCES if source.name == "yahoo_chart")
    transport.change = lambda payload: replace(payload, fetched_at=noon)
    outcome = run(source=yahoo, days=FEBRUARY)
    assert outcome.dropped["daily_bars", UNFINISHED]


def test_adjusted_short_selling_is_a_later_version_of_the_day_before(run, rows_of):
    sheet = next(source for source in SOURCES if source.name == "hkex_quotation_sheet")
    run(source=sheet, days=(dt.date(2025, 1, 2), dt.date(2025, 1, 24)))
    rows = rows_of("short_selling").to_pylist()
    adjusted = [
        row for row in rows if row["is_adjustment"] and row["trade_date"] >= dt.date(2025, 1, 2)
    ]
    assert adjusted
    for row in adjusted:
        key = (row["trade_date"], row["security_code"])
        first = next(r for r in rows if (r["trade_date"], r["security_code"]) == key)
        assert not first["is_adjustment"]
        assert first["known_at"] < row["known_at"]
        assert row["published_at"].date() > row["trade_date"]


def test_figures_that_came_too_early_are_taken_from_the_same_bytes_later(
    run, transport, zones, rows_of
):
    early = dt.datetime(2025, 2, 14, 8, 30, tzinfo=dt.UTC)
    later = dt.datetime(2025, 2, 15, tzinfo=dt.UTC)
    for moment in (early, later):
        transport.change = lambda payload, at=moment: replace(payload, fetched_at=at, headers={})
        run(refetch=True, days=(dt.date(2025, 2, 14), dt.date(2025, 2, 14)))
    assert dt.date(2025, 2, 14) in rows_of("southbound_daily")["trade_date"].to_pylist()
    built = rows_of("southbound_daily")
    shutil.rmtree(zones.lake)
    run(via=ArchiveTransport(zones.landing))
    assert rows_of("southbound_daily").equals(built)


def test_a_range_without_a_single_row_is_one_gap(run, transport):
    def nothing(request):
        raise Missing("not there")

    transport.fetch = nothing
    outcome = run()
    assert {gap.table: len(gap.sessions) for gap in outcome.gaps} == {
        "southbound_daily": 8,
        "southbound_top10": 8,
    }


def test_replay_of_a_change_that_was_taken_back_gives_the_three_versions_again(
    run, transport, zones, rows_of
):
    run()
    for name in (b"TENCENT-X", b"TENCENT"):
        transport.change = lambda p, as_=name: with_body(p, p.body.replace(b"TENCENT", as_))
        run(refetch=True)
    built = rows_of("southbound_top10")
    shutil.rmtree(zones.lake)
    assert not run(via=ArchiveTransport(zones.landing)).rejections
    assert rows_of("southbound_top10").equals(built)
