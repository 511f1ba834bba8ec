"""HKMA's interbank liquidity: what is asked, how a month is read; see the bulletin's test, too."""

import datetime as dt
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration import calendar
from orchestration.sandbox import hkma_interbank_liquidity as sandbox
from orchestration.sandbox import hkma_monthly_bulletin as bulletin
from orchestration.sandbox.market import Market
from orchestration.sources import hkma_monthly_bulletin
from orchestration.sources.base import ParseError, Payload, Request
from orchestration.sources.hkma_interbank_liquidity import SOURCE, parse, requests

KEY = "daily-figures-interbank-liquidity.2025-02.json"
BODY = (Path(__file__).parents[1] / "samples" / SOURCE.name / KEY).read_bytes()
FIRST, LAST = dt.date(2025, 2, 1), dt.date(2025, 2, 28)


def payload(body: bytes, key: str = KEY) -> Payload:
    request = Request(SOURCE.name, key, "https://example.test/", FIRST, LAST)
    return Payload(request, body, 200, {}, dt.datetime(2025, 3, 1, tzinfo=dt.UTC), False)


def rows(body: bytes) -> list[dict]:
    return parse(payload(body))["reference_rates"].to_pylist()


def test_each_month_is_one_question_with_the_datasets_own_name_for_the_date():
    asked = requests([dt.date(2025, 1, 28), dt.date(2025, 2, 3)])
    assert [request.key for request in asked] == [KEY.replace("02.json", "01.json"), KEY]
    assert asked[1].params["choose"] == "end_of_date"
    assert (asked[1].first_session, asked[1].last_session) == (FIRST, LAST)
    assert requests([]) == []


def test_rates_are_read_in_percent_and_a_null_is_no_row():
    assert [(row["rate_date"].day, row["series"], row["rate_value"]) for row in rows(BODY)] == [
        (3, "HKMA_BASE_RATE", 4.75),
        (3, "HIBOR_OVERNIGHT", 3.99),
        (3, "HIBOR_1M", 3.85),
        (4, "HKMA_BASE_RATE", 4.75),
        (4, "HIBOR_OVERNIGHT", 3.9),
    ]
    assert {row["unit"] for row in rows(BODY)} == {"percent"}
    assert rows(BODY)[2]["publisher_series"] == "daily-figures-interbank-liquidity.hibor_fixing_1m"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"end_of_date", b"end_of_day", "record 0 end_of_date: is None"),
        (b"hibor_overnight", b"hibor_on", "record 0: has no field 'hibor_overnight'"),
        (b'"disc_win_base_rate":4.75', b'"disc_win_base_rate":"4.75"', "is '4.75', not a number"),
        (b'"success":true', b'"success":false', "refuses"),
        (b"2025-02-04", b"2025-02-03", "2025-02-03 comes twice"),
        (b"2025-02-04", b"2025-03-04", "is of 2025-03-04, asked was the month of 2025-02-01"),
    ],
)
def test_a_deviation_from_the_format_is_named(old, new, message):
    assert old in BODY
    with pytest.raises(ParseError, match=message):
        rows(BODY.replace(old, new))


@given(st.integers(0, len(BODY) - 1), st.integers(0, 6), st.binary(max_size=5))
def test_an_answer_with_a_damaged_place_is_read_or_refused(start, length, junk):
    try:
        found = rows(BODY[:start] + junk + BODY[start + length :])
    except ParseError:
        return
    assert len(found) <= 6


def test_the_sandbox_has_every_session_and_one_base_rate_for_both_sides_of_the_peg():
    market = Market()
    (request,) = requests([FIRST])
    answer = sandbox.render(market, request)
    found = Payload(request, answer.body, 200, {}, dt.datetime.now(dt.UTC), True)
    rates = parse(found)["reference_rates"].to_pylist()
    days = calendar.sessions("XHKG", FIRST, LAST)
    for series in ("HKMA_BASE_RATE", "HIBOR_OVERNIGHT", "HIBOR_1M"):
        assert [row["rate_date"] for row in rates if row["series"] == series] == days
    base = {row["rate_date"]: row["rate_value"] for row in rates if row["series"].endswith("RATE")}
    for day in days:
        before = calendar.previous_session("XNYS", day)
        target = market.rate("DFEDTARU", before)
        assert target is None or base[day] == target + 0.25
    records = json.loads(answer.body)["result"]["records"]
    assert [r["opening_balance"] for r in records[1:]] == [
        r["closing_balance"] for r in records[:-1]
    ]


def test_the_two_datasets_fixings_agree_where_both_give_a_term():
    market = Market()
    (request,) = requests([FIRST])
    daily = json.loads(sandbox.render(market, request).body)["result"]["records"]
    other = hkma_monthly_bulletin.requests([FIRST])[1]
    monthly = json.loads(bulletin.render(market, other).body)["result"]["records"]
    assert [r["hibor_fixing_1m"] for r in daily] == [r["ir_1m"] for r in monthly]


def test_an_address_leads_back_to_the_request_and_others_lead_nowhere():
    (request,) = requests([FIRST])
    path = urlsplit(request.url).path
    again = sandbox.route("GET", path, request.params, {})
    assert (again, again.fingerprint) == (request, request.fingerprint)
    assert sandbox.route("POST", path, request.params, {}) is None
    assert sandbox.route("GET", path, {"from": "2025-02-03"}, {}) is None
    assert (
        sandbox.render(Market(), Request(SOURCE.name, KEY, "https://x.test/", FIRST, LAST)).status
        == 404
    )
