"""The exchange's calendar: what is asked, how a year is read, what is refused, the sandbox's."""

import datetime as dt
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables.exchange_calendar import EXCHANGE_CALENDAR
from orchestration import calendar
from orchestration.sandbox.hkex_calendar import HOSTS, render, route
from orchestration.sandbox.market import Market
from orchestration.sources.base import ParseError, Payload
from orchestration.sources.hkex_calendar import parse, requests

SAMPLES = Path(__file__).parents[1] / "samples" / "hkex_calendar"
DAY = dt.date(2025, 2, 3)
FILE = (SAMPLES / "2025.csv").read_bytes().decode("utf-8-sig")
HEADER = FILE.splitlines()[2]


def payload(body: bytes, day: dt.date = DAY) -> Payload:
    return Payload(requests([day])[0], body, 200, {}, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), False)


def days(text: str, day: dt.date = DAY) -> dict[dt.date, dict]:
    table = parse(payload(text.encode(), day))["exchange_calendar"]
    return {row.pop("trade_date"): row for row in table.to_pylist()}


@cache
def market() -> Market:
    return Market()


def test_one_file_a_year_is_asked_about_that_years_sessions():
    asked = requests([dt.date(2024, 12, 30), dt.date(2024, 12, 31), dt.date(2025, 1, 2)])
    assert [request.key for request in asked] == ["2024.csv", "2025.csv"]
    assert asked[0].first_session == dt.date(2024, 12, 30)
    assert asked[0].last_session == dt.date(2024, 12, 31)
    assert asked[1].first_session == asked[1].last_session == dt.date(2025, 1, 2)
    assert asked[1].url.endswith("Trading-and-Settlement-Calendar/2025-Calendar_csv_e.csv")
    assert requests([dt.date(2013, 12, 31)]) == requests([]) == []


def test_every_weekday_of_the_year_has_a_row():
    found = days(FILE)
    assert len(found) == 261
    assert all(day.weekday() < 5 for day in found)


@pytest.mark.parametrize(
    ("day", "hong_kong", "half", "mainland", "northbound", "southbound", "southbound_half"),
    [
        ("2025-01-02", True, False, True, True, True, False),
        ("2025-01-28", True, True, False, False, False, False),
        ("2025-01-29", False, False, False, False, False, False),
        ("2025-02-03", True, False, False, False, False, False),
        ("2025-04-18", False, False, True, False, False, False),
        ("2025-12-24", True, True, True, True, True, True),
    ],
)
def test_cells_say_what_is_open(
    day, hong_kong, half, mainland, northbound, southbound, southbound_half
):
    assert days(FILE)[dt.date.fromisoformat(day)] == {
        "is_hong_kong_open": hong_kong,
        "is_hong_kong_half_day": half,
        "is_mainland_open": mainland,
        "is_northbound_open": northbound,
        "is_southbound_open": southbound,
        "is_southbound_half_day": southbound_half,
    }


def test_trap_01_the_calendar_tells_a_closed_channel_from_a_day_without_flow():
    closed = days(FILE)[DAY]
    assert closed["is_hong_kong_open"]
    assert not closed["is_southbound_open"]
    assert not calendar.is_session("CONNECT", DAY)


@pytest.mark.parametrize("preamble", [0, 1, 2, 5])
def test_preamble_lines_before_the_header_are_passed_over(preamble):
    table = FILE[FILE.index("Date,") :]
    assert days("Trading Calendar,,\n" * preamble + table) == days(FILE)


def test_byte_order_mark_line_ends_and_column_order_change_nothing():
    assert days("\ufeff" + FILE.replace("\r\n", "\n")) == days(FILE)
    lines = [line.split(",") for line in FILE.splitlines()[2:]]
    turned = "\n".join(",".join([cells[0], *cells[:0:-1]]) for cells in lines)
    assert days(turned) == days(FILE)


FIRST = "2025-01-02,Thu,,,,"


DEVIATIONS = [
    ("", "no line that starts with 'Date'"),
    ("<html>\nDate,\n</html>", "is HTML, not CSV"),
    ('{"error": 500}', "no line that starts with 'Date'"),
    (HEADER, "lacks 2025-01-01"),
    (FILE.replace("Southbound Trading", "Southbound"), "unknown column 'Southbound'"),
    (FILE.replace(",Southbound Trading", ""), "no column 'Southbound Trading'"),
    (FILE.replace("Southbound Trading", "Hong Kong"), "no column 'Southbound Trading'"),
    (FILE.replace("Southbound Trading", "Southbound Trading,Date"), "a column comes twice"),
    (FILE.replace(FIRST, "2025-01-02,Thu,,,"), "line 5: has 5 cells instead of 6"),
    (FILE.replace(FIRST, "2025-01-02,Thu,Typhoon,,,"), "line 5 Hong Kong: is 'Typhoon'"),
    (FILE.replace(FIRST, "2025-01-02,Thu,Closed,,,"), "line 5 Hong Kong: is 'Closed'"),
    (FILE.replace(FIRST, "2025-01-02,Thu,,Half Day,,"), "Shanghai & Shenzhen: is 'Half Day'"),
    (FILE.replace(FIRST, "2025-01-02,Thu,,,Half Day,"), "Northbound Trading: is 'Half Day'"),
    (FILE.replace(FIRST, "2025-01-02,Thu,,,,Holiday"), "Southbound Trading: is 'Holiday'"),
    (FILE.replace(FIRST, "2025-01-02,Thu,,,,Half Day"), "a half day on which Hong Kong"),
    (FILE.replace(FIRST, "02/01/2025,Thu,,,,"), "line 5 Date: is '02/01/2025'"),
    (FILE.replace(FIRST, "2025-01-02,Fri,,,,"), "line 5 Day of Week: is 'Fri'"),
    (FILE.replace(FIRST, "2025-01-04,Sat,,,,"), "line 5 Day of Week: is 'Sat'"),
    (FILE.replace(FIRST, "2024-01-02,Tue,,,,"), "is 2024-01-02, the file is about 2025"),
    (FILE.replace(FIRST, "2025-01-03,Fri,,,,"), "line 6: 2025-01-03 comes twice"),
    (FILE.replace(FIRST + "\r\n", ""), "lacks 2025-01-02"),
    (FILE[: len(FILE) // 2].rpartition("\r\n")[0], "lacks 2025-0"),
]


@pytest.mark.parametrize(("text", "message"), DEVIATIONS)
def test_a_deviation_of_the_file_is_named(text, message):
    assert text != FILE
    with pytest.raises(ParseError, match=message):
        days(text)


@pytest.mark.parametrize(
    ("text", "message"), [pair for pair in DEVIATIONS if "Date," in pair[0] and "<" not in pair[0]]
)
def test_a_deviation_is_named_where_there_is_no_preamble_either(text, message):
    plain = text[text.index("Date,") :]
    with pytest.raises(ParseError, match=re.sub(r"line \d+", r"line \\d+", message)):
        days(plain)


@pytest.mark.parametrize(
    ("old", "new"),
    [("Thu,,,,", '"Thu",,,,'), (",Thu", ", Thu "), ("2025-03-03", " 2025-03-03"), ("\r\n", "\n\n")],
)
def test_a_file_that_is_printed_otherwise_is_read_to_the_same(old, new):
    plain = FILE[FILE.index("Date,") :]
    assert old in plain
    assert days(plain) == days(plain.replace(old, new)) == days(FILE)


def test_last_years_file_under_this_years_name_is_refused():
    with pytest.raises(ParseError, match="is 2025-01-01, the file is about 2026"):
        days(FILE, dt.date(2026, 1, 5))


@pytest.mark.parametrize("body", [FILE.encode("utf-16"), b"\xff\xfe\x00"])
def test_another_encoding_is_refused(body):
    with pytest.raises(ParseError, match="is not a CSV file"):
        parse(payload(body))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


@given(st.integers(0, len(FILE) - 1), st.integers(0, 9), st.text(max_size=5))
def test_a_file_with_a_damaged_place_is_read_or_refused(start, length, junk):
    text = FILE[:start] + junk + FILE[start + length :]
    try:
        table = parse(payload(text.encode("utf-8", "replace")))["exchange_calendar"]
    except ParseError:
        return
    assert table.schema == EXCHANGE_CALENDAR.schema
    assert table.num_rows == 261


KINDS = [
    (",,,", True, False, True),
    (",Holiday,Closed,Closed", True, False, False),
    ("Holiday,,Closed,Closed", False, False, True),
    ("Half Day,,,Half Day", True, True, True),
]


@given(st.lists(st.sampled_from(KINDS), min_size=261, max_size=261))
def test_a_year_written_in_the_format_is_read_back(kinds):
    weekdays = calendar.sessions("WEEKDAY", dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    lines = [f"{day},{day:%a},{kind[0]}" for day, kind in zip(weekdays, kinds, strict=True)]
    found = days("\n".join([HEADER, *lines, ""]))
    names = ("is_hong_kong_open", "is_hong_kong_half_day", "is_mainland_open")
    assert [tuple(found[day][name] for name in names) for day in weekdays] == [
        kind[1:] for kind in kinds
    ]


@pytest.mark.parametrize("year", [2015, 2024, 2025])
def test_sandbox_year_agrees_with_our_sessions_but_for_surprises(year):
    (request,) = requests([dt.date(year, 3, 2)])
    found = days(render(market(), request).body.decode(), dt.date(year, 3, 2))
    surprises = {row["trade_date"] for row in calendar.overrides() if row["status"] == "closed"}
    for day, row in found.items():
        if day.isoformat() in surprises:
            assert row["is_hong_kong_open"]
        else:
            assert row["is_hong_kong_open"] == calendar.is_session("XHKG", day)
            assert row["is_southbound_open"] == calendar.is_session("CONNECT", day)


def test_sandbox_agrees_with_the_sample_of_2025():
    (request,) = requests([DAY])
    assert days(render(market(), request).body.decode("utf-8-sig")) == days(FILE)


def test_sandbox_has_no_file_for_a_year_that_is_not_published():
    assert render(market(), requests([dt.date(2098, 1, 1)])[0]).status == 404


def test_sandbox_address_leads_back_to_the_year():
    (asked,) = requests([DAY])
    path = asked.url.removeprefix(f"https://{HOSTS[0]}")
    found = route("GET", path, {}, {})
    assert found is not None
    assert (found.key, found.url) == (asked.key, asked.url)
    assert route("GET", path.replace("2025-", "0000-"), {}, {}) is None
    assert route("POST", path, {}, {}) is None
