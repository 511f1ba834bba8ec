"""How the daily quotation sheet is read, with every trap of its print undone."""

import datetime as dt
import time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_lake.tables import TABLES
from orchestration.sources.base import PUBLISHED_ON, ParseError, Payload
from orchestration.sources.hkex_quotation_sheet import SOURCE

SAMPLES = Path(__file__).parents[1] / "samples" / "hkex_quotation_sheet"
DAY = dt.date(2025, 4, 9)
DAY_BEFORE = dt.date(2025, 4, 8)
BODY = (SAMPLES / "2025-04-09.htm").read_bytes().replace(b"\n", b"\r\n")
TYPHOON = b"""<pre><font size="1">DATE: 09 APR 2025 (WEDNESDAY)
<a name = "quotations">QUOTATIONS</a>
  NO TRADING DUE TO TYPHOON
</font></pre></body></html>"""


def read(body: bytes, day: dt.date = DAY):
    (request,) = SOURCE.requests([day])
    fetched = dt.datetime(2025, 4, 10, tzinfo=dt.UTC)
    tables = SOURCE.parse(Payload(request, body, 200, {}, fetched, is_synthetic=False))
    published = pa.field(PUBLISHED_ON, pa.date32())
    assert tables["quotations"].schema.equals(TABLES["quotations"].schema)
    assert tables["short_selling"].schema.equals(TABLES["short_selling"].schema.append(published))
    return {name: table.to_pylist() for name, table in tables.items()}


def quoted(body: bytes = BODY) -> dict[str, dict]:
    return {row["security_code"]: row for row in read(body)["quotations"]}


def sold(is_adjustment: bool, body: bytes = BODY) -> dict[str, dict]:
    rows = read(body)["short_selling"]
    return {r["security_code"]: r for r in rows if r["is_adjustment"] is is_adjustment}


def refused(body: bytes, day: dt.date = DAY) -> str:
    with pytest.raises(ParseError) as error:
        read(body, day)
    return str(error.value)


def test_each_session_is_one_request_for_its_dated_sheet():
    (request,) = SOURCE.requests([dt.date(2024, 1, 2)])
    assert request.key == "2024-01-02.htm"
    assert request.url.endswith("/eng/stat/smstat/dayquot/d240102e.htm")


def test_both_lines_of_a_counter_become_one_row():
    assert quoted()["00700"] == {
        "trade_date": DAY,
        "security_code": "00700",
        "security_name": "TENCENT",
        "currency": "HKD",
        "previous_close": Decimal("428.000"),
        "close_price": Decimal("435.200"),
        "high_price": Decimal("438.200"),
        "low_price": Decimal("421.000"),
        "traded_shares": 50_123_400,
        "turnover_amount": 21_600_000_000,
        "is_suspended": False,
    }


def test_warrants_and_cbbcs_are_left_out_and_all_other_counters_kept():
    codes = "00005 00066 00293 00700 00950 01001 01234 01235 02222 09008 80700"
    assert " ".join(quoted()) == codes


def test_trap_13_an_escaped_ampersand_does_not_shift_the_columns():
    row = quoted()["00950"]
    assert (row["security_name"], row["previous_close"]) == ("BOOTS & GLOVES", Decimal("0.415"))
    assert sold(False)["00950"]["security_name"] == "BOOTS & GLOVES"


def test_foreign_currency_counters_keep_their_currency():
    assert quoted()["80700"]["currency"] == "CNY"
    assert quoted()["09008"]["currency"] == "USD"


@pytest.mark.parametrize("code", ["01234", "01235"])
def test_a_suspended_counter_has_a_row_without_prices(code):
    row = quoted()[code]
    assert row["is_suspended"]
    assert row["close_price"] is row["traded_shares"] is None


def test_a_suspension_during_the_day_keeps_its_prices():
    row = quoted()["01001"]
    assert (row["is_suspended"], row["close_price"]) == (True, Decimal("1.210"))


def test_dashes_and_not_available_are_null():
    row = quoted()["02222"]
    assert row["close_price"] == Decimal("5.000")
    assert row["high_price"] is row["traded_shares"] is row["turnover_amount"] is None
    assert not row["is_suspended"]


def test_initial_short_sales_carry_totals_and_the_sheets_own_date():
    row = sold(False)["00293"]
    assert (row["trade_date"], row[PUBLISHED_ON]) == (DAY, DAY)
    assert (row["short_shares"], row["short_turnover_amount"]) == (7_434_000, 64_000_000)
    assert (row["total_shares"], row["total_turnover_amount"]) == (24_245_604, 209_000_000)


def test_restated_short_sales_belong_to_the_session_before():
    adjusted = sold(True)
    assert list(adjusted) == ["00293", "80700"]
    row = adjusted["00293"]
    assert (row["trade_date"], row[PUBLISHED_ON]) == (DAY_BEFORE, DAY)
    assert (row["short_shares"], row["short_turnover_amount"]) == (5_714_000, 49_258_790)
    assert row["total_shares"] is row["total_turnover_amount"] is None


def test_the_session_before_a_long_holiday_is_found_in_the_calendar():
    day = dt.date(2025, 2, 3)
    rows = read(BODY.replace(b"09 APR 2025", b"03 FEB 2025"), day)["short_selling"]
    assert {r["trade_date"] for r in rows if r["is_adjustment"]} == {dt.date(2025, 1, 28)}


@pytest.mark.parametrize(
    ("code", "is_hkd"),
    [("00005", True), ("00700", True), ("00950", True), ("09008", False), ("80700", False)],
)
def test_trap_05_a_percent_sign_with_or_without_a_space_marks_a_counter_not_in_hkd(code, is_hkd):
    assert sold(False)[code]["is_hkd_counter"] is is_hkd


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace(b"\r\n", b"\r\r\n"),
        BODY.replace(b"\r\n", b"\n"),
        BODY.replace(b"  293 CATHAY", b"</font></pre><pre><font size='1'>  293 CATHAY"),
        BODY.replace(b"   24,245,604", b"</font></pre><pre><font size='1'>   24,245,604"),
        BODY.replace(b'<a name = "adj', b'<A NAME="adj'),
        BODY.replace(b"OTHER INFORMATION", b"\xa9 OTHER INFORMATION"),
        BODY.replace(b'<a name = "other_info">OTHER INFORMATION</a>', b""),
    ],
    ids=["doubled CR", "LF", "page break", "page break in row", "anchor style", "latin-1", "last"],
)
def test_trap_13_injected_tags_and_doubled_returns_change_nothing(body):
    assert body != BODY
    assert read(body) == read(BODY)


def test_restated_rows_before_their_anchor_are_found_by_their_heading():
    anchor = b'<a name = "adj_short">PREVIOUS DAY\'S ADJUSTED SHORT SELLING TURNOVER</a>'
    moved = BODY.replace(
        b"-" * 79 + b"\r\n" + anchor, b"PREVIOUS DAY'S ADJUSTED SHORT SELLING TURNOVER"
    )
    moved = moved.replace(
        b'<a name = "other_info">', b'<a name = "adj_short"></a>\r\n<a name = "other_info">'
    )
    assert read(moved) == read(BODY)


@pytest.mark.parametrize("text", [b"NO TRADING DUE TO TYPHOON", b"No trading was recorded"])
def test_a_day_without_trading_gives_empty_tables(text):
    assert read(TYPHOON.replace(b"NO TRADING DUE TO TYPHOON", text)) == {
        "quotations": [],
        "short_selling": [],
    }


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b"DATE: 09 APR 2025", b"", "is HTML, not a quotation sheet"),
        (b"DATE: 09 APR 2025", b"DATE: 08 APR 2025", "08 APR 2025"),
        (b'<a name = "quotations">', b"", "'quotations' is missing"),
        (b'<a name = "short_selling">', b"", "'short_selling' is missing"),
        (b'<a name = "adj_short">', b"", "'adj_short' is missing"),
        (b'<a name = "sales_all">', b'<a name = "new_part">', "unknown section 'new_part'"),
        (b'<a name = "sales_all">', b'<a name = "quotations">', "'quotations' appears twice"),
        (b"       Total Shares (SH):  ", b"        Sum of Shares:      ", "short_selling"),
        (b"428.00   435.40", b"428.00         ", "00700 has not four figures"),
        (b"428.00   435.40", b"4x8.00   435.40", "00700 previous close: '4x8.00'"),
        (b"21,600,000,000\r\n", b"21,60,0000,000\r\n", "00700 turnover"),
        (b"  700 TENCENT          HKD", b"  700 TENCENT             ", "columns 1-28"),
        (b"   66 MTR CORPORATION  HKD", b"    5 MTR CORPORATION  HKD", "00005 appears twice"),
        (b"*  700 TENCENT", b"?  700 TENCENT", "line not understood"),
        (b"5,000,100       2,160,000,000", b"5,000,100                    ", "4 figures"),
        (b"5,714,000          49,258,790", b"5,714,000                    ", "2 figures"),
        (b"49,258,790", b"49,258,790    24,000,000    99,000,000", "2 figures"),
        (b"5,714,000   ", b"5,714,00    ", "00293: '5,714,00'"),
    ],
)
def test_anything_strange_is_refused_with_its_name(old, new, named):
    assert old in BODY
    message = refused(BODY.replace(old, new, 1))
    assert named in message
    assert message.startswith("hkex_quotation_sheet/2025-04-09.htm")


def test_a_list_of_quotations_without_its_end_is_refused():
    end = b"-" * 79 + b"\r\n THE NOTES BELOW EXPLAIN 12 SIGNS\r\n"
    assert "cut short" in refused(BODY.replace(end, b""))


def test_a_sheet_cut_at_any_point_of_what_is_read_is_refused():
    last_needed = BODY.index(b'<a name = "other_info">')
    for end in range(0, last_needed, 97):
        refused(BODY[:end])


def test_a_sheet_without_any_security_is_refused():
    start = BODY.index(b"*    5 HSBC HOLDINGS    HKD")
    end = BODY.index(b"-" * 79, start)
    assert "no security" in refused(BODY[:start] + BODY[end:])


@given(st.binary(max_size=300), st.sampled_from([b"", b"DATE: 09 APR 2025", BODY[:900]]))
def test_arbitrary_bytes_raise_nothing_but_parse_error(noise, start):
    try:
        assert read(start + noise)["quotations"] == []
    except ParseError as error:
        assert str(error).startswith("hkex_quotation_sheet/2025-04-09.htm")


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(BODY) - 1),
    st.integers(0, 40),
    st.one_of(st.binary(max_size=8), st.sampled_from([b"\r", b"<a ", b" 9 ", b"9" * 30, b"\xb2"])),
)
def test_a_damaged_sheet_is_read_or_refused(position, removed, noise):
    try:
        read(BODY[:position] + noise + BODY[position + removed :])
    except ParseError as error:
        assert str(error).startswith("hkex_quotation_sheet/2025-04-09.htm")


def large_sheet(stocks: int, derivatives: int, filler_bytes: int) -> bytes:
    pair = (
        "{flag}{code:>5} {name:<16} HKD   74.50    75.10    76.00           32,109,500\r\n"
        "                              75.00    74.95    74.20        2,413,029,025\r\n"
    )
    listed = [pair.format(flag="*", code=n, name=f"STOCK {n}") for n in range(1, stocks + 1)]
    listed += [
        pair.format(flag=" ", code=20_000 + n, name="MB-TCT @EC2509A") for n in range(derivatives)
    ]
    start, end = (
        BODY.index(b"*    5 HSBC HOLDINGS    HKD"),
        BODY.index(b"-" * 79 + b"\r\n THE NOTES"),
    )
    body = BODY[:start] + "".join(listed).encode() + BODY[end:]
    sale = b"   700 TENCENT           [100-428.40 200-428.60]\r\n"
    return body.replace(sale, sale * (filler_bytes // len(sale)))


def test_a_sheet_of_twenty_thousand_instruments_takes_few_cpu_seconds():
    body = large_sheet(5_000, 15_000, 27_000_000)
    assert len(body) > 29_000_000
    start = time.process_time()
    assert len(read(body)["quotations"]) == 5_000
    assert time.process_time() - start < 5
