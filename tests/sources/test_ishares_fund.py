"""iShares funds: what is asked, how the workbook is read, which bytes are refused."""

import datetime as dt
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables.etf_nav import ETF_NAV
from data_lake.tables.etf_shares import ETF_SHARES
from orchestration import calendar
from orchestration.sandbox import ishares_fund as sandbox
from orchestration.sandbox.funds import CREATION_UNIT
from orchestration.sandbox.market import Market
from orchestration.sources.base import ParseError, Payload, Request
from orchestration.sources.ishares_fund import MONTHS, PORTFOLIOS, SOURCE, parse, requests

SAMPLE = (Path(__file__).parents[1] / "samples" / "ishares_fund" / "FXI.xls").read_text("utf-8")
DAY = dt.date(2026, 7, 10)
SPREADSHEET = 'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
BOMB = "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def payload(body: bytes, key: str = "FXI.xls") -> Payload:
    request = Request(SOURCE.name, key, "https://example.test/", DAY, DAY)
    return Payload(request, body, 200, {}, dt.datetime(2026, 7, 11, tzinfo=dt.UTC), False)


def read(text: str, key: str = "FXI.xls") -> tuple[list[dict], list[dict]]:
    tables = parse(payload(text.encode(), key))
    return tables["etf_shares"].to_pylist(), tables["etf_nav"].to_pylist()


def workbook(header: list[str], rows: list[list[str]], sheet: str = "Historical") -> str:
    lines = "".join(
        "<ss:Row>"
        + "".join(f'<ss:Cell><ss:Data ss:Type="String">{c}</ss:Data></ss:Cell>' for c in cells)
        + "</ss:Row>"
        for cells in [header, *rows]
    )
    return (
        f'<ss:Workbook {SPREADSHEET}><ss:Worksheet ss:Name="{sheet}">'
        f"<ss:Table>{lines}</ss:Table></ss:Worksheet></ss:Workbook>"
    )


HEADER = ["As Of", "NAV per Share", "Ex-Dividends", "Shares Outstanding"]


def test_each_fund_is_asked_once_over_the_whole_range():
    asked = requests([dt.date(2025, 2, 13), dt.date(2025, 2, 18)])
    assert [request.key for request in asked] == ["FXI.xls", "MCHI.xls"]
    assert [request.params["portfolioId"] for request in asked] == ["239536", "239619"]
    assert {request.params["asOfDate"] for request in asked} == {"20250218"}
    assert asked[0].first_session == dt.date(2025, 2, 13)
    assert requests([]) == []


def test_shares_and_values_are_read_and_dashes_are_no_rows():
    shares, values = read(SAMPLE)
    assert shares[0] == {
        "share_date": DAY,
        "fund_symbol": "FXI",
        "exchange_calendar": "XNYS",
        "currency": "USD",
        "shares_outstanding": 81_900_000.0,
    }
    assert [(row["share_date"].day, row["shares_outstanding"]) for row in shares] == [
        (10, 81_900_000.0),
        (9, 82_000_000.0),
        (7, 82_050_000.0),
    ]
    assert [(row["nav_date"].day, row["nav_per_share"]) for row in values] == [
        (10, 33.125),
        (9, 33.5),
        (8, 33.75),
    ]
    assert values[0]["premium_ratio"] is None
    assert (values[0]["fund_symbol"], values[0]["currency"]) == ("FXI", "USD")


def test_bare_ampersands_and_the_byte_order_mark_change_nothing():
    assert "a=1&b=2&amp;c=3" in SAMPLE
    assert SAMPLE.startswith("\ufeff")
    repaired = SAMPLE.removeprefix("\ufeff").replace("1&b", "1&amp;b").replace("&copy;", "(c)")
    assert read(repaired.replace("Invented & Sons", "Invented")) == read(SAMPLE)


@pytest.mark.parametrize("extra", ["Index Level", "Non-FV NAV"])
@pytest.mark.parametrize("place", [1, 4])
def test_a_known_extra_column_moves_no_figure(extra, place):
    row = ["Jul 10, 2026", "33.1", "--", "81900000"]
    header, cells = [*HEADER], [*row]
    header.insert(place, extra)
    cells.insert(place, "1000")
    assert read(workbook(header, [cells])) == read(workbook(HEADER, [row]))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Shares Outstanding", "Units", "unknown column 'Units'"),
        ("Ex-Dividends", "As Of", "missing column 'Ex-Dividends'"),
        ('ss:Name="Historical"', 'ss:Name="History"', "no sheet 'Historical'"),
        ('ss:Name="Disclaimers"', 'ss:Name="Historical"', "'Historical' comes twice"),
        ("Jul 10, 2026", "10 Jul 2026", "row 2 As Of: is '10 Jul 2026'"),
        ("Jul 10, 2026", "Jul 32, 2026", "As Of: is 'Jul 32, 2026'"),
        ("Jul 10, 2026", "07/10/2026", "expected a date like"),
        ("Jul 10, 2026", "Jul 09, 2026", "2026-07-09 comes twice"),
        ("81900000", "81.9m", "Shares Outstanding: is '81.9m', not a number"),
        ("81900000", "81,90,000", "is '81,90,000', not a number"),
        ("33.125", "NaN", "NAV per Share: is 'NaN'"),
        ("<ss:Cell>\n", '<ss:Cell ss:Index="3">\n', "skips cells"),
        ("</ss:Workbook>", "", "is not XML"),
        ("ss:Workbook", "ss:Werkbook", "not a SpreadsheetML workbook"),
    ],
)
def test_a_deviation_from_the_format_is_named(old, new, message):
    assert old in SAMPLE
    place = SAMPLE.index('ss:Name="Historical"') if old.startswith("<ss:Cell") else 0
    text = SAMPLE[:place] + SAMPLE[place:].replace(old, new)
    with pytest.raises(ParseError, match=message):
        read(text)


def test_a_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ParseError, match="row 2: has 3 cells instead of 4"):
        read(workbook(HEADER, [["Jul 10, 2026", "33.1", "81900000"]]))


def test_a_history_without_days_is_refused():
    with pytest.raises(ParseError, match="holds no day"):
        read(workbook(HEADER, []))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "is not XML"),
        (b"<!DOCTYPE html><html></html>", "declares a document type"),
        (b"<html><body>Please log in</body></html>", "XML of 'html'"),
        (b'{"message":"Forbidden"}', "is not XML"),
        (b"\x00\x00\x00", "is not XML"),
        (SAMPLE.encode("utf-16"), "is not UTF-8"),
        (SAMPLE.encode()[: len(SAMPLE) // 2], "is not XML"),
        (f"<!DOCTYPE x [<!ENTITY a 'a'>{BOMB}]><x>&i;</x>".encode(), "document type or an entity"),
        (
            b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><x>&f;</x>",
            "document type or an entity",
        ),
        (b"<!DOCTYPE x SYSTEM 'http://example.test/x.dtd'><x/>", "document type or an entity"),
    ],
)
def test_other_bytes_and_hostile_documents_are_refused(body, message):
    with pytest.raises(ParseError, match=message):
        parse(payload(body))


def test_another_key_is_refused():
    with pytest.raises(ParseError, match="unknown key, expected one of FXI.xls, MCHI.xls"):
        read(SAMPLE, "EEM.xls")


def test_other_sheets_do_not_fill_the_memory():
    row = '<ss:Row><ss:Cell><ss:Data ss:Type="Number">1</ss:Data></ss:Cell></ss:Row>'
    other = f'<ss:Worksheet ss:Name="Holdings"><ss:Table>{row * 40_000}</ss:Table></ss:Worksheet>'
    start = f"<ss:Workbook {SPREADSHEET}>"
    text = workbook(HEADER, [["Jul 10, 2026", "33.1", "--", "1"]]).replace(start, start + other)
    body = text.encode()
    tracemalloc.start()
    parse(payload(body))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(body)  # the bytes, the repaired bytes and one row: never a tree


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


@given(st.integers(0, len(SAMPLE) - 1), st.integers(0, 8), st.text(max_size=6))
def test_a_workbook_with_a_damaged_place_is_read_or_refused(start, length, junk):
    text = SAMPLE[:start] + junk + SAMPLE[start + length :]
    try:
        tables = parse(payload(text.encode("utf-8", "replace")))
    except ParseError:
        return
    assert tables["etf_shares"].schema == ETF_SHARES.schema
    assert tables["etf_nav"].schema == ETF_NAV.schema


@given(
    st.dictionaries(
        st.dates(dt.date(2004, 1, 1), dt.date(2099, 1, 1)),
        st.tuples(st.none() | st.integers(1, 10**9), st.none() | st.integers(1, 10**12)),
        min_size=1,
    )
)
def test_a_history_written_in_the_format_is_read_back(history):
    rows = [
        [
            f"{MONTHS[day.month - 1]} {day.day:02d}, {day.year}",
            "--" if nav is None else f"{nav / 1e6:.6f}",
            "--",
            "--" if shares is None else f"{shares:,}",
        ]
        for day, (nav, shares) in history.items()
    ]
    counted, valued = read(workbook(HEADER, rows))
    assert {row["share_date"]: row["shares_outstanding"] for row in counted} == {
        day: shares for day, (_, shares) in history.items() if shares is not None
    }
    assert {row["nav_date"]: row["nav_per_share"] for row in valued} == {
        day: pytest.approx(nav / 1e6) for day, (nav, _) in history.items() if nav is not None
    }


@pytest.mark.parametrize("fund", PORTFOLIOS)
def test_the_sandboxs_document_is_the_markets_fund(fund):
    market, last = Market(), dt.date(2025, 2, 14)
    request = next(r for r in requests([dt.date(2025, 2, 3), last]) if r.key == f"{fund}.xls")
    answer = sandbox.render(market, request)
    shares, values = read(answer.body.decode(), request.key)
    days = [day for day in calendar.all_sessions("XNYS") if calendar.CONNECT_START <= day <= last]
    assert [row["share_date"] for row in shares] == days[::-1]
    for row, value in zip(shares[:50], values[:50], strict=True):
        found = market.fund_day(fund, row["share_date"])
        assert row["shares_outstanding"] == found.shares_outstanding
        assert row["shares_outstanding"] % CREATION_UNIT == 0
        assert value["nav_per_share"] == round(found.nav_usd, 6)


def test_an_address_leads_back_to_the_request_and_others_lead_nowhere():
    for request in requests([dt.date(2025, 2, 14)]):
        path = "/varnish-api/" + request.url.partition("/varnish-api/")[2]
        again = sandbox.route("GET", path, request.params, {})
        assert (again, again.fingerprint) == (request, request.fingerprint)
        assert sandbox.route("POST", path, request.params, {}) is None
        assert sandbox.route("GET", path, {**request.params, "portfolioId": "1"}, {}) is None
        assert sandbox.route("GET", path, {**request.params, "asOfDate": "today"}, {}) is None
    wrong = Request(SOURCE.name, "x", request.url, DAY, DAY, params={"portfolioId": "1"})
    assert sandbox.render(Market(), wrong).status == 404
