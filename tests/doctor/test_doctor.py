"""What is asked, how often, and what `hkflow doctor` says of the answers."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from orchestration import calendar
from orchestration.cli import main
from orchestration.doctor import SESSIONS_ASKED, Verdict, check_up, live_transport, questions
from orchestration.settings import settings
from orchestration.sources import SOURCES, fred, hkex_stock_connect, yahoo_chart
from tests.doctor.endpoints import ADDRESSES, HOLDINGS, NOW
from tests.doctor.faults import changing, with_status


def test_a_server_that_is_not_there_makes_every_endpoint_unreachable():
    with live_transport("http://127.0.0.1:9", "") as transport:
        found = check_up(SOURCES, transport, NOW)
    assert {item.verdict for item in found} == {Verdict.UNREACHABLE}
    assert len(found) == len(ADDRESSES)


def test_every_kind_of_file_is_asked_once_even_when_the_publisher_is_busy(faulty, findings):
    faulty.where, faulty.breaks = "", with_status(429)
    findings()
    assert len(faulty.asked) == len(ADDRESSES)
    assert len(set(faulty.asked)) == len(ADDRESSES)


def test_a_form_costs_its_page_and_its_answer(faulty, findings):
    findings()
    assert len(faulty.asked) == len(ADDRESSES) + 1
    assert sum("mutualmarket.aspx" in line for line in faulty.asked) == 2


def test_a_history_is_asked_for_a_week_and_a_dated_file_for_its_newest_session():
    (chart,) = questions(yahoo_chart.SOURCE, NOW)
    assert chart.key == "^HSI.json"
    days = calendar.sessions("WEEKDAY", chart.first_session, chart.last_session)
    assert len(days) == SESSIONS_ASKED
    (daily,) = questions(hkex_stock_connect.SOURCE, NOW)
    assert daily.key == "2025-02-19.js"
    (before,) = questions(hkex_stock_connect.SOURCE, NOW - dt.timedelta(hours=4))
    assert before.key == "2025-02-18.js"


@pytest.mark.parametrize("hour", [1, 12])
@pytest.mark.parametrize(
    "day",
    [
        dt.date(2024, 5, 15),  # Stock Connect and Hong Kong closed
        dt.date(2024, 9, 6),  # typhoon
        dt.date(2024, 10, 4),  # Hong Kong trades, Stock Connect does not
        dt.date(2024, 12, 25),  # all closed after a half day
        dt.date(2025, 1, 2),  # the year's turn
        dt.date(2025, 2, 1),  # Lunar New Year
        dt.date(2025, 2, 17),  # New York closed
        dt.date(2025, 2, 18),
        dt.date(2025, 2, 23),  # Sunday
    ],
    ids=str,
)
def test_healthy_publishers_are_fine_whatever_is_closed(day, hour, sandbox):
    now = dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)
    found = check_up(SOURCES, sandbox, now)
    assert {item.problem for item in found} == {""}
    assert {item.source for item in found} == {source.name for source in SOURCES}
    assert all(item.rows and item.newest and item.is_synthetic for item in found)


def test_a_source_whose_calendar_ended_is_a_finding_of_its_own(sandbox):
    far = dt.datetime(2050, 1, 3, tzinfo=dt.UTC)
    (found,) = check_up([fred.SOURCE], sandbox, far)
    assert found.verdict is Verdict.NOT_ASKED
    assert "no session published before 2050-01-03" in found.problem
    assert not found.is_fine
    assert not found.is_reachable


@pytest.fixture
def hkflow(faulty, tmp_path, monkeypatch):
    """Run the command line against the faulty publishers; its zones are in an empty folder."""
    zones = tmp_path / "zones"
    zones.mkdir()
    monkeypatch.setenv("HKFLOW_HTTP_BASE_URL", faulty.url)
    monkeypatch.setenv("HKFLOW_LAKE", str(zones))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, ["doctor", *words])
    settings.cache_clear()
    assert list(zones.iterdir()) == []


def test_without_live_nothing_is_asked(hkflow, faulty):
    shown = hkflow()
    assert shown.exit_code == 0, shown.output
    assert "Nothing was asked" in shown.output
    listed = json.loads(hkflow("--format", "json").output)
    assert {item["source"] for item in listed} == {source.name for source in SOURCES}
    assert all(item["url"].startswith("https://") for item in listed)
    assert faulty.asked == []


def test_live_says_that_all_is_fine_and_that_the_answers_are_synthetic(hkflow, faulty):
    shown = hkflow("--live")
    assert shown.exit_code == 0, shown.output
    assert f"{len(ADDRESSES)} of {len(ADDRESSES)} endpoints are fine" in shown.output
    assert "SYNTHETIC" in shown.output
    assert len(faulty.asked) == len(ADDRESSES) + 1


def test_live_exits_with_1_and_names_the_problem(hkflow, faulty):
    faulty.where, faulty.breaks = ADDRESSES[HOLDINGS], changing("Ticker", "Symbol")
    shown = hkflow("--live")
    assert shown.exit_code == 1
    assert "columns changed: kraneshares_kweb/" in shown.output
    assert "unknown column 'Symbol'" in shown.output
    found = json.loads(hkflow("--live", "--format", "json").output)
    (broken,) = [item for item in found if item["problem"]]
    assert broken["source"] == "kraneshares_kweb"
    assert broken["finding"] == "columns changed"
    assert broken["is_reachable"] is True
    assert broken["is_as_expected"] is False
    assert broken["newest"] is None
