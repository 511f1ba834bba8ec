"""Yahoo chart API: bytes that deviate from the format are refused, and by a `ParseError` alone."""

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_lake.tables import TABLES
from orchestration.sources.base import ParseError, Payload, Request
from orchestration.sources.yahoo_chart import SOURCE, parse

SAMPLES = Path(__file__).parents[1] / "samples" / "yahoo_chart"
VALID = json.loads((SAMPLES / "0700.HK.json").read_bytes())


def payload(body: bytes) -> Payload:
    day = dt.date(2024, 12, 23)
    request = Request(SOURCE.name, "0700.HK.json", "https://example.test/", day, day)
    return Payload(request, body, 200, {}, dt.datetime(2025, 1, 1, tzinfo=dt.UTC), False)


def result_of(answer: dict[str, Any]) -> dict[str, Any]:
    return answer["chart"]["result"][0]


def quote_of(answer: dict[str, Any]) -> dict[str, Any]:
    return result_of(answer)["indicators"]["quote"][0]


def broken(change: Any) -> bytes:
    answer = copy.deepcopy(VALID)
    change(answer)
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: quote_of(a).pop("low"), "missing quote column 'low'"),
        (lambda a: quote_of(a).update(vwap=[1, 2, 3, 4]), "unknown quote column 'vwap'"),
        (lambda a: quote_of(a)["high"].pop(), "high has 3 elements where timestamp has 4"),
        (lambda a: quote_of(a)["open"].__setitem__(0, "1.0"), "row 0 .2024-12-23. open: is '1.0'"),
        (lambda a: quote_of(a)["volume"].__setitem__(0, 1.5), "volume: is 1.5, not a whole number"),
        (lambda a: quote_of(a)["open"].__setitem__(0, float("nan")), "NaN"),
        (lambda a: quote_of(a)["open"].__setitem__(0, 10**400), "too large"),
        (lambda a: quote_of(a)["volume"].__setitem__(0, 2**63), "64 bits"),
        (lambda a: result_of(a)["timestamp"].__setitem__(1, 1734917400), "2024-12-23 comes twice"),
        (lambda a: result_of(a)["timestamp"].__setitem__(1, 1734917400000), "no time between"),
        (lambda a: result_of(a).update(extra=1), "unknown field 'extra'"),
        (lambda a: result_of(a)["meta"].pop("currency"), "currency: is None"),
        (lambda a: result_of(a)["meta"].update(symbol="9988.HK"), "answer is about '9988.HK'"),
        (lambda a: result_of(a)["events"].update(mergers={}), "unknown kind of event 'mergers'"),
        (
            lambda a: result_of(a)["events"]["splits"]["1735522200"].update(denominator=0),
            "is no split",
        ),
        (
            lambda a: result_of(a)["events"]["splits"].update(again={**SPLIT}),
            "two splits on 2024-12-30",
        ),
        (
            lambda a: result_of(a)["events"]["dividends"].update(
                again={"amount": 1, "date": 1734917400, "currency": "USD"}
            ),
            "two currencies",
        ),
        (lambda a: a["chart"].update(result=[]), "0 results"),
    ],
)
def test_a_deviation_from_the_format_is_named(change, message):
    with pytest.raises(ParseError, match=message):
        parse(payload(broken(change)))


SPLIT = {"date": 1735522200, "numerator": 2, "denominator": 1}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"Too Many Requests\r\n", "is not JSON, it begins with 'Too Many Requests"),
        (b"<!DOCTYPE html><html></html>", "is not JSON"),
        (b"", "is not JSON"),
        (b"[]", "is list, not an object"),
        ((SAMPLES / "not_found.json").read_bytes(), "'Not Found': 'No data found"),
    ],
)
def test_bytes_that_are_no_chart_are_refused_with_what_they_are(body, message):
    with pytest.raises(ParseError, match=message):
        parse(payload(body))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


def paths_of(value: Any, path: tuple = ()) -> list[tuple]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, child in items:
        found.append((*path, key))
        if isinstance(child, dict | list):
            found.extend(paths_of(child, (*path, key)))
    return found


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.floats(),
    st.text(max_size=5),
    st.just("\ud800"),
    st.just([]),
    st.just({}),
    st.just([[1]]),
)


@settings(max_examples=300)
@given(st.sampled_from(paths_of(VALID)), JUNK, st.booleans())
def test_a_valid_answer_with_one_field_replaced_or_removed_is_read_or_refused(path, junk, remove):
    answer = copy.deepcopy(VALID)
    parent: Any = answer
    for step in path[:-1]:
        parent = parent[step]
    if remove:
        del parent[path[-1]]
    else:
        parent[path[-1]] = junk
    try:
        tables = parse(payload(json.dumps(answer).encode()))
    except ParseError:
        return
    assert {name: table.schema for name, table in tables.items()} == {
        name: TABLES[name].schema for name in SOURCE.tables
    }
