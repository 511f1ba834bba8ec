"""Sandbox renderer of the Yahoo chart API: what it sends is what the market says."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration import calendar
from orchestration.sandbox import yahoo_chart as yahoo_sandbox
from orchestration.sandbox.market import Market
from orchestration.sandbox.records import Bar, Dividend, Split
from orchestration.sources import yahoo_chart
from orchestration.sources.base import ParseError, Payload, Request

FIRST, LAST = dt.date(2024, 12, 2), dt.date(2025, 1, 31)


@pytest.fixture(scope="module")
def market() -> Market:
    return Market()


def request_of(key: str, first: dt.date = FIRST, last: dt.date = LAST) -> Request:
    asked = yahoo_chart.requests(calendar.sessions("WEEKDAY", first, last))
    return next(request for request in asked if request.key == key)


def read(request: Request, body: bytes) -> dict[str, pa.Table]:
    fetched_at = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
    return yahoo_chart.parse(Payload(request, body, 200, {}, fetched_at, True))


def same_price(read_back: float | None, sent: float | None) -> bool:
    if read_back is None or sent is None:
        return read_back is sent
    if round(sent, 3) == sent and sent < 8192:
        return read_back == sent
    return read_back == pytest.approx(sent, rel=1.2e-7, abs=1e-6)


@pytest.mark.parametrize(("symbol", "exchange_calendar"), yahoo_chart.SYMBOLS)
def test_bars_read_back_are_the_bars_of_the_market(market, symbol, exchange_calendar):
    request = request_of(f"{symbol}.json")
    table = read(request, yahoo_sandbox.render(market, request).body)["daily_bars"]
    rows = [row for row in table.to_pylist() if row["trade_date"] >= FIRST]
    bars = market.bars(symbol, FIRST, LAST)
    assert [row["trade_date"] for row in rows] == [bar.day for bar in bars]
    assert {row["exchange_calendar"] for row in rows} == {exchange_calendar}
    half_days = calendar.half_days("XHKG") if exchange_calendar == "XHKG" else frozenset()
    for row, bar in zip(rows, bars, strict=True):
        if bar.close is None or bar.day in half_days:
            reason = "no_data" if bar.close is None else "flat_bar_without_volume"
            assert (row["missing_price_reason"], row["close_price"]) == (reason, None)
            continue
        assert row["missing_price_reason"] is None
        assert same_price(row["open_price"], bar.open)
        assert same_price(row["high_price"], bar.high)
        assert same_price(row["low_price"], bar.low)
        assert same_price(row["close_price"], bar.close)
        assert same_price(row["adjusted_close_price"], bar.adjusted_close)
        assert row["volume_shares"] == (None if exchange_calendar == "WEEKDAY" else bar.volume)


def result(market: Any, request: Request) -> dict[str, Any]:
    answer = yahoo_sandbox.render(market, request)
    assert answer.status == 200
    return json.loads(answer.body)["chart"]["result"][0]


def test_a_half_day_is_a_flat_bar_without_volume_and_prices_have_32_bit_tails(market):
    found = result(market, request_of("0700.HK.json"))
    stamp = int(dt.datetime(2024, 12, 24, 1, 30, tzinfo=dt.UTC).timestamp())
    quote, row = found["indicators"]["quote"][0], found["timestamp"].index(stamp)
    assert quote["volume"][row] == 0
    assert len({quote[name][row] for name in ("open", "high", "low", "close")}) == 1
    assert any(price != round(price, 3) for price in quote["close"])


def test_stamps_lie_in_the_period_and_begin_with_its_first_day(market):
    request = request_of("0700.HK.json")
    stamps = result(market, request)["timestamp"]
    start, end = int(request.params["period1"]), int(request.params["period2"])
    assert start <= min(stamps) < start + 86_400
    assert end - 5 * 86_400 < max(stamps) < end  # the year of the snake begins on 29 January


def test_the_first_summer_day_of_an_fx_pair_is_in_the_answer(market):
    day = dt.date(2024, 6, 3)
    request = request_of("HKD=X.json", day, day)
    table = read(request, yahoo_sandbox.render(market, request).body)["daily_bars"]
    assert day in table["trade_date"].to_pylist()


def test_new_york_opens_an_hour_earlier_in_utc_after_the_clocks_change(market):
    request = request_of("KWEB.json", dt.date(2024, 3, 8), dt.date(2024, 3, 11))
    stamps = [dt.datetime.fromtimestamp(s, dt.UTC) for s in result(market, request)["timestamp"]]
    assert [(s.day, s.hour, s.minute) for s in stamps] == [(8, 14, 30), (11, 13, 30)]


def test_actions_in_the_period_are_read_back_and_no_others(market):
    first, last = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
    splits = 0
    for listing in market.listings:
        if f"{listing.symbol}" not in yahoo_chart.CALENDAR_OF:
            continue
        request = request_of(f"{listing.symbol}.json", first, last)
        body = yahoo_sandbox.render(market, request).body
        rows = read(request, body)["corporate_actions"].to_pylist()
        paid = {r["ex_date"]: r["dividend_amount"] for r in rows if r["action_type"] == "dividend"}
        assert paid == {
            item.ex_date: pytest.approx(item.amount, abs=1e-6)
            for item in market.dividends(listing.symbol)
            if first <= item.ex_date <= last
        }
        cut = {r["ex_date"]: r["split_ratio"] for r in rows if r["action_type"] == "split"}
        assert cut == {
            item.ex_date: item.numerator / item.denominator
            for item in market.splits(listing.symbol)
            if first <= item.ex_date <= last
        }
        splits += len(market.splits(listing.symbol))
    assert splits >= 1


def asked(symbol: str, **params: str) -> Request:
    return Request(
        "yahoo_chart", f"{symbol}.json", yahoo_chart.HOME + symbol, FIRST, LAST, params=params
    )


def test_an_unknown_symbol_is_the_vendors_404(market):
    answer = yahoo_sandbox.render(market, asked("NOPE", period1="0", period2="1"))
    assert answer.status == 404
    with pytest.raises(ParseError, match="No data found"):
        read(asked("NOPE"), answer.body)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"period1": "x", "period2": "1"},
        {"period1": "2", "period2": "1"},
        {"period1": "9" * 30, "period2": "9" * 31},
    ],
)
def test_a_period_that_is_none_is_a_bad_request(market, params):
    answer = yahoo_sandbox.render(market, asked("KWEB", **params))
    assert answer.status == 400
    with pytest.raises(ParseError, match="Bad Request"):
        read(asked("KWEB"), answer.body)


def test_a_period_without_a_session_has_an_empty_quote(market):
    start = int(dt.datetime(2024, 12, 7, tzinfo=dt.UTC).timestamp())  # a Saturday
    request = asked("0700.HK", period1=str(start), period2=str(start + 86_400))
    assert result(market, request)["indicators"]["quote"] == [{}]
    body = yahoo_sandbox.render(market, request).body
    assert all(table.num_rows == 0 for table in read(request, body).values())


@dataclass
class OneSymbol:
    """As much of a market as the chart renderer asks for."""

    bar: Bar
    paid: list[Dividend] = field(default_factory=list)
    cut: list[Split] = field(default_factory=list)
    symbols = ("0700.HK",)

    def bars(self, symbol: str, first: dt.date, last: dt.date, as_of: dt.date) -> list[Bar]:
        return [self.bar] if first <= self.bar.day <= last else []

    def dividends(self, symbol: str) -> list[Dividend]:
        return self.paid

    def splits(self, symbol: str) -> list[Split]:
        return self.cut


PRICES = st.integers(min_value=1, max_value=999_999).map(lambda ticks: ticks / 1000)


@settings(max_examples=200)
@given(
    st.sampled_from(calendar.sessions("XHKG", dt.date(2015, 1, 1), dt.date(2025, 12, 31))),
    st.tuples(PRICES, PRICES, PRICES, PRICES, PRICES),
    st.integers(min_value=1, max_value=2**53),
    PRICES,
    st.integers(min_value=1, max_value=20),
)
def test_any_bar_and_action_survives_the_way_through_the_wire(day, prices, volume, amount, ratio):
    one = OneSymbol(Bar(day, *prices, volume), [Dividend(day, amount)], [Split(day, ratio, 1)])
    request = request_of("0700.HK.json", day, day)
    found = read(request, yahoo_sandbox.render(one, request).body)
    row = found["daily_bars"].to_pylist()[0]
    names = ("open", "high", "low", "close", "adjusted_close")
    assert tuple(row[f"{name}_price"] for name in names) == prices
    assert (row["trade_date"], row["volume_shares"]) == (day, volume)
    dividend, split = found["corporate_actions"].to_pylist()
    assert (dividend["ex_date"], dividend["dividend_amount"]) == (day, amount)
    assert (split["ex_date"], split["split_ratio"]) == (day, ratio)
