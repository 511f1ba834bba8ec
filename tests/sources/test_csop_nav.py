"""CSOP's NAV endpoint: what is asked, which counter and date are read, which bytes are refused."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sandbox import csop_nav as sandbox
from orchestration.sandbox.hong_kong_funds import CREATION_UNIT
from orchestration.sandbox.market import Market
from orchestration.sources.base import PUBLISHED_ON, ParseError, Payload, Request
from orchestration.sources.csop_nav import PRODUCT_NAME, SOURCE, parse, requests

DAY = dt.date(2025, 2, 18)
KEY = "3033.HK.2025-02-18.json"
SAMPLE = json.loads((Path(__file__).parents[1] / "samples" / "csop_nav" / KEY).read_text())
LISTED = 1
"""Place of the listed HKD counter in the sample."""


def payload(body: bytes, key: str = KEY) -> Payload:
    request = Request(SOURCE.name, key, "https://example.test/", DAY, DAY)
    return Payload(request, body, 200, {}, dt.datetime(2025, 2, 18, 14, tzinfo=dt.UTC), False)


def read(value: object) -> tuple[list[dict], list[dict]]:
    tables = parse(payload(json.dumps(value).encode()))
    return tables["etf_shares"].to_pylist(), tables["etf_nav"].to_pylist()


def changed(**fields: object) -> list[dict]:
    return [{**c, **fields} if i == LISTED else c for i, c in enumerate(SAMPLE)]


def test_each_session_is_asked_as_it_would_have_been_that_evening():
    asked = requests([dt.date(2025, 2, 17), DAY])
    assert [request.key for request in asked] == ["3033.HK.2025-02-17.json", KEY]
    assert asked[1].method == "POST"
    assert asked[1].json_body == {"productName": PRODUCT_NAME}
    assert (asked[1].first_session, asked[1].last_session) == (DAY, DAY)
    assert asked[0].fingerprint != asked[1].fingerprint
    assert SOURCE.is_snapshot
    assert requests([]) == []


def test_the_listed_hkd_counter_is_read_and_no_other():
    shares, values = read(SAMPLE)
    assert shares == [
        {
            "share_date": DAY,
            "fund_symbol": "3033.HK",
            "exchange_calendar": "XHKG",
            "currency": "HKD",
            "shares_outstanding": 7_000_000_000.0,
            PUBLISHED_ON: DAY,
        }
    ]
    assert values == [
        {
            "nav_date": DAY,
            "fund_symbol": "3033.HK",
            "currency": "HKD",
            "nav_per_share": 5.6123,
            "premium_ratio": None,
            PUBLISHED_ON: DAY,
        }
    ]


def test_the_order_of_the_counters_does_not_matter():
    assert read(SAMPLE[::-1]) == read(SAMPLE)


def test_figures_of_an_earlier_day_keep_their_date_and_are_published_with_the_session_asked():
    shares, values = read(changed(HstDateFormat="2025-02-17"))
    assert shares[0]["share_date"] == values[0]["nav_date"] == dt.date(2025, 2, 17)
    assert shares[0][PUBLISHED_ON] == values[0][PUBLISHED_ON] == DAY


@pytest.mark.parametrize("none", ["", "-", None])
def test_a_figure_that_is_not_given_is_no_row(none):
    assert [len(rows) for rows in read(changed(NAV=none))] == [1, 0]
    assert [len(rows) for rows in read(changed(Shares=none))] == [0, 1]


def test_figures_may_come_as_numbers():
    assert read(changed(NAV=5.6123, Shares=7_000_000_000)) == read(SAMPLE)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (changed(HstDateFormat="2025-02-19"), "of 2025-02-19, later than 2025-02-18"),
        (changed(HstDateFormat="18/02/2025"), "HstDateFormat: is '18/02/2025'"),
        (changed(HstDateFormat="2025-02-30"), "HstDateFormat: is '2025-02-30'"),
        (changed(HstDateFormat=None), "HstDateFormat: is None"),
        (changed(NAV="5,61"), "NAV: is '5,61', not a number"),
        (changed(NAV="N/A"), "NAV: is 'N/A'"),
        (changed(Shares=True), "Shares: is True"),
        (changed(Ticker="3033HK"), "0 counters '3033 HK' in HKD"),
        (changed(Currency="USD"), "0 counters '3033 HK' in HKD"),
        ([SAMPLE[LISTED], SAMPLE[LISTED]], "2 counters"),
        ([{k: v for k, v in SAMPLE[LISTED].items() if k != "NAV"}], "has no 'NAV'"),
        ([{k: v for k, v in SAMPLE[LISTED].items() if k != "Shares"}], "has no 'Shares'"),
        ([], "0 counters"),
        (["3033 HK"], "element 0: is str, not an object"),
        ({"statusCode": 500, "message": "Internal server error"}, "is dict, not an array"),
    ],
)
def test_a_deviation_from_the_format_is_named(value, message):
    with pytest.raises(ParseError, match=message):
        read(value)


@pytest.mark.parametrize(
    ("body", "key", "message"),
    [
        (b"<!DOCTYPE html><html></html>", KEY, "is not JSON"),
        (b"", KEY, "is not JSON"),
        (b"\xff\xfe[\x00]\x00", KEY, "0 counters"),
        (b'[{"NAV":NaN}]', KEY, "NaN"),
        (b"[]", "2025-02-18.json", "unknown key"),
    ],
)
def test_other_bytes_and_keys_are_refused(body, key, message):
    with pytest.raises(ParseError, match=message):
        parse(payload(body, key))


@given(st.binary(max_size=100))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


@given(
    st.sampled_from(sorted(SAMPLE[LISTED])),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just([]),
)
def test_an_answer_with_any_value_in_a_field_is_read_or_refused(field, value):
    try:
        shares, values = read(changed(**{field: value}))
    except ParseError:
        return
    assert len(shares) <= 1
    assert len(values) <= 1


@given(st.integers(1, 10**12), st.integers(1, 10**7), st.dates(dt.date(2020, 8, 27), DAY))
def test_what_is_written_in_the_format_is_read_back(units, nav, day):
    fields = {"Shares": f"{units:,}", "NAV": f"{nav / 1e4:,.4f}", "HstDateFormat": f"{day}"}
    shares, values = read(changed(**fields))
    assert (shares[0]["shares_outstanding"], shares[0]["share_date"]) == (units, day)
    assert values[0]["nav_per_share"] == pytest.approx(nav / 1e4)


@pytest.mark.parametrize("day", ["2025-01-28", "2025-02-18"])  # the first one is a half day
def test_the_sandboxs_fund_has_whole_creation_units_and_a_value_near_its_price(day):
    market, session = Market(), dt.date.fromisoformat(day)
    (request,) = requests([session])
    answer = sandbox.render(market, request)
    tables = parse(Payload(request, answer.body, 200, {}, dt.datetime.now(dt.UTC), True))
    (shares,), (value,) = (tables[name].to_pylist() for name in ("etf_shares", "etf_nav"))
    close = next(float(q.close) for q in market.quotes(session) if q.code == "03033")
    assert shares["share_date"] == session
    assert shares["shares_outstanding"] % CREATION_UNIT == 0
    assert value["nav_per_share"] == pytest.approx(close, rel=0.011)
    listed = json.loads(answer.body)[0]
    assets = float(listed["AUM"].replace(",", ""))
    assert assets == pytest.approx(shares["shares_outstanding"] * value["nav_per_share"], rel=1e-6)


def test_a_closed_day_shows_the_session_before_and_another_name_is_an_error():
    market = Market()
    (sunday,) = requests([dt.date(2025, 2, 16)])
    assert json.loads(sandbox.render(market, sunday).body)[0]["HstDateFormat"] == "2025-02-14"
    wrong = Request(SOURCE.name, KEY, sunday.url, DAY, DAY, params=sunday.params)
    assert sandbox.render(market, wrong).status == 500


def test_an_address_leads_back_to_the_request_and_others_lead_nowhere():
    (request,) = requests([DAY])
    path = "/cmsApi/NAV/product"
    again = sandbox.route("POST", path, request.params, request.json_body)
    assert (again, again.fingerprint) == (request, request.fingerprint)
    assert sandbox.route("GET", path, request.params, request.json_body) is None
    assert sandbox.route("POST", path, request.params, {"productName": "Other"}) is None
    assert sandbox.route("POST", path, {}, request.json_body) is None
