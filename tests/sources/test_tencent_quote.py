"""Tencent's quote feed: what is asked, how quotes are read, which bytes are refused."""

import datetime as dt
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables.security_valuations import SECURITY_VALUATIONS
from orchestration.sandbox import tencent_quote as sandbox
from orchestration.sandbox.market import Market
from orchestration.sandbox.share_counts import issued_shares
from orchestration.sources.base import PUBLISHED_ON, ParseError, Payload, Request
from orchestration.sources.tencent_quote import CODES, SOURCE, parse, requests, session_request

DAY = dt.date(2025, 2, 18)
KEY = "2025-02-18.txt"
BODY = (Path(__file__).parents[1] / "samples" / "tencent_quote" / KEY).read_bytes()
TEXT = BODY.decode("gbk")


def payload(body: bytes, key: str = KEY) -> Payload:
    request = Request(SOURCE.name, key, "https://example.test/", DAY, DAY)
    return Payload(request, body, 200, {}, dt.datetime(2025, 2, 18, 9, tzinfo=dt.UTC), False)


def read(text: str) -> list[dict]:
    return parse(payload(text.encode("gbk")))["security_valuations"].to_pylist()


def quote(**fields: str) -> str:
    """Return the sample's first quote with fields (f3="1.0") put in place of its own."""
    start, _, rest = TEXT.splitlines()[0].partition('"')
    cells = rest.removesuffix('";').split("~")
    for name, value in fields.items():
        cells[int(name[1:])] = value
    return f'{start}"{"~".join(cells)}";\n'


@pytest.mark.parametrize("printed", ["+503.5", " 503.500 ", "0,503.5"])
def test_a_figure_that_is_printed_otherwise_is_read_to_the_same(printed):
    assert read(quote(f3=printed)) == read(quote(f3="503.5"))


def test_each_session_is_one_question_about_all_securities():
    asked = requests([dt.date(2025, 2, 17), DAY])
    assert [request.key for request in asked] == ["2025-02-17.txt", KEY]
    assert asked[1].url.startswith("https://qt.gtimg.cn/q=hk00020,hk00241,")
    assert asked[1].url.endswith("&r=20250218")
    assert len(CODES) == 32
    assert {"00700", "01398", "00388", "09988"} < set(CODES)
    assert SOURCE.is_snapshot
    assert requests([]) == []


def test_quotes_are_read_with_units():
    assert read(TEXT)[0] == {
        "trade_date": DAY,
        "security_code": "00700",
        "currency": "HKD",
        "close_price": 500.0,
        "pe_ratio": 25.1,
        "pb_ratio": 4.52,
        "shares_in_issue": 9_200_000_000,
        "market_cap_hkd_mn": 4_600_000.0,
        PUBLISHED_ON: DAY,
    }
    assert [row["security_code"] for row in read(TEXT)] == ["00700", "09866", "09660"]


def test_trap_04_the_feeds_spelling_of_a_code_becomes_five_digits():
    assert "v_hk00700=" in TEXT
    assert all(len(code) == 5 and code.isdigit() for code in CODES)


@pytest.mark.parametrize("printed", ["0", "0.00", "", "-12.30", "-"])
def test_a_loss_has_no_price_earnings_ratio(printed):
    assert read(quote(f39=printed))[0]["pe_ratio"] is None


@pytest.mark.parametrize(("printed", "expected"), [("0", None), ("-3.1", None), ("0.85", 0.85)])
def test_a_book_value_that_is_not_positive_has_no_multiple(printed, expected):
    assert read(quote(f58=printed))[0]["pb_ratio"] == expected


def test_the_disputed_field_is_not_read():
    assert read(quote(f47="anything")) == read(quote())


def test_an_older_quote_keeps_its_date_and_is_published_with_the_session_asked():
    (row,) = read(quote(f30="2025/02/14 16:08:20"))
    assert (row["trade_date"], row[PUBLISHED_ON]) == (dt.date(2025, 2, 14), DAY)
    assert read(quote(f30="2025-02-14 16:08:20")) == [row]


@pytest.mark.parametrize("price", ["0.000", "0", ""])
def test_a_quote_without_a_price_is_no_row(price):
    assert read(quote(f3=price)) == []


def test_an_unknown_security_is_skipped():
    assert read('v_pv_none_match="1";\n') == []
    assert read(quote() + 'v_pv_none_match="1";\n') == read(quote())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (quote(f30="2025/02/19 09:31:00"), "00700: the quote is of 2025-02-19, later than"),
        (quote(f30="20250218160821"), "time: is '20250218160821'"),
        (quote(f30="2025/02/30 16:08:21"), "time: is '2025/02/30 16:08:21'"),
        (quote(f3="5OO"), "price: is '5OO', not a number"),
        (quote(f39="n/a"), "price-earnings ratio: is 'n/a'"),
        (quote(f44="4.6e4"), "market value: is '4.6e4'"),
        (quote(f69="9200000000.50"), "shares in issue: is '9200000000.50', not a whole"),
        (quote(f69="92000000000000000000"), "not a whole number"),
        (quote(f75="CNY"), "currency: is 'CNY'"),
        (quote(f2="09988"), "00700 holds the quote of '09988'"),
        (quote(f77="50~1"), "has 79 fields instead of 78"),
        (quote(f76="1", f77="50").replace("~1~50", "~50"), "has 77 fields"),
        (quote() + quote(), "00700: comes twice"),
        (quote().replace("v_hk", "v_sh"), "expected v_hk<code>="),
        (quote()[:-5], "expected v_hk<code>="),
        ("<!DOCTYPE html><html></html>", "expected v_hk<code>="),
        ("", "is empty"),
        (" \n", "is empty"),
        (";\n;", "is empty"),
    ],
)
def test_a_deviation_from_the_format_is_named(text, message):
    with pytest.raises(ParseError, match=message):
        read(text)


def test_other_bytes_and_keys_are_refused():
    with pytest.raises(ParseError, match="is not GBK"):
        parse(payload(b'v_hk00700="100~\xff\xff~'))
    with pytest.raises(ParseError, match="unknown key"):
        parse(payload(BODY, "00700.txt"))


@given(st.binary(max_size=120))
def test_arbitrary_bytes_give_no_row_and_raise_nothing_but_a_parse_error(body):
    try:
        rows = parse(payload(body))["security_valuations"].num_rows
    except ParseError:
        return
    assert rows == 0
    assert b"v_pv_none_match" in body


@given(st.integers(0, len(TEXT) - 1), st.integers(0, 5), st.text(max_size=5))
def test_an_answer_with_a_damaged_place_is_read_or_refused(start, length, junk):
    text = TEXT[:start] + junk + TEXT[start + length :]
    try:
        table = parse(payload(text.encode("gbk", "replace")))["security_valuations"]
    except ParseError:
        return
    assert table.schema.names == [*SECURITY_VALUATIONS.schema.names, PUBLISHED_ON]


@given(
    st.integers(1, 10**7),
    st.integers(1, 10**6),
    st.integers(1, 10**12),
    st.integers(1, 10**10),
)
def test_figures_written_in_the_format_are_read_back(price, multiple, shares, capital):
    fields = {"f3": f"{price / 1000:.3f}", "f39": f"{multiple / 100:.2f}", "f69": f"{shares}.00"}
    (row,) = read(quote(**fields, f44=f"{capital / 10_000:.4f}"))
    assert (row["close_price"], row["pe_ratio"]) == (price / 1000, multiple / 100)
    assert row["shares_in_issue"] == shares
    assert row["market_cap_hkd_mn"] == pytest.approx(capital / 100, abs=1e-6)


@pytest.fixture(scope="module")
def market() -> Market:
    return Market()


def ask(market: Market, request: Request) -> list[dict]:
    answer = sandbox.render(market, request)
    found = Payload(request, answer.body, answer.status, {}, dt.datetime.now(dt.UTC), True)
    return parse(found)["security_valuations"].to_pylist()


@pytest.mark.parametrize("day", ["2024-01-02", "2025-01-28", "2025-02-18"])
def test_the_sandboxs_quotes_are_the_boards_and_worth_price_times_shares(market, day):
    session = dt.date.fromisoformat(day)
    rows = ask(market, requests([session])[0])
    closes = {quote.code: float(quote.close) for quote in market.quotes(session)}
    listings = {item.code: item for item in market.listings}
    assert [row["security_code"] for row in rows] == list(CODES)
    for row in rows:
        listing = listings[row["security_code"]]
        assert row["trade_date"] == session
        assert row["close_price"] == closes[listing.code]
        assert row["shares_in_issue"] == issued_shares(market, listing, session)
        worth = row["close_price"] * row["shares_in_issue"] / 1e6
        assert row["market_cap_hkd_mn"] == pytest.approx(worth, rel=1e-4)
    assert any(row["pe_ratio"] is None for row in rows)


def test_a_split_changes_price_and_shares_and_neither_value_nor_multiple(market):
    listing, split = next(
        (item, split)
        for item in market.listings
        for split in market.splits(item.symbol)
        if item.kind == "stock"
    )
    before = session_request(split.ex_date - dt.timedelta(days=1), [listing.code])
    (old,), (new,) = (
        ask(market, before),
        ask(market, session_request(split.ex_date, [listing.code])),
    )
    assert new["shares_in_issue"] == old["shares_in_issue"] * split.numerator
    for figure in ("market_cap_hkd_mn", "pb_ratio"):
        assert new[figure] == pytest.approx(old[figure], rel=0.15)


def test_a_closed_day_shows_the_session_before_and_unknown_securities_no_match(market):
    rows = ask(market, session_request(dt.date(2025, 2, 16), ["00700"]))
    assert [row["trade_date"] for row in rows] == [dt.date(2025, 2, 14)]
    assert ask(market, session_request(DAY, ["99999"])) == []


def test_an_address_leads_back_to_the_request_and_others_lead_nowhere():
    (request,) = requests([DAY])
    path = urlsplit(request.url).path
    again = sandbox.route("GET", path, {}, {})
    assert (again, again.fingerprint) == (request, request.fingerprint)
    assert sandbox.route("POST", path, {}, {}) is None
    for wrong in ("/q=hk00700", "/q=sh600000&r=20250218", "/q=hk00700&r=20250231", "/"):
        assert sandbox.route("GET", wrong, {}, {}) is None
