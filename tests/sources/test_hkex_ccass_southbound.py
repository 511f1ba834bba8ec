"""CCASS southbound: what is asked, how the page is read, which pages are refused, the sandbox's."""

import datetime as dt
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_lake.tables.southbound_holdings import SOUTHBOUND_HOLDINGS
from orchestration import calendar
from orchestration.sandbox.hkex_ccass_southbound import HOSTS, page, render, route
from orchestration.sandbox.market import Market
from orchestration.sandbox.share_counts import holdings_of, issued_shares
from orchestration.sources.base import ParseError, Payload, Request
from orchestration.sources.hkex_ccass_southbound import SOURCE, parse, requests

SAMPLES = Path(__file__).parents[1] / "samples" / "hkex_ccass_southbound"
RECORDED = Path(__file__).parents[3] / "shared/recorded/replay/hkex_ccass_southbound"
DAY = dt.date(2024, 9, 2)
PAGE = (SAMPLES / "2024-09-02.html").read_bytes().decode()
HALF_DAY_BEFORE_HOLIDAYS, AFTER_HOLIDAYS = dt.date(2025, 1, 28), dt.date(2025, 2, 3)


def payload(body: bytes, day: dt.date = DAY) -> Payload:
    return Payload(requests([day])[0], body, 200, {}, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), False)


def rows(text: str, day: dt.date = DAY) -> list[dict]:
    return parse(payload(text.encode(), day))["southbound_holdings"].to_pylist()


@cache
def market() -> Market:
    return Market()


def sandbox_rows(day: dt.date) -> list[dict]:
    (request,) = requests([day])
    return rows(render(market(), request).body.decode(), day)


def test_a_later_table_on_the_page_is_not_read():
    later = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    assert rows(PAGE.replace("</form>", f"{later}</form>")) == rows(PAGE)


def test_a_table_that_ends_in_its_head_is_refused():
    with pytest.raises(ParseError, match="columns are"):
        rows(PAGE.replace("<tbody>", "</table><tbody>").replace("<th", "</table><th", 1))


def test_each_session_is_a_posted_form_whose_page_is_got_first():
    (request,) = requests([DAY])
    assert (request.key, request.method) == ("2024-09-02.html", "POST")
    assert request.form["txtShareholdingDate"] == "2024/09/02"
    assert request.form["__EVENTTARGET"] == "btnSearch"
    assert request.form_page == f"{request.url}?t=hk" == SOURCE.home
    assert request.params == {"t": "hk"}


def test_nothing_is_asked_before_records_begin():
    assert requests([dt.date(2017, 3, 16)]) == []
    assert len(requests([dt.date(2017, 3, 17)])) == 1


def test_the_english_page_is_read():
    assert rows(PAGE)[0] == {
        "holding_date": DAY,
        "security_code": "00005",
        "security_name": "FIRST & SECOND HOLDINGS",
        "held_shares": 1_234_567,
        "held_pct_issued": 0.01,
        "implied_trade_date": dt.date(2024, 8, 29),
    }


def test_the_chinese_page_gives_the_same_figures():
    chinese = rows((SAMPLES / "2024-09-02-chinese.html").read_bytes().decode())
    assert chinese[1]["security_name"] == "乙科技"
    assert [row | {"security_name": ""} for row in chinese] == [
        row | {"security_name": ""} for row in rows(PAGE)
    ]


def test_trap_04_codes_padded_with_spaces_become_five_digits():
    assert [row["security_code"] for row in rows(PAGE)] == ["00005", "00700", "02800"]


def test_trap_06_ccass_percentage_may_be_empty():
    fund = rows(PAGE)[2]
    assert (fund["held_shares"], fund["held_pct_issued"]) == (500, None)


@pytest.mark.parametrize(
    ("holding_date", "traded"),
    [
        (dt.date(2019, 1, 25), dt.date(2019, 1, 23)),
        (AFTER_HOLIDAYS, dt.date(2025, 1, 27)),
        (dt.date(2024, 9, 9), dt.date(2024, 9, 4)),
    ],
    ids=["plain week", "over the new year", "over a typhoon day"],
)
def test_trap_07_a_holding_is_of_the_trades_two_sessions_before(holding_date, traded):
    text = PAGE.replace("2024/09/02", f"{holding_date:%Y/%m/%d}")
    assert {row["implied_trade_date"] for row in rows(text, holding_date)} == {traded}


def test_the_headings_date_rules_when_it_is_earlier_than_asked():
    assert {row["holding_date"] for row in rows(PAGE, dt.date(2024, 9, 3))} == {DAY}


def test_line_ends_and_a_byte_order_mark_change_nothing():
    assert rows("\ufeff" + PAGE.replace("\r\n", "\n")) == rows(PAGE)


def test_something_unknown_between_rows_is_passed_over():
    row_end = "</tr>\r\n"
    assert row_end in PAGE
    assert rows(PAGE.replace(row_end, "</tr><!-- next -->\r\n")) == rows(PAGE)


MAINTENANCE = "<html><body><p>System is under maintenance.</p></body></html>"
NO_MATCH = "<html><body><p>No match record found.</p></body></html>"
TORN = PAGE[: PAGE.index("INVENTED TECH")]
NO_ROWS = PAGE[: PAGE.index("<tbody>")] + "<tbody></tbody></table>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no table of holdings"),
        ("<html><body>Please log in</body></html>", "holds no table .* begins with '<html>"),
        ('{"error": 500}', "holds no table"),
        (MAINTENANCE, "under maintenance; run again later"),
        (NO_MATCH, "no record for the asked date"),
        (TORN, "is empty or cut off"),
        (NO_ROWS, "is empty or cut off"),
        (PAGE.replace("2024/09/02", "2024/09/03"), "dated 2024-09-03, later than the asked"),
        (PAGE.replace("2024/09/02", "2024/13/02"), "2024/13/02, which is no date"),
        (PAGE.replace("2024/09/02", "0001/01/02"), "fewer than 2 sessions"),
        (PAGE.replace("Shareholding Date:", "Date:"), "no heading with a shareholding date"),
        (PAGE.replace('"col-shareholding-percent"', '"col-value"'), "columns are .*col-value"),
        (PAGE.replace('<td class="col-stock-name"', '<td class="col-x"', 1), "row 1: does not"),
        (PAGE.replace("1,234,567", "1,234,56"), "row 1 shareholding: is '1,234,56'"),
        (PAGE.replace("1,234,567", "1.2E+06"), "row 1 shareholding: is '1.2E"),
        (PAGE.replace("1,234,567", "-1"), "row 1 shareholding: is '-1'"),
        (PAGE.replace("1,234,567", ""), "row 1 shareholding: is ''"),
        (PAGE.replace("1.02%", "0.0102"), "row 2 percentage: is '0.0102'"),
        (PAGE.replace("1.02%", "1,02%"), "row 2 percentage: is '1,02%'"),
        (PAGE.replace("1.02%", "nan%"), "row 2 percentage: is 'nan%'"),
        (PAGE.replace(">  700<", ">    5<"), "row 2: security 00005 comes twice"),
        (PAGE.replace(">  700<", ">00000<"), "row 2 stock code: is '00000'"),
        (PAGE.replace(">  700<", ">700HK<"), "row 2 stock code: is '700HK'"),
        (PAGE.replace("INVENTED TECH LIMITED", " "), "row 2 stock name: is empty"),
    ],
)
def test_a_deviation_of_the_page_is_named(text, message):
    assert text != PAGE
    with pytest.raises(ParseError, match=message):
        rows(text)


def test_a_date_13_months_back_that_shows_the_latest_page_instead_is_refused():
    with pytest.raises(ParseError, match="later than the asked 2023-08-01"):
        rows(PAGE, dt.date(2023, 8, 1))


@pytest.mark.parametrize("encoding", ["utf-16", "big5"])
def test_another_encoding_is_refused(encoding):
    text = (SAMPLES / "2024-09-02-chinese.html").read_bytes().decode()
    with pytest.raises(ParseError, match="not UTF-8"):
        parse(payload(text.encode(encoding)))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


@given(st.integers(0, len(PAGE) - 1), st.integers(0, 9), st.text(max_size=5))
def test_a_page_with_a_damaged_place_is_read_or_refused(start, length, junk):
    text = PAGE[:start] + junk + PAGE[start + length :]
    try:
        table = parse(payload(text.encode("utf-8", "replace")))["southbound_holdings"]
    except ParseError:
        return
    assert table.schema == SOUTHBOUND_HOLDINGS.schema


NAMES = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
HELD = st.tuples(NAMES, st.integers(0, 10**12), st.none() | st.integers(0, 10_000))


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 99_999), HELD, min_size=1, max_size=5))
def test_a_page_written_in_the_format_is_read_back(held):
    printed = [
        (f"{code:05d}", name, shares, "" if part is None else f"{part / 100:.2f}%")
        for code, (name, shares, part) in held.items()
    ]
    read = rows(page(DAY, printed).body.decode())
    assert [
        (row["security_code"], row["security_name"], row["held_shares"], row["held_pct_issued"])
        for row in read
    ] == [
        (f"{code:05d}", name, shares, None if part is None else part / 100)
        for code, (name, shares, part) in held.items()
    ]


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded page is not beside the project")
def test_the_recorded_page_gives_its_564_holdings_in_a_tenth_of_a_second():
    day = dt.date(2019, 1, 25)
    body = (RECORDED / "2019-01-25.html").read_bytes()
    seconds = []
    for _ in range(5):
        started = time.process_time()
        found = parse(payload(body, day))["southbound_holdings"].to_pylist()
        seconds.append(time.process_time() - started)
    tencent = next(row for row in found if row["security_code"] == "00700")
    assert len(found) == 564
    assert (tencent["held_shares"], tencent["held_pct_issued"]) == (120_214_498, 1.26)
    empty = {row["security_code"] for row in found if row["held_pct_issued"] is None}
    assert empty == {"00425", "00520", "01357"}
    assert min(seconds) < 0.1


SESSIONS = calendar.sessions("XHKG", dt.date(2024, 1, 2), dt.date(2025, 2, 28))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(SESSIONS))
def test_sandbox_change_of_holding_is_the_net_buying_two_sessions_before(day):
    before = {r["security_code"]: r for r in sandbox_rows(calendar.previous_session("XHKG", day))}
    traded_on = sandbox_rows(day)[0]["implied_trade_date"]
    close = {quote.code: float(quote.close) for quote in market().quotes(traded_on)}
    net: dict[str, int] = {}
    for channel in ("SSE", "SZSE"):
        for trade in market().connect_trades(traded_on, channel):
            net[trade.code] = net.get(trade.code, 0) + trade.buy_hkd - trade.sell_hkd
    split = {item.code for item in market().listings if market().splits(item.symbol)}
    for row in sandbox_rows(day):
        code = row["security_code"]
        if code not in split:
            change = row["held_shares"] - before[code]["held_shares"]
            assert change == round(net.get(code, 0) / close[code])


def test_sandbox_holdings_do_not_move_two_sessions_after_a_day_without_connect():
    assert not calendar.is_session("CONNECT", HALF_DAY_BEFORE_HOLIDAYS)
    first, last = dt.date(2025, 2, 3), dt.date(2025, 2, 4)
    held = [{r["security_code"]: r["held_shares"] for r in sandbox_rows(d)} for d in (first, last)]
    assert sandbox_rows(last)[0]["implied_trade_date"] == HALF_DAY_BEFORE_HOLIDAYS
    assert held[0] == held[1]


def test_sandbox_split_multiplies_the_holding_and_leaves_the_percentage_empty():
    (split,) = ((i, s) for i in market().listings for s in market().splits(i.symbol))
    item, event = split
    before, after = (
        next(row for row in sandbox_rows(day) if row["security_code"] == item.code)
        for day in (calendar.previous_session("XHKG", event.ex_date), event.ex_date)
    )
    ratio = event.numerator / event.denominator
    assert after["held_shares"] / before["held_shares"] == pytest.approx(ratio, rel=0.02)
    assert before["held_pct_issued"] is not None
    assert after["held_pct_issued"] is None


@pytest.mark.parametrize("seed", [20141117, 7])
@pytest.mark.parametrize("day", [dt.date(2017, 3, 17), dt.date(2024, 5, 14), dt.date(2026, 11, 20)])
def test_sandbox_holdings_stay_within_the_issued_shares(seed, day):
    world = Market(seed)
    listings = {item.code: item for item in world.listings}
    held = holdings_of(world).on(day)
    assert len(held) > 20
    assert all(0 < n < issued_shares(world, listings[code], day) for code, n in held.items())


def test_sandbox_holdings_do_not_depend_on_the_order_of_asking():
    forwards, backwards = holdings_of(Market(3)), holdings_of(Market(3))
    days = [dt.date(2023, 12, 1), dt.date(2024, 1, 15), dt.date(2024, 2, 1)]
    assert [forwards.on(day) for day in days] == [backwards.on(day) for day in days[::-1]][::-1]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (dt.date(2025, 2, 2), dt.date(2025, 1, 28)),
        (dt.date(2025, 2, 3), dt.date(2025, 2, 3)),
    ],
    ids=["holiday", "session"],
)
def test_sandbox_shows_the_last_session_on_a_day_without_one(asked, shown):
    assert {row["holding_date"] for row in sandbox_rows(asked)} == {shown}


def test_sandbox_refuses_a_posted_form_without_the_pages_hidden_inputs():
    form = dict(requests([DAY])[0].form)
    asked = route("POST", "/sdw/search/mutualmarket.aspx", {"t": "hk"}, form)
    assert asked is not None
    assert b"viewstate failed" in render(market(), asked).body
    whole = route("POST", "/sdw/search/mutualmarket.aspx", {"t": "hk"}, form | {"__VIEWSTATE": "x"})
    assert rows(render(market(), whole).body.decode()) == sandbox_rows(DAY)


def test_sandbox_form_page_carries_the_hidden_inputs():
    asked = route("GET", "/sdw/search/mutualmarket.aspx", {"t": "hk"}, {})
    assert isinstance(asked, Request)
    body = render(market(), asked).body
    for name in (b"__VIEWSTATE", b"__VIEWSTATEGENERATOR", b"__EVENTVALIDATION", b"today"):
        assert b'<input type="hidden" name="' + name + b'"' in body
    assert HOSTS == ("www3.hkexnews.hk",)


@pytest.mark.parametrize("day", [dt.date(2017, 3, 16), dt.date(2099, 1, 1)])
def test_sandbox_has_no_match_where_records_do_not_reach(day):
    (request,) = requests([dt.date(2020, 1, 2)])
    form = {**request.form, "txtShareholdingDate": f"{day:%Y/%m/%d}"}
    asked = route("POST", "/sdw/search/mutualmarket.aspx", {"t": "hk"}, form | {"__VIEWSTATE": "x"})
    with pytest.raises(ParseError, match="no record for the asked date"):
        rows(render(market(), asked).body.decode())
