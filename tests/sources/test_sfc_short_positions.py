"""SFC short positions: what is asked, how the CSV is read, what is refused, the sandbox's files."""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables.short_positions_weekly import SHORT_POSITIONS_WEEKLY
from orchestration import calendar
from orchestration.sandbox.market import Market
from orchestration.sandbox.sfc_short_positions import HOSTS, render, route
from orchestration.sandbox.share_counts import issued_shares
from orchestration.sources.base import ParseError, Payload
from orchestration.sources.sfc_short_positions import COLUMNS, SOURCE, parse, requests

SAMPLES = Path(__file__).parents[1] / "samples" / "sfc_short_positions"
DAY = dt.date(2024, 8, 30)
FILE = (SAMPLES / "2024-08-30.csv").read_text()
HEADER = ",".join(COLUMNS)


def payload(body: bytes, day: dt.date = DAY) -> Payload:
    return Payload(requests([day])[0], body, 200, {}, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), False)


def rows(text: str, day: dt.date = DAY) -> list[dict]:
    return parse(payload(text.encode(), day))["short_positions_weekly"].to_pylist()


@cache
def market() -> Market:
    return Market()


def test_each_reporting_date_is_one_file_a_week():
    weeks = calendar.sessions(SOURCE.calendar, dt.date(2025, 1, 20), dt.date(2025, 2, 14))
    asked = requests(weeks)
    assert [request.key for request in asked] == [
        "2025-01-24.csv",
        "2025-01-28.csv",
        "2025-02-07.csv",
        "2025-02-14.csv",
    ]
    assert asked[-1].url.endswith(
        "/spr/2025/02/14/Short_Position_Reporting_Aggregated_Data_20250214.csv"
    )
    assert requests([dt.date(2012, 8, 24)]) == []


def test_positions_are_read_with_padded_codes_in_shares_and_hkd():
    found = rows(FILE)
    assert len(found) == 6
    assert found[1] == {
        "position_date": DAY,
        "security_code": "00700",
        "security_name": "SECOND INVENTED",
        "short_position_shares": 30_000_000,
        "short_position_hkd": 11_400_000_000,
    }


def test_trap_14_a_value_of_n_a_is_null_and_the_shares_are_kept():
    suspended = rows(FILE)[5]
    assert (suspended["short_position_shares"], suspended["short_position_hkd"]) == (
        1_000_000,
        None,
    )


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.18734E+11", 118_734_000_000),
        ("1.1400E+10", 11_400_000_000),
        ("1.23456E+05", 123_456),
        ('"11,400,000,000"', 11_400_000_000),
        ("$ 5", 5),
        ('"$ 1,234"', 1_234),
        ('" 1,234 "', 1_234),
    ],
)
def test_trap_14_spreadsheet_damage_of_a_value_is_read_where_it_can_be(printed, value):
    assert rows(FILE.replace("11400000000", printed))[1]["short_position_hkd"] == value


def test_trap_14_thousands_separators_of_shares_are_read():
    text = FILE.replace("30000000,", '"30,000,000",')
    assert rows(text)[1]["short_position_shares"] == 30_000_000


@pytest.mark.parametrize("printed", ["3.0E+07", "3.00000E+07", "3E7", "1.18734E+11"])
def test_trap_14_scientific_notation_of_shares_is_refused(printed):
    with pytest.raises(ParseError, match="line 3 .*Shares.*: is .*lost digits, shares must be"):
        rows(FILE.replace("30000000,", f"{printed},"))


@pytest.mark.parametrize("printed", ["1.2E+11", "1E11", "1.234E+11", "1.18734E-02", "1.18734E+18"])
def test_trap_14_a_value_of_fewer_than_five_digits_or_too_large_is_refused(printed):
    with pytest.raises(ParseError, match="line 3 .*HK.*fewer than five digits, or too large"):
        rows(FILE.replace("11400000000", printed))


def test_byte_order_mark_windows_line_ends_and_column_order_change_nothing():
    assert rows("\ufeff" + FILE.replace("\n", "\r\n")) == rows(FILE)
    lines = [line.split(",") for line in FILE.splitlines()]
    turned = "\n".join(",".join(cells[::-1]) for cells in lines)
    assert rows(turned) == rows(FILE)


PAGE = "<!DOCTYPE html>\n<html><body>Page not found</body></html>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PAGE, "is HTML, not CSV"),
        ("\ufeff\r\n" + PAGE, "is HTML, not CSV"),
        ("", "missing column 'Date'"),
        (HEADER + "\n", "holds no positions"),
        ('{"error": 500}', "unknown column"),
        (FILE.replace("Stock Name", "Name"), "unknown column 'Name'"),
        (FILE.replace(",Stock Name", "", 1), "missing column 'Stock Name'"),
        (FILE.replace("Stock Name", "Stock Code"), "missing column 'Stock Name'"),
        (FILE.replace("(HK$)", "(HK$),Date"), "a column comes twice"),
        (FILE.replace("(HK$)", "(HK$ mn)"), "unknown column"),
        (FILE.replace("30/08/2024", "23/08/2024"), "line 2 Date: is 2024-08-23, asked was"),
        (FILE.replace("30/08/2024,700", "31/08/2024,700"), "line 3 Date: is 2024-08-31"),
        (FILE.replace("30/08/2024", "08/30/2024"), "line 2 Date: is '08/30/2024'"),
        (FILE.replace("30/08/2024", "2024-08-30"), "line 2 Date: is '2024-08-30'"),
        (FILE.replace(",700,", ",5,"), "line 3: security 00005 comes twice"),
        (FILE.replace(",700,", ",seven,"), "line 3 Stock Code: is 'seven'"),
        (FILE.replace("SECOND INVENTED", ""), "line 3 Stock Name: is empty"),
        (FILE.replace("30000000,", "1,234,"), "line 3: has 6 cells instead of 5"),
        (FILE.replace("30000000,", "$ 5,"), "line 3 .*Shares.*: is .* not a whole number"),
        (FILE.replace("30000000,", "n.a.,"), "line 3 .*Shares.*: is 'n.a.'"),
        (FILE.replace("30000000,", "-5,"), "line 3 .*Shares.*: is '-5'"),
        (FILE.replace("30000000,", "9" * 19 + ","), "line 3 .*Shares"),
        (FILE.replace("11400000000", "nan"), "line 3 .*HK.*: is 'nan'"),
        (FILE.replace("11400000000", "=1+1"), "line 3 .*HK.*: is '=1.1'"),
        (FILE.replace("11400000000", ""), "line 3 .*HK.*: is ''"),
        (FILE[:-8], "line 7: has"),
    ],
)
def test_a_deviation_of_the_file_is_named(text, message):
    assert text != FILE
    with pytest.raises(ParseError, match=message):
        rows(text)


@pytest.mark.parametrize("encoding", ["utf-16", "big5"])
def test_another_encoding_is_refused(encoding):
    with pytest.raises(ParseError):
        parse(payload(FILE.replace("FIRST", "公司").encode(encoding)))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


@given(st.integers(0, len(FILE) - 1), st.integers(0, 9), st.text(max_size=5))
def test_a_file_with_a_damaged_place_is_read_or_refused(start, length, junk):
    text = FILE[:start] + junk + FILE[start + length :]
    try:
        table = parse(payload(text.encode("utf-8", "replace")))["short_positions_weekly"]
    except ParseError:
        return
    assert table.schema == SHORT_POSITIONS_WEEKLY.schema


@given(
    st.dictionaries(
        st.integers(1, 99_999),
        st.tuples(st.integers(0, 10**17), st.none() | st.integers(0, 10**17)),
        min_size=1,
        max_size=6,
    )
)
def test_positions_written_in_the_format_are_read_back(positions):
    lines = [
        f"30/08/2024,{code},NAME {code},{shares},{'n.a.' if value is None else value}"
        for code, (shares, value) in positions.items()
    ]
    found = rows("\n".join([HEADER, *lines, ""]))
    assert {
        int(row["security_code"]): (row["short_position_shares"], row["short_position_hkd"])
        for row in found
    } == positions


WEEKS = calendar.sessions("XHKG_WEEK_END", dt.date(2024, 1, 2), dt.date(2025, 2, 28))


@pytest.mark.parametrize("day", [WEEKS[0], WEEKS[19], WEEKS[-1]])
def test_sandbox_positions_are_a_part_of_the_issued_shares_at_the_close(day):
    (request,) = requests([day])
    found = {
        row["security_code"]: row for row in rows(render(market(), request).body.decode(), day)
    }
    quotes = {quote.code: quote for quote in market().quotes(day)}
    assert set(found) == {item.code for item in market().listings}
    for item in market().listings:
        row = found[item.code]
        assert 0 < row["short_position_shares"] < 0.3 * issued_shares(market(), item, day)
        if not quotes[item.code].is_suspended:
            value = row["short_position_shares"] * quotes[item.code].close
            assert abs(row["short_position_hkd"] - value) <= 1


def test_sandbox_positions_change_from_week_to_week():
    found = [rows(render(market(), requests([day])[0]).body.decode(), day) for day in WEEKS[:5]]
    shares = [tuple(row["short_position_shares"] for row in week) for week in found]
    assert len(set(shares)) == 5


@pytest.mark.parametrize("day", [dt.date(2025, 2, 13), dt.date(2013, 1, 4), dt.date(2099, 1, 2)])
def test_sandbox_answers_a_date_without_a_file_with_html(day):
    answer = render(market(), requests([day])[0])
    assert answer.status == 200
    with pytest.raises(ParseError, match="is HTML"):
        rows(answer.body.decode(), day)


def test_sandbox_address_leads_back_to_the_request():
    (asked,) = requests([WEEKS[0]])
    assert asked.url.startswith(f"https://{HOSTS[0]}/")
    path = asked.url.removeprefix(f"https://{HOSTS[0]}")
    assert route("GET", path, {}, {}) == asked
    assert route("POST", path, {}, {}) is None
    assert route("GET", path.replace("/2024/01/", "/2024/02/"), {}, {}) is None
    assert route("GET", path.replace("0105", "0199").replace("/05/", "/99/"), {}, {}) is None
