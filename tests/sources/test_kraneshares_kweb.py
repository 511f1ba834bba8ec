"""KraneShares KWEB: what is asked, how holdings and premiums are read, which bytes are refused."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables import TABLES
from orchestration.sources.base import ParseError, Payload, Request
from orchestration.sources.kraneshares_kweb import SOURCE, parse, requests

SAMPLES = Path(__file__).parents[1] / "samples" / "kraneshares_kweb"
DAY = dt.date(2024, 1, 2)
HOLDINGS_KEY = "2024-01-02.holdings.csv"
HOLDINGS = (SAMPLES / HOLDINGS_KEY).read_text()


def payload(body: bytes, key: str = HOLDINGS_KEY) -> Payload:
    request = Request(SOURCE.name, key, "https://example.test/", DAY, DAY)
    return Payload(request, body, 200, {}, dt.datetime(2024, 1, 3, tzinfo=dt.UTC), False)


def holdings(text: str) -> list[dict]:
    return parse(payload(text.encode()))["etf_holdings"].to_pylist()


def premiums(value: object) -> list[dict]:
    return parse(payload(json.dumps(value).encode(), "premium.json"))["etf_nav"].to_pylist()


def test_each_session_has_a_holdings_file_and_the_range_one_premium_history():
    asked = requests([DAY, dt.date(2024, 1, 3)])
    assert [request.key for request in asked] == [
        HOLDINGS_KEY,
        "2024-01-03.holdings.csv",
        "premium.json",
    ]
    assert asked[0].url == "https://kraneshares.com/csv/01_02_2024_kweb_holdings.csv"
    assert asked[2].params["start"] == "2024-01-02"
    assert asked[2].params["end"] == "2024-01-03"
    assert (asked[2].first_session, asked[2].last_session) == (DAY, dt.date(2024, 1, 3))
    assert requests([]) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n1,", "\n 01 ,"),
        ("60.25", " 60.25 "),
        (",.25,", ",0.25,"),
        (",,,", ",-,--,"),
        ("FIRST INVENTED LTD", " FIRST INVENTED LTD"),
        ("\n2,", "\n\n2,"),
    ],
)
def test_a_file_that_is_printed_otherwise_is_read_to_the_same(old, new):
    plain = HOLDINGS.replace(",.25,", ",0.25,")
    assert old in HOLDINGS
    assert holdings(plain) == holdings(plain.replace(old, new)) == holdings(HOLDINGS)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('2,"SECOND', '1,"SECOND', "line 4: rank 1 comes twice"),
        ('2,"SECOND', '40000,"SECOND', "line 4 Rank: is '40000'"),
        ('2,"SECOND', '0,"SECOND', "line 4 Rank: is '0'"),
        ('"Cash"', '" "', "line 5 Company Name: is empty"),
        ("39.50", "3,9.50", "line 4: has 8 cells"),
        ("39.50", "39.5.0", "line 4 % of Net Assets: is '39.5.0'"),
        ('"5,297,745"', '"5,2977,45"', "line 4 Shares Held: is '5,2977,45'"),
        ('"197,500,000"', '"1e9"', "line 4 Market Value...: is '1e9'"),
    ],
)
def test_a_deviation_in_a_file_that_is_otherwise_plain_is_named(old, new, message):
    plain = HOLDINGS.replace(",.25,", ",0.25,")
    assert old in plain
    with pytest.raises(ParseError, match=message):
        holdings(plain.replace(old, new))


def test_holdings_are_read_with_units_and_the_cash_line_has_no_ticker():
    found = holdings(HOLDINGS)
    assert found[0] == {
        "holding_date": DAY,
        "fund_symbol": "KWEB",
        "line_number": 1,
        "holding_name": "FIRST INVENTED LTD",
        "ticker": "700",
        "identifier": "KYG000000001",
        "weight_pct": 60.25,
        "shares_held": 9_923_675.0,
        "market_value_usd": 301_250_000.0,
    }
    assert found[1]["holding_name"] == "SECOND, INC ADR"
    cash = found[2]
    assert (cash["ticker"], cash["identifier"], cash["weight_pct"]) == (None, None, 0.25)


@pytest.mark.parametrize(
    ("old", "new", "column", "expected"),
    [
        (',.25,,,"1,250,000"', ',-0.25,-,-,"-1,250,000"', "shares_held", -1_250_000.0),
        (',.25,,,"1,250,000"', ',-0.25,-,-,"-1,250,000"', "ticker", None),
        (',.25,,,"1,250,000"', ',.25,,,"1250000.75"', "shares_held", 1_250_000.75),
    ],
)
def test_negative_cash_dashes_and_fractions_are_read(old, new, column, expected):
    assert holdings(HOLDINGS.replace(old, new))[2][column] == expected


def test_columns_are_found_by_name_not_by_place():
    lines = [line.split(",") for line in ("Ticker,Rank", "ABC,1")]
    rest = ["Company Name", "% of Net Assets", "Identifier", "Shares Held", "Market Value($)"]
    title = HOLDINGS.splitlines()[0]
    text = "\n".join([title, ",".join(lines[0] + rest), ",".join([*lines[1], "N,1.5,I,2,3"])])
    row = holdings(text)[0]
    assert (row["ticker"], row["line_number"], row["weight_pct"]) == ("ABC", 1, 1.5)


def test_byte_order_mark_and_windows_line_ends_change_nothing():
    assert holdings("\ufeff" + HOLDINGS.replace("\n", "\r\n")) == holdings(HOLDINGS)


def test_premiums_are_read_as_ratios_and_a_null_is_no_row():
    body = (SAMPLES / "premium.json").read_bytes()
    tables = parse(payload(body, "premium.json"))
    assert tables["etf_nav"].to_pylist() == [
        {
            "nav_date": day,
            "fund_symbol": "KWEB",
            "currency": "USD",
            "nav_per_share": None,
            "premium_ratio": ratio,
        }
        for day, ratio in [(DAY, -0.013070608), (dt.date(2024, 1, 3), 0.0021)]
    ]
    assert tables["etf_holdings"].num_rows == 0


def test_an_empty_premium_list_gives_two_empty_tables():
    tables = parse(payload(b"[]", "premium.json"))
    assert all(table.num_rows == 0 for table in tables.values())
    assert all(table.schema == TABLES[name].schema for name, table in tables.items())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("As of 2024-01-02", "As of 2023-12-29", "as of 2023-12-29, asked was 2024-01-02"),
        ("As of 2024-01-02", "As of today", "title is"),
        ("KWEB Holdings", "KLIP Holdings", "title is"),
        ("Identifier", "SEDOL", "unknown column 'SEDOL'"),
        (',"Shares Held"', "", "missing column 'Shares Held'"),
        (",Identifier", ",Ticker", "missing column 'Identifier'"),
        ('2,"SECOND', '1,"SECOND', "line 4: rank 1 comes twice"),
        ('2,"SECOND', ',"SECOND', "line 4 Rank: is ''"),
        ('2,"SECOND', '40000,"SECOND', "Rank: is '40000'"),
        ('"FIRST INVENTED LTD"', '""', "Company Name: is empty"),
        (",60.25,", ",n/a,", "% of Net Assets: is 'n/a'"),
        (",60.25,", ",,", "% of Net Assets: is ''"),
        ('"301,250,000"', '"301,25,000"', "line 3 Market Value...: is '301,25,000'"),
        (",KYG000000001", "", "line 3: has 6 cells instead of 7"),
        ('"FIRST INVENTED LTD"', '"FIRST" INVENTED LTD', "not a CSV file"),
    ],
)
def test_a_deviation_of_the_holdings_file_is_named(old, new, message):
    assert old in HOLDINGS
    with pytest.raises(ParseError, match=message):
        holdings(HOLDINGS.replace(old, new))


def test_a_column_that_comes_twice_is_refused():
    text = HOLDINGS.replace('"Market Value($)"', '"Market Value($)",Rank')
    with pytest.raises(ParseError, match="comes twice"):
        holdings(text)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, "not an array"),
        ([[1704153600000]], "element 0: has 1 values"),
        ([[1704153600000, "0.1"]], "premium: is '0.1', not a number"),
        ([[1704153600, 0.1]], "no time from 2013 to 2100"),
        ([["2024-01-02", 0.1]], "time: is '2024-01-02'"),
        ([[1704153600000, 0.1], [1704153600001, 0.1]], "element 1: 2024-01-02 comes twice"),
    ],
)
def test_a_deviation_of_the_premium_history_is_named(value, message):
    with pytest.raises(ParseError, match=message):
        premiums(value)


@pytest.mark.parametrize(
    ("body", "key", "message"),
    [
        (b"<!DOCTYPE html>\n<html>\n</html>", HOLDINGS_KEY, "title is"),
        (b"\xff\xfe\n\n", HOLDINGS_KEY, "not a CSV file"),
        (b"", HOLDINGS_KEY, "no holdings below"),
        (b"<html></html>", "premium.json", "is not JSON"),
        (b"[]", "other.json", "unknown key"),
    ],
)
def test_other_bytes_and_keys_are_refused(body, key, message):
    with pytest.raises(ParseError, match=message):
        parse(payload(body, key))


@given(st.binary(max_size=100))
def test_arbitrary_holdings_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


@given(st.integers(0, len(HOLDINGS) - 1), st.integers(0, 5), st.text(max_size=5))
def test_a_holdings_file_with_a_damaged_place_is_read_or_refused(start, length, junk):
    text = HOLDINGS[:start] + junk + HOLDINGS[start + length :]
    try:
        tables = parse(payload(text.encode("utf-8", "replace")))
    except ParseError:
        return
    assert tables["etf_holdings"].schema == TABLES["etf_holdings"].schema


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=10,
)


@given(JSON_VALUES)
def test_arbitrary_json_in_place_of_premiums_is_read_or_refused(value):
    try:
        premiums(value)
    except ParseError:
        return
    assert isinstance(value, list)


@given(
    st.dictionaries(
        st.dates(min_value=dt.date(2013, 8, 1), max_value=dt.date(2099, 1, 1)),
        st.floats(min_value=-0.5, max_value=0.5),
    )
)
def test_premiums_written_in_the_format_are_read_back(values):
    midnight = {
        day: int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()) * 1000 for day in values
    }
    rows = premiums([[midnight[day], ratio] for day, ratio in values.items()])
    assert {row["nav_date"]: row["premium_ratio"] for row in rows} == values
