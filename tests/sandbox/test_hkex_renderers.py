"""The sandbox's HKEX files, read by the real parsers, give back the market's own figures."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from functools import cache

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_lake.tables import TABLES
from expectations.runner import SUITES, validate
from orchestration.calendar import HONG_KONG, is_session, previous_session, sessions
from orchestration.sandbox import hkex_quotation_sheet, hkex_stock_connect
from orchestration.sandbox.market import Market
from orchestration.sources.base import Payload
from orchestration.sources.hkex_quotation_sheet import SECTIONS
from orchestration.sources.hkex_quotation_sheet import SOURCE as SHEET
from orchestration.sources.hkex_stock_connect import SOURCE as CONNECT

RENDERERS = {CONNECT.name: hkex_stock_connect.render, SHEET.name: hkex_quotation_sheet.render}
WINDOW = sessions("XHKG", dt.date(2024, 1, 2), dt.date(2025, 2, 28))
MAINLAND_CLOSED = dt.date(2025, 2, 3)
HONG_KONG_CLOSED = dt.date(2025, 1, 30)
SOME_DAYS = st.sampled_from(WINDOW)
RELAXED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def market():
    return Market()


def answer(source, day):
    (request,) = source.requests([day])
    return RENDERERS[source.name](market(), request)


def read(source, day):
    (request,) = source.requests([day])
    given_answer = answer(source, day)
    assert given_answer.status == 200
    fetched = dt.datetime.combine(day, dt.time(14), tzinfo=dt.UTC)
    headers = given_answer.headers
    return source.parse(Payload(request, given_answer.body, 200, headers, fetched, True))


@RELAXED
@given(SOME_DAYS)
def test_southbound_totals_come_back_to_the_cent(day):
    rows = read(CONNECT, day)["southbound_daily"].to_pylist()
    assert [row["channel"] for row in rows] == ["SSE", "SZSE"]
    for row in rows:
        totals = market().connect_totals(day, row["channel"])
        if totals is None:
            assert not is_session("CONNECT", day)
            assert not any(row[name] for name in TABLES["southbound_daily"].schema.names[2:])
            continue
        assert row["buy_turnover_hkd_mn"] == totals.buy_hkd_mn
        assert row["sell_turnover_hkd_mn"] == totals.sell_hkd_mn
        assert row["total_turnover_hkd_mn"] == totals.total_hkd_mn
        assert row["etf_turnover_hkd_mn"] == totals.etf_hkd_mn
        counts = (totals.buy_trades, totals.sell_trades, totals.total_trades)
        assert (row["buy_trades"], row["sell_trades"], row["total_trades"]) == counts


@RELAXED
@given(SOME_DAYS, st.sampled_from(["SSE", "SZSE"]))
def test_top10_come_back_in_the_markets_order(day, channel):
    names = ("security_code", "security_name", "buy_turnover_hkd", "sell_turnover_hkd")
    rows = read(CONNECT, day)["southbound_top10"].to_pylist()
    printed = [tuple(row[name] for name in names) for row in rows if row["channel"] == channel]
    trades = market().connect_trades(day, channel)[:10]
    assert printed == [(t.code, t.name, t.buy_hkd, t.sell_hkd) for t in trades]


@RELAXED
@given(SOME_DAYS)
def test_quotations_come_back_for_every_counter(day):
    rows = read(SHEET, day)["quotations"].to_pylist()
    quotes = market().quotes(day)
    assert [row["security_code"] for row in rows] == [quote.code for quote in quotes]
    for row, quote in zip(rows, quotes, strict=True):
        assert (row["security_name"], row["currency"]) == (quote.name, quote.currency)
        assert row["is_suspended"] is quote.is_suspended
        if quote.is_suspended:
            assert row["close_price"] is row["traded_shares"] is None
            continue
        prices = (quote.previous_close, quote.close, quote.high, quote.low)
        names = ("previous_close", "close_price", "high_price", "low_price")
        assert tuple(row[name] for name in names) == prices
        assert (row["traded_shares"], row["turnover_amount"]) == (
            quote.volume_shares,
            quote.turnover,
        )


@RELAXED
@given(SOME_DAYS)
def test_short_sales_come_back_as_printed_the_same_evening(day):
    rows = read(SHEET, day)["short_selling"].to_pylist()
    printed = {
        row["security_code"]: (
            row["short_shares"],
            row["short_turnover_amount"],
            row["total_shares"],
            row["total_turnover_amount"],
            row["is_hkd_counter"],
        )
        for row in rows
        if not row["is_adjustment"]
    }
    assert printed == {
        quote.code: (
            quote.initial_short_shares,
            quote.initial_short_turnover,
            quote.volume_shares,
            quote.turnover,
            quote.currency == "HKD",
        )
        for quote in market().quotes(day)
        if quote.initial_short_shares
    }


@RELAXED
@given(SOME_DAYS)
def test_initial_rows_and_the_next_sheets_corrections_give_the_final_short_sales(day):
    following = next(session for session in [*WINDOW, dt.date(2025, 3, 3)] if session > day)
    rows = read(SHEET, day)["short_selling"].to_pylist()
    rows = [row for row in rows if not row["is_adjustment"]]
    corrections = read(SHEET, following)["short_selling"].to_pylist()
    rows += [row for row in corrections if row["is_adjustment"]]
    assert {row["trade_date"] for row in rows} <= {day}
    final = {row["security_code"]: row["short_shares"] for row in rows}
    expected = {quote.code: quote.short_shares for quote in market().quotes(day)}
    assert {code: shares for code, shares in final.items() if shares} == {
        code: shares for code, shares in expected.items() if shares
    }


def test_some_corrections_exist_and_belong_to_the_session_before():
    adjusted = []
    for day in WINDOW[:30]:
        rows = read(SHEET, day)["short_selling"].to_pylist()
        restated = {row["trade_date"] for row in rows if row["is_adjustment"]}
        assert restated <= {previous_session("XHKG", day)}
        adjusted += restated
    assert len(adjusted) > 5


def test_a_session_while_the_mainland_is_closed_prints_zeros_and_dashes():
    body = answer(CONNECT, MAINLAND_CLOSED).body.decode()
    assert body.count('[["0.00"]]') == 8
    northbound = body[: body.index("SSE Southbound")]
    assert not re.search(r'\[\["[0-9]', northbound)
    assert read(CONNECT, MAINLAND_CLOSED)["southbound_top10"].num_rows == 0


@pytest.mark.parametrize("source", [CONNECT, SHEET], ids=lambda source: source.name)
def test_a_day_without_a_hong_kong_session_is_an_html_404(source):
    for day in (HONG_KONG_CLOSED, dt.date(2024, 1, 6), dt.date(2024, 9, 6)):
        absent = answer(source, day)
        assert absent.status == 404
        assert absent.body.lstrip().startswith(b"<!DOCTYPE html>")
        assert absent.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("day", WINDOW[::40])
def test_the_daily_file_says_when_it_was_published(day):
    stamp = parsedate_to_datetime(answer(CONNECT, day).headers["last-modified"])
    local = stamp.astimezone(HONG_KONG)
    assert local.date() == day
    assert dt.time(17, 27) <= local.time() < dt.time(17, 32)


@pytest.mark.parametrize(
    ("day", "southbound", "northbound", "blocks"),
    [
        (dt.date(2015, 3, 3), 6, 7, 2),
        (dt.date(2020, 3, 3), 6, 7, 4),
        (dt.date(2024, 3, 4), 7, 8, 4),
        (dt.date(2024, 10, 15), 7, 4, 4),
    ],
)
def test_columns_and_blocks_follow_the_years(day, southbound, northbound, blocks):
    body = answer(CONNECT, day).body.decode()
    tables = re.findall(r'"market":"(\w+ \w+)".*?"tradingTable","schema":\[\[(.*?)\]\]', body)
    assert len(tables) == blocks
    counts = {market.split()[1]: len(columns.split(",")) for market, columns in tables}
    assert counts == {"Southbound": southbound, "Northbound": northbound}
    assert read(CONNECT, day)["southbound_daily"].num_rows == blocks // 2


def test_the_sheet_has_every_anchor_in_order_with_its_traps():
    body = answer(SHEET, WINDOW[30]).body.decode("latin-1")
    assert tuple(re.findall(r'<a name = "(\w+)">', body)) == SECTIONS
    assert tuple(re.findall(r'<a href="#(\w+)">', body)) == SECTIONS
    assert "</font></pre><pre><font size='1'>" in body
    assert "%8" in body
    quoted = body[body.index('<a name = "quotations">') : body.index('<a name = "sales_all">')]
    figures = [line for line in quoted.split("\r\n") if line[-1:].isdigit() and "<" not in line]
    assert {len(line.replace("&amp;", "&")) for line in figures} == {74}


def test_the_same_question_has_the_same_bytes():
    for source in (CONNECT, SHEET):
        (request,) = source.requests([WINDOW[10]])
        again = RENDERERS[source.name](Market(), request)
        assert again == answer(source, WINDOW[10])


@pytest.mark.parametrize("source", [CONNECT, SHEET], ids=lambda source: source.name)
def test_a_year_of_sandbox_rows_meets_the_suites(source):
    parsed = [read(source, day) for day in WINDOW[::3] if is_session("CONNECT", day)]
    for name in source.tables:
        rows = pa.concat_tables([p[name] for p in parsed])
        rows = rows.append_column("payload_sha256", pa.array(["a"] * rows.num_rows))
        verdict = validate(rows, SUITES / "lake" / f"{name}.json")
        assert verdict.failures == ()
