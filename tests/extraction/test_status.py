"""What `hkflow status` shows after runs: sessions that stopped coming, and what is refused."""

import datetime as dt

import pytest

from orchestration.sources import csop_nav, ishares_fund
from orchestration.status import quarantined, table_status
from orchestration.transport.archive import ArchiveTransport
from orchestration.transport.base import Missing

from .conftest import FEBRUARY, with_body

BAD_DAY = "2025-02-11.js"
LATER = (dt.date(2025, 2, 17), dt.date(2025, 3, 14))


def missing(zones, table, now=None):
    [status] = [each for each in table_status(zones, now) if each.table == table]
    return [day for gap in status.gaps for day in gap.sessions]


@pytest.fixture
def stop(transport):
    def nothing(request):
        raise Missing("not there")

    def _stop():
        transport.fetch = nothing

    return _stop


def test_table_that_stopped_misses_the_sessions_asked_for_since(run, stop, zones):
    run()
    assert missing(zones, "southbound_daily") == []
    stop()
    run(days=LATER)
    days = missing(zones, "southbound_daily")
    assert (days[0], days[-1]) == LATER
    assert len(days) == 20


def test_session_that_is_not_published_yet_is_not_missing(run, stop, zones):
    run()
    stop()
    run(days=LATER)
    evening_before = dt.datetime(2025, 3, 13, 15, tzinfo=dt.UTC)
    assert missing(zones, "southbound_daily", evening_before)[-1] == dt.date(2025, 3, 13)
    before_noon = dt.datetime(2025, 3, 13, 3, tzinfo=dt.UTC)
    assert missing(zones, "southbound_daily", before_noon)[-1] == dt.date(2025, 3, 12)


def test_table_that_never_came_misses_every_session_asked_for(run, stop, zones):
    assert missing(zones, "southbound_daily") == []
    stop()
    run()
    assert len(missing(zones, "southbound_daily")) == 8


def test_an_archive_without_a_body_of_a_source_asked_no_publisher(run, zones, tmp_path):
    run()
    (tmp_path / "archive").mkdir()
    run(days=LATER, via=ArchiveTransport(tmp_path / "archive"))
    assert missing(zones, "southbound_daily") == []


def test_sources_of_one_table_answer_for_their_own_funds_alone(run, transport, stop, zones):
    asked = (dt.date(2025, 2, 3), dt.date(2025, 2, 7))
    for source in (csop_nav.SOURCE, ishares_fund.SOURCE):
        run(source=source, days=asked)
    stop()
    later = (dt.date(2025, 2, 10), dt.date(2025, 2, 12))
    outcome = run(source=csop_nav.SOURCE, days=later)
    assert {gap.entity for gap in outcome.gaps if gap.table == "etf_shares"} == {"3033.HK"}


def spoil(transport):
    def change(payload):
        is_bad = payload.request.key == BAD_DAY
        return with_body(payload, b"<html>maintenance</html>") if is_bad else payload

    transport.change = change


def open_entries(zones):
    return [entry for entry in quarantined(zones) if not entry.is_healed]


def test_quarantined_body_is_healed_when_a_later_one_of_its_file_is_accepted(run, transport, zones):
    spoil(transport)
    run()
    [entry] = open_entries(zones)
    assert (entry.source, "HTML" in entry.reason) == ("hkex_stock_connect", True)
    transport.change = lambda payload: payload
    run(refetch=True)
    [healed] = quarantined(zones)
    assert healed.is_healed
    assert (healed.folder / "reason.json").exists(), "what was refused, and why, is kept"


def test_bad_body_after_a_good_one_is_not_healed_by_it(run, transport, zones):
    run()
    spoil(transport)
    run(refetch=True)
    assert len(open_entries(zones)) == 1


def test_bad_body_that_came_back_is_open_again(run, transport, zones):
    spoil(transport)
    run()
    transport.change = lambda payload: payload
    run(refetch=True)
    spoil(transport)
    run(refetch=True)
    assert len(open_entries(zones)) == 1


def test_same_bytes_are_healed_when_they_are_accepted_later(run, transport, zones, monkeypatch):
    import orchestration.extraction.run as module
    from orchestration.sources.base import ParseError

    def too_strict(payload):
        raise ParseError("a belief that was wrong")

    from dataclasses import replace

    from .conftest import SOURCE

    day = (FEBRUARY[1], FEBRUARY[1])
    run(source=replace(SOURCE, parse=too_strict), days=day)
    assert len(open_entries(zones)) == 1
    run(days=day)
    assert open_entries(zones) == []
    monkeypatch.setattr(module, "reader_version", lambda: "stricter code")
    run(source=replace(SOURCE, parse=too_strict), days=day)
    assert len(open_entries(zones)) == 1
