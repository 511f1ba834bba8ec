"""HKMA's monthly bulletin: what is asked, how a month is read, which bytes are refused."""

import copy
import datetime as dt
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration import calendar
from orchestration.sandbox import hkma_monthly_bulletin as sandbox
from orchestration.sandbox.market import Market
from orchestration.sources._hkma_envelope import PAGE_SIZE
from orchestration.sources.base import ParseError, Payload, Request
from orchestration.sources.hkma_monthly_bulletin import SOURCE, parse, requests

SAMPLES = Path(__file__).parents[1] / "samples" / "hkma_monthly_bulletin"
KEY = "er-eeri-daily.2025-02.json"
SAMPLE = json.loads((SAMPLES / KEY).read_text())
FIRST, LAST = dt.date(2025, 2, 1), dt.date(2025, 2, 28)


def payload(body: bytes, key: str = KEY) -> Payload:
    request = Request(SOURCE.name, key, "https://example.test/", FIRST, LAST)
    return Payload(request, body, 200, {}, dt.datetime(2025, 4, 30, tzinfo=dt.UTC), False)


def read(value: object, key: str = KEY) -> list[dict]:
    return parse(payload(json.dumps(value).encode(), key))["reference_rates"].to_pylist()


def changed(**fields: object) -> dict:
    """Return the sample with fields put into its first record."""
    answer = copy.deepcopy(SAMPLE)
    answer["result"]["records"][0].update(fields)
    return answer


def of_records(records: list, size: int | None = None) -> dict:
    result = {"datasize": len(records) if size is None else size, "records": records}
    return {"header": SAMPLE["header"], "result": result}


def test_each_month_and_dataset_is_one_question_that_needs_no_second_page():
    asked = requests([dt.date(2025, 1, 28), dt.date(2025, 2, 3), dt.date(2025, 2, 28)])
    assert [request.key for request in asked] == [
        "er-eeri-daily.2025-01.json",
        "hk-interbank-ir-daily.2025-01.json",
        KEY,
        "hk-interbank-ir-daily.2025-02.json",
    ]
    assert (asked[2].params["from"], asked[2].params["to"]) == ("2025-02-01", "2025-02-28")
    assert asked[2].params["choose"] == "end_of_day"
    assert int(asked[2].params["pagesize"]) == PAGE_SIZE > 31
    assert "segment" not in asked[2].params
    assert asked[3].params["segment"] == "hibor.fixing"
    assert (asked[2].first_session, asked[2].last_session) == (FIRST, LAST)
    assert requests([]) == []


def test_rates_are_read_with_unit_and_a_null_is_no_row():
    found = read(SAMPLE)
    assert found[0] == {
        "rate_date": dt.date(2025, 2, 3),
        "series": "USDHKD",
        "publisher_series": "er-eeri-daily.usd",
        "unit": "HKD per USD",
        "rate_value": 7.791,
    }
    assert [(row["rate_date"].day, row["series"], row["rate_value"]) for row in found[1:]] == [
        (3, "CNYHKD", 1.0672),
        (4, "USDHKD", 7.788),
        (5, "USDHKD", 7.786),
        (5, "CNYHKD", 1.0699),
    ]
    assert found[1]["unit"] == "HKD per CNY"


def test_the_three_month_fixing_comes_from_the_other_dataset():
    key = "hk-interbank-ir-daily.2025-02.json"
    (row,) = read(json.loads((SAMPLES / key).read_text()), key)
    assert row == {
        "rate_date": dt.date(2025, 2, 3),
        "series": "HIBOR_3M",
        "publisher_series": "hk-interbank-ir-daily.ir_3m",
        "unit": "percent",
        "rate_value": 3.98,
    }


def test_a_month_that_is_not_out_yet_has_no_rows():
    assert read(of_records([])) == []


REFUSED = {"success": False, "err_code": "0001", "err_msg": "Invalid input"}
FULL_PAGE = [{"end_of_day": "2025-02-03", "usd": 7.8, "cny": 1.07}] * PAGE_SIZE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"header": REFUSED, "result": None}, "refuses: error '0001', 'Invalid input'"),
        ({**SAMPLE, "header": {**SAMPLE["header"], "success": "true"}}, "refuses"),
        ({"result": SAMPLE["result"]}, "header: is NoneType"),
        ({"header": SAMPLE["header"]}, "result: is NoneType"),
        (of_records(FULL_PAGE), "full page of 100 records"),
        (of_records(SAMPLE["result"]["records"], size=20), "holds 3 records instead of 20"),
        (of_records(["2025-02-03"]), "record 0: is str"),
        (of_records([*SAMPLE["result"]["records"]] * 2), "2025-02-03 comes twice"),
        (changed(end_of_day="2025-01-31"), "is of 2025-01-31, asked was the month of 2025-02-01"),
        (changed(end_of_day="03/02/2025"), "end_of_day: is '03/02/2025'"),
        (changed(end_of_day="2025-02-30"), "end_of_day: is '2025-02-30'"),
        (of_records([{"end_of_date": "2025-02-03", "usd": 7.8}]), "end_of_day: is None"),
        (of_records([{"end_of_day": "2025-02-03", "usd": 7.8}]), "has no field 'cny'"),
        (changed(usd="7.791"), "usd: is '7.791', not a number"),
        (changed(usd=10**400), "too large"),
        ([], "is list, not an object"),
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
        (json.dumps(changed(usd=float("nan"))).encode(), KEY, "NaN"),
        (b"{}", "daily-figures-interbank-liquidity.2025-02.json", "unknown key"),
        (b"{}", "er-eeri-daily.json", "unknown key"),
    ],
)
def test_other_bytes_and_keys_are_refused(body, key, message):
    with pytest.raises(ParseError, match=message):
        parse(payload(body, key))


@given(st.binary(max_size=100))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([])


@given(st.sampled_from(["end_of_day", "usd", "cny", "gbp"]), JUNK)
def test_a_record_with_any_value_in_a_field_is_read_or_refused(field, junk):
    try:
        rows = read(changed(**{field: junk}))
    except ParseError:
        return
    assert len(rows) <= 6


@given(
    st.dictionaries(
        st.dates(FIRST, LAST),
        st.tuples(st.none() | st.floats(7.7, 7.9), st.none() | st.floats(0.9, 1.3)),
    )
)
def test_a_month_written_in_the_format_is_read_back(month):
    records = [
        {"end_of_day": day.isoformat(), "usd": usd, "cny": cny} for day, (usd, cny) in month.items()
    ]
    found = {
        (row["rate_date"], row["series"]): row["rate_value"] for row in read(of_records(records))
    }
    expected = {(day, "USDHKD"): usd for day, (usd, _) in month.items()}
    expected |= {(day, "CNYHKD"): cny for day, (_, cny) in month.items()}
    assert found == {key: value for key, value in expected.items() if value is not None}


def test_the_sandboxs_rates_are_the_markets_to_the_decimals_printed():
    market = Market()
    asked = requests([FIRST])
    tables = []
    for request in asked:
        body = sandbox.render(market, request).body
        found = Payload(request, body, 200, {}, dt.datetime.now(dt.UTC), True)
        tables += parse(found)["reference_rates"].to_pylist()
    days = calendar.sessions("XHKG", FIRST, LAST)
    for symbol, series, decimals in (("HKD=X", "USDHKD", 3), ("CNYHKD=X", "CNYHKD", 4)):
        closes = {bar.day: bar.close for bar in market.bars(symbol, FIRST, LAST)}
        rates = {row["rate_date"]: row["rate_value"] for row in tables if row["series"] == series}
        assert rates == {day: round(closes[day], decimals) for day in days}
    fixings = [row for row in tables if row["series"] == "HIBOR_3M"]
    assert [row["rate_date"] for row in fixings] == days


def test_the_sandbox_refuses_as_the_publisher_does():
    request = requests([FIRST])[0]
    bare = Request(SOURCE.name, KEY, request.url, FIRST, LAST)
    with pytest.raises(ParseError, match="refuses: error '0001'"):
        parse(payload(sandbox.render(Market(), bare).body))
    other = Request(SOURCE.name, KEY, request.url + "-not", FIRST, LAST)
    assert sandbox.render(Market(), other).status == 404


def test_the_sandbox_gives_pages():
    market, request = Market(), requests([FIRST])[0]
    pages = [
        json.loads(
            sandbox.render(
                market,
                Request(
                    SOURCE.name,
                    KEY,
                    request.url,
                    FIRST,
                    LAST,
                    params={**request.params, "pagesize": "5", "offset": str(offset)},
                ),
            ).body
        )["result"]["records"]
        for offset in (0, 5, 10, 15, 20)
    ]
    whole = json.loads(sandbox.render(market, request).body)["result"]["records"]
    assert [record for page in pages for record in page] == whole
    assert [len(page) for page in pages][:3] == [5, 5, 5]


def test_an_address_leads_back_to_the_request_and_others_lead_nowhere():
    for request in requests([FIRST]):
        path = urlsplit(request.url).path
        again = sandbox.route("GET", path, request.params, {})
        assert (again, again.fingerprint) == (request, request.fingerprint)
        assert sandbox.route("POST", path, request.params, {}) is None
        assert sandbox.route("GET", path, {}, {}) is None
        assert sandbox.route("GET", "/public/other", request.params, {}) is None
