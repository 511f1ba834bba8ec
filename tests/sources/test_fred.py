"""FRED: what is asked, how the CSV is read, when a figure was published."""

import contextlib
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables import TABLES
from orchestration.sources.base import PUBLISHED_ON, ParseError, Payload, Request
from orchestration.sources.fred import SERIES, SOURCE, parse, release_day, requests

SAMPLES = Path(__file__).parents[1] / "samples" / "fred"


def payload(body: bytes, key: str = "DEXHKUS.csv") -> Payload:
    day = dt.date(2025, 2, 13)
    request = Request(SOURCE.name, key, "https://example.test/", day, day)
    return Payload(request, body, 200, {}, dt.datetime(2025, 3, 1, tzinfo=dt.UTC), False)


def rows(body: bytes, key: str = "DEXHKUS.csv") -> list[dict]:
    return parse(payload(body, key))["reference_rates"].to_pylist()


def test_every_series_is_asked_once_over_the_whole_range():
    asked = requests([dt.date(2024, 1, 2), dt.date(2024, 1, 31)])
    assert [request.key for request in asked] == [
        "DEXHKUS.csv",
        "DEXCHUS.csv",
        "DFEDTARU.csv",
        "DGS10.csv",
    ]
    assert asked[0].params["id"] == "DEXHKUS"
    assert asked[0].params["coed"] == "2024-01-31"
    assert (asked[0].first_session, asked[0].last_session) == (
        dt.date(2024, 1, 2),
        dt.date(2024, 1, 31),
    )
    assert requests([]) == []


@given(st.sampled_from(sorted(SERIES)), st.dates(dt.date(2000, 1, 1), dt.date(2099, 1, 1)))
def test_a_request_reaches_back_to_every_observation_released_in_its_sessions(series, first):
    asked = next(request for request in requests([first]) if request.params["id"] == series)
    earlier = dt.date.fromisoformat(asked.params["cosd"]) - dt.timedelta(days=1)
    assert release_day(SERIES[series], earlier) < first


def test_observations_are_read_with_unit_and_release_and_a_holiday_has_no_row():
    found = rows((SAMPLES / "DEXHKUS.csv").read_bytes())
    assert [row["rate_date"].day for row in found] == [13, 14, 18]
    assert found[1] == {
        "rate_date": dt.date(2025, 2, 14),
        "series": "USDHKD",
        "publisher_series": "DEXHKUS",
        "unit": "HKD per USD",
        "rate_value": 7.7853,
        PUBLISHED_ON: dt.date(2025, 2, 17),
    }


def test_the_old_header_and_the_old_sign_of_a_missing_value_are_read():
    found = rows((SAMPLES / "DGS10.csv").read_bytes(), "DGS10.csv")
    assert [(row["rate_date"].day, row["rate_value"]) for row in found] == [
        (2, 3.95),
        (5, 4.05),
        (8, -0.01),
    ]
    assert {(row["series"], row["unit"]) for row in found} == {("US_10Y", "percent")}


@pytest.mark.parametrize(
    ("series", "observed", "released"),
    [
        ("DEXHKUS", "2025-02-10", "2025-02-17"),  # Monday waits for the next Monday
        ("DEXCHUS", "2025-02-14", "2025-02-17"),  # Friday
        ("DGS10", "2025-02-13", "2025-02-14"),
        ("DGS10", "2025-02-14", "2025-02-17"),  # Friday comes on Monday
        ("DFEDTARU", "2025-02-15", "2025-02-17"),  # Saturday
        ("DFEDTARU", "2025-02-16", "2025-02-17"),  # Sunday
    ],
)
def test_an_observation_is_published_with_the_release_that_carries_it(series, observed, released):
    day = dt.date.fromisoformat(observed)
    assert release_day(SERIES[series], day) == dt.date.fromisoformat(released)


@given(st.sampled_from(sorted(SERIES)), st.dates(max_value=dt.date(9990, 1, 1)))
def test_no_observation_is_published_on_its_own_day_or_on_a_weekend(series, day):
    released = release_day(SERIES[series], day)
    assert day < released <= day + dt.timedelta(days=7)
    assert released.weekday() < 5


def test_a_file_without_observations_is_an_empty_table_of_the_same_columns():
    table = parse(payload(b"observation_date,DEXHKUS\n"))["reference_rates"]
    assert table.num_rows == 0
    assert table.schema.names == [*TABLES["reference_rates"].schema.names, PUBLISHED_ON]


@pytest.mark.parametrize(
    ("body", "key", "message"),
    [
        (b"observation_date,DGS10\n", "DEXHKUS.csv", "expected 'observation_date' and 'DEXHKUS'"),
        (b"observation_date,DEXHKUS,X\n", "DEXHKUS.csv", "columns are"),
        (b"day,DEXHKUS\n", "DEXHKUS.csv", "columns are"),
        (b"", "DEXHKUS.csv", "columns are"),
        (b"<!DOCTYPE html>\n<html></html>\n", "DEXHKUS.csv", "columns are"),
        (b"\xff\xfe", "DEXHKUS.csv", "not a CSV file"),
        (b"observation_date,DEXHKUS\n2025-02-30,7.8\n", "DEXHKUS.csv", "line 2: date is"),
        (b"observation_date,DEXHKUS\n20250214,7.8\n", "DEXHKUS.csv", "line 2: date is"),
        (b"observation_date,DEXHKUS\n2025-02-14,n.a.\n", "DEXHKUS.csv", "value is 'n.a.'"),
        (b"observation_date,DEXHKUS\n2025-02-14\n", "DEXHKUS.csv", "1 cells instead of 2"),
        (
            b"observation_date,DEXHKUS\n2025-02-14,7.8\n2025-02-14,7.8\n",
            "DEXHKUS.csv",
            "line 3: 2025-02-14 comes twice",
        ),
        (b"observation_date,DFF\n", "DFF.csv", "unknown series 'DFF'"),
    ],
)
def test_a_deviation_from_the_format_is_named(body, key, message):
    with pytest.raises(ParseError, match=message):
        parse(payload(body, key))


@given(st.binary(max_size=100))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


@given(st.text(max_size=20), st.text(max_size=20))
def test_arbitrary_cells_are_read_or_refused(date, value):
    body = f"observation_date,DEXHKUS\n{date},{value}\n".encode("utf-8", "replace")
    with contextlib.suppress(ParseError):
        assert len(rows(body)) <= 1


@given(
    st.dictionaries(
        st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2099, 1, 1)),
        st.none() | st.integers(min_value=-99_999, max_value=999_999),
    )
)
def test_what_is_written_in_the_format_is_read_back(values):
    lines = [
        f"{day},{'' if value is None else f'{value / 10000:.4f}'}" for day, value in values.items()
    ]
    body = "\n".join(["observation_date,DEXHKUS", *lines]).encode()
    expected = {day: value / 10000 for day, value in values.items() if value is not None}
    assert {row["rate_date"]: row["rate_value"] for row in rows(body)} == expected
