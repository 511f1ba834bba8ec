"""Sandbox renderers of Yahoo, KraneShares and FRED: what they send is what the parsers read."""

import datetime as dt
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pytest

from expectations.runner import SUITES, validate
from orchestration import calendar
from orchestration.sandbox import fred as fred_sandbox
from orchestration.sandbox import kraneshares_kweb as kweb_sandbox
from orchestration.sandbox import yahoo_chart as yahoo_sandbox
from orchestration.sandbox.market import Market
from orchestration.sources import fred, kraneshares_kweb, yahoo_chart
from orchestration.sources.base import PUBLISHED_ON, Payload, Request

PAIRS = [
    (yahoo_chart, yahoo_sandbox),
    (kraneshares_kweb, kweb_sandbox),
    (fred, fred_sandbox),
]
FIRST, LAST = dt.date(2024, 12, 2), dt.date(2025, 1, 31)
HALF_DAY = dt.date(2024, 12, 24)


@pytest.fixture(scope="module")
def market() -> Market:
    return Market()


def sessions(source: ModuleType, first: dt.date = FIRST, last: dt.date = LAST) -> list[dt.date]:
    return calendar.sessions(source.SOURCE.calendar, first, last)


def request_of(source: ModuleType, key: str, first: dt.date = FIRST, last: dt.date = LAST):
    asked = source.requests(sessions(source, first, last))
    return next(request for request in asked if request.key == key)


def read(source: ModuleType, request: Request, body: bytes) -> dict[str, pa.Table]:
    fetched_at = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
    return source.parse(Payload(request, body, 200, {}, fetched_at, True))


@pytest.fixture(scope="module")
def tables(market: Market) -> dict[str, pa.Table]:
    parts: dict[str, list[pa.Table]] = {}
    for source, renderer in PAIRS:
        for request in source.requests(sessions(source)):
            answer = renderer.render(market, request)
            assert answer.status == 200, request.key
            for name, table in read(source, request, answer.body).items():
                parts.setdefault(name, []).append(table)
    return {name: pa.concat_tables(found) for name, found in parts.items()}


@pytest.mark.parametrize(
    "table", ["daily_bars", "corporate_actions", "etf_holdings", "etf_nav", "reference_rates"]
)
def test_the_sandbox_meets_the_suites_without_a_warning(tables, table):
    frame = tables[table]
    if PUBLISHED_ON in frame.column_names:
        frame = frame.drop_columns([PUBLISHED_ON])
    frame = frame.append_column("payload_sha256", pa.array(["a"] * frame.num_rows))
    verdict = validate(frame, SUITES / "lake" / f"{table}.json")
    assert frame.num_rows > 0
    assert verdict.failures == ()


@pytest.mark.parametrize(("source", "renderer"), PAIRS)
def test_an_http_request_line_leads_back_to_the_request(source, renderer):
    for request in source.requests(sessions(source)):
        parts = urlsplit(request.url)
        assert parts.netloc in renderer.HOSTS
        again = renderer.route("GET", unquote(parts.path), dict(request.params), {})
        assert again.key == request.key
        assert again.fingerprint == request.fingerprint
        assert (again.first_session, again.last_session) == (
            request.first_session,
            request.last_session,
        )
        assert renderer.route("POST", unquote(parts.path), dict(request.params), {}) is None


@pytest.mark.parametrize(("source", "renderer"), PAIRS)
def test_the_same_question_gets_the_same_bytes_from_another_market_of_the_same_seed(
    market, source, renderer
):
    request = source.requests(sessions(source))[0]
    assert renderer.render(Market(), request) == renderer.render(market, request)


# KraneShares


@pytest.mark.parametrize("day", ["2024-01-02", "2024-12-24", "2025-01-31"])
def test_holdings_read_back_are_the_funds_holdings(market, day):
    session = dt.date.fromisoformat(day)
    request = request_of(kraneshares_kweb, f"{day}.holdings.csv", session, session)
    body = kweb_sandbox.render(market, request).body
    rows = read(kraneshares_kweb, request, body)["etf_holdings"].to_pylist()
    assert [
        (
            row["holding_name"],
            row["ticker"] or "",
            row["identifier"] or "",
            row["shares_held"],
            row["market_value_usd"],
            row["weight_pct"],
        )
        for row in rows
    ] == [
        (
            holding.name,
            holding.ticker,
            holding.identifier,
            holding.shares,
            round(holding.market_value_usd),
            holding.weight_pct,
        )
        for holding in market.fund_day("KWEB", session).holdings
    ]
    assert (rows[-1]["holding_name"], rows[-1]["ticker"]) == ("Cash", None)
    assert [row["line_number"] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("day", ["2024-01-01", "2024-12-25", "2024-12-28"])
def test_a_day_without_a_new_york_session_has_no_holdings_file(market, day):
    url = kraneshares_kweb.HOLDINGS_URL.format(day=dt.date.fromisoformat(day))
    answer = kweb_sandbox.render(market, Request("kraneshares_kweb", "x", url, FIRST, LAST))
    assert answer.status == 404


@pytest.mark.parametrize(
    "path", ["/csv/13_40_2024_kweb_holdings.csv", "/csv/", "/", "/product-json/"]
)
def test_another_address_of_the_issuer_is_a_404(market, path):
    request = Request("kraneshares_kweb", "x", f"https://kraneshares.com{path}", FIRST, LAST)
    assert kweb_sandbox.render(market, request).status == 404
    assert kweb_sandbox.route("GET", path, {}, {}) is None


def test_premiums_give_back_the_nav(market):
    request = request_of(kraneshares_kweb, "premium.json")
    body = kweb_sandbox.render(market, request).body
    rows = read(kraneshares_kweb, request, body)["etf_nav"].to_pylist()
    assert [row["nav_date"] for row in rows] == calendar.sessions("XNYS", FIRST, LAST)
    for row in rows:
        fund = market.fund_day("KWEB", row["nav_date"])
        nav = fund.close_usd / (1 + row["premium_ratio"])
        assert nav == pytest.approx(fund.nav_usd, rel=1e-8)


def test_a_range_without_sessions_has_an_empty_premium_list(market):
    christmas = {"pid": kraneshares_kweb.PRODUCT_ID, "start": "2024-12-25", "end": "2024-12-25"}
    request = Request(
        "kraneshares_kweb",
        "premium.json",
        kraneshares_kweb.PREMIUM_URL,
        FIRST,
        LAST,
        params=christmas,
    )
    assert kweb_sandbox.render(market, request).body == b"[]"


# FRED


@pytest.mark.parametrize(("series", "decimals"), fred_sandbox.DECIMALS.items())
def test_rates_read_back_are_the_rates_of_the_market(market, series, decimals):
    request = request_of(fred, f"{series}.csv")
    rows = read(fred, request, fred_sandbox.render(market, request).body)["reference_rates"]
    days = sessions(fred, FIRST - fred.LONGEST_WAIT)
    rates = {day: market.rate(series, day) for day in days}
    assert {row["rate_date"]: row["rate_value"] for row in rows.to_pylist()} == {
        day: round(rate, decimals) for day, rate in rates.items() if rate is not None
    }


def test_a_us_holiday_is_a_line_with_an_empty_value(market):
    body = fred_sandbox.render(market, request_of(fred, "DEXHKUS.csv")).body.decode()
    lines = body.splitlines()
    assert lines[0] == "observation_date,DEXHKUS"
    assert "2024-12-25," in lines
    assert "2025-01-20," in lines
    assert len(lines) == 1 + len(sessions(fred, FIRST - fred.LONGEST_WAIT))


@pytest.mark.parametrize(
    "params",
    [
        {"id": "DFF", "cosd": "2024-01-01", "coed": "2024-01-31"},
        {"id": "DGS10", "cosd": "yesterday", "coed": "2024-01-31"},
        {"id": "DGS10"},
    ],
)
def test_a_series_or_range_that_is_none_is_a_404(market, params):
    request = Request("fred", "x.csv", fred.HOME, FIRST, LAST, params=params)
    assert fred_sandbox.render(market, request).status == 404
