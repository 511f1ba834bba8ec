"""Eastmoney southbound: what is asked, how pages are read, which are refused, the sandbox's."""

import datetime as dt
import json
from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_lake.tables.southbound_vendor_daily import SOUTHBOUND_VENDOR_DAILY
from data_lake.tables.southbound_vendor_holdings import SOUTHBOUND_VENDOR_HOLDINGS
from orchestration import calendar
from orchestration.sandbox.eastmoney_southbound import HOSTS, render, route
from orchestration.sandbox.market import Market
from orchestration.sandbox.share_counts import holdings_of
from orchestration.sources.base import ParseError, Payload, Request
from orchestration.sources.eastmoney_southbound import SOURCE, page_count, parse, requests

SAMPLES = Path(__file__).parents[1] / "samples" / "eastmoney_southbound"
RECORDED = Path(__file__).parents[3] / "shared/recorded/eastmoney"
FIRST, LAST = dt.date(2024, 9, 2), dt.date(2024, 9, 3)
FETCHED = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DAILY_KEY, HOLDINGS_KEY = "daily.002.json", "holdings.2024-09-02.json"
DAILY = json.loads((SAMPLES / DAILY_KEY).read_text())
HOLDINGS = json.loads((SAMPLES / HOLDINGS_KEY).read_text())


def payload(body: bytes, key: str = DAILY_KEY) -> Payload:
    request = next(item for item in requests([FIRST, LAST]) if item.key == key)
    return Payload(request, body, 200, {}, FETCHED, is_synthetic=False)


def read(envelope: object, key: str = DAILY_KEY) -> list[dict]:
    tables = parse(payload(json.dumps(envelope).encode(), key))
    assert tables["southbound_vendor_daily"].schema == SOUTHBOUND_VENDOR_DAILY.schema
    assert tables["southbound_vendor_holdings"].schema == SOUTHBOUND_VENDOR_HOLDINGS.schema
    kept, empty = sorted(tables.values(), key=len, reverse=True)
    assert empty.num_rows == 0
    return kept.to_pylist()


def damaged(envelope: dict, position: int = 0, **values: Any) -> dict:
    """Return the envelope with some fields of one record changed; `...` takes a field away."""
    copy = deepcopy(envelope)
    record = copy["result"]["data"][position]
    record |= values
    for name in [name for name, value in values.items() if value is ...]:
        del record[name]
    return copy


def with_records(envelope: dict, records: list[dict]) -> dict:
    result = {"pages": 1, "data": records, "count": len(records)}
    return {**envelope, "result": result}


@cache
def market() -> Market:
    return Market()


def test_totals_are_asked_per_channel_over_the_range_and_holdings_per_session():
    asked = requests([FIRST, LAST])
    assert [request.key for request in asked] == [
        "daily.002.json",
        "daily.004.json",
        "daily.006.json",
        "holdings.2024-09-02.json",
        "holdings.2024-09-03.json",
    ]
    assert asked[0].params["filter"] == (
        "(MUTUAL_TYPE=\"002\")(TRADE_DATE>='2024-09-02')(TRADE_DATE<='2024-09-03')"
    )
    assert (asked[0].first_session, asked[0].last_session) == (FIRST, LAST)
    assert "(TRADE_DATE='2024-09-02')" in asked[3].params["filter"]
    assert requests([]) == []


def test_a_long_range_is_asked_in_pages_of_a_thousand():
    asked = requests([dt.date(2014, 11, 17), dt.date(2024, 9, 2)])
    pages = [request for request in asked if request.key.startswith("daily.002")]
    assert [request.key for request in pages] == [
        "daily.002.json",
        "daily.002.p2.json",
        "daily.002.p3.json",
    ]
    assert [request.params["pageNumber"] for request in pages] == ["1", "2", "3"]
    assert len({request.fingerprint for request in pages}) == 3


@given(st.dates(dt.date(2014, 11, 17), dt.date(2040, 1, 1)), st.integers(0, 5000))
def test_the_pages_asked_for_hold_every_weekday_of_the_range(first, length):
    last = first + dt.timedelta(days=length)
    weekdays = sum((first + dt.timedelta(days=n)).weekday() < 5 for n in range(length + 1))
    assert 1000 * page_count(first, last) >= weekdays


def test_totals_are_read_in_millions_with_the_level_apart_from_the_flow():
    assert read(DAILY)[1] == {
        "trade_date": FIRST,
        "channel": "SSE",
        "buy_turnover_hkd_mn": Decimal("7000.00"),
        "sell_turnover_hkd_mn": Decimal("7500.00"),
        "net_buy_hkd_mn": Decimal("-500.00"),
        "total_turnover_hkd_mn": Decimal("14500.00"),
        "quota_flow_cny_mn": Decimal("-310.20"),
        "quota_balance_cny_mn": Decimal("42310.20"),
        "cumulative_net_buy_hkd_mn": Decimal("1233317.64"),
        "total_trades": 250_000,
    }


@pytest.mark.parametrize(("kind", "channel"), [("002", "SSE"), ("004", "SZSE"), ("006", "ALL")])
def test_the_records_own_type_names_its_channel(kind, channel):
    assert read(damaged(DAILY, MUTUAL_TYPE=kind))[0]["channel"] == channel


@pytest.mark.parametrize("kind", ["001", "003", "005"])
def test_northbound_records_give_no_row(kind):
    assert len(read(damaged(DAILY, MUTUAL_TYPE=kind))) == 1


MONEY_FIELDS = ["BUY_AMT", "SELL_AMT", "NET_DEAL_AMT", "DEAL_AMT", "FUND_INFLOW"]
MONEY_FIELDS += ["QUOTA_BALANCE", "ACCUM_DEAL_AMT"]


def test_amounts_keep_the_digits_that_were_sent_and_are_rounded_half_to_even():
    body = json.dumps(damaged(DAILY, BUY_AMT=1, SELL_AMT=2)).encode()
    body = body.replace(b'"BUY_AMT": 1,', b'"BUY_AMT": 1234567890123456.78,')
    body = body.replace(b'"SELL_AMT": 2,', b'"SELL_AMT": 9250.505,')
    row = parse(payload(body))["southbound_vendor_daily"].to_pylist()[0]
    assert row["buy_turnover_hkd_mn"] == Decimal("1234567890123456.78")
    assert row["sell_turnover_hkd_mn"] == Decimal("9250.50")


def test_a_row_that_is_not_settled_yet_is_no_row():
    unsettled = damaged(DAILY, **dict.fromkeys(MONEY_FIELDS), DEAL_NUM=None)
    assert [row["trade_date"] for row in read(unsettled)] == [FIRST]


@pytest.mark.parametrize("field", [*MONEY_FIELDS, "DEAL_NUM"])
def test_a_single_null_is_kept_as_null(field):
    (changed, *_), (whole, *_) = read(damaged(DAILY, **{field: None})), read(DAILY)
    nulls = [name for name in whole if changed[name] is None and whole[name] is not None]
    assert len(nulls) == 1


def test_trap_01_zeros_of_a_closed_day_are_handed_on_for_the_calendar_to_drop():
    zeros = dict.fromkeys(MONEY_FIELDS[:-1], 0.00)
    closed = damaged(DAILY, **zeros, TRADE_DATE="2025-02-03 00:00:00")
    row = read(closed)[0]
    assert row["net_buy_hkd_mn"] == 0
    assert not calendar.is_session(SOUTHBOUND_VENDOR_DAILY.calendar, row["trade_date"])


def test_holdings_are_read_in_shares_and_hkd():
    assert read(HOLDINGS, HOLDINGS_KEY)[0] == {
        "holding_date": FIRST,
        "security_code": "00700",
        "security_name": "发明00700",
        "held_shares": 1_000_000,
        "held_value_hkd": Decimal("380200000.0000"),
        "close_price": Decimal("380.200"),
        "held_pct_issued": 11.5,
        "share_change": 20_000,
        "share_change_value_hkd": Decimal("7630000.0000"),
        "value_change_1d_hkd": Decimal("-3920000.0000"),
        "value_change_5d_hkd": Decimal("-1000000.6000"),
        "value_change_10d_hkd": None,
    }


def test_trap_04_codes_are_read_from_the_vendors_spelling():
    assert [r["security_code"] for r in read(HOLDINGS, HOLDINGS_KEY)] == ["00700", "00005"]


def test_trap_08_the_same_rows_under_002_and_004_are_taken_once():
    records = HOLDINGS["result"]["data"]
    twice = records + [{**record, "MUTUAL_TYPE": "004"} for record in records]
    assert read(with_records(HOLDINGS, twice), HOLDINGS_KEY) == read(HOLDINGS, HOLDINGS_KEY)


def test_trap_08_other_figures_under_004_are_refused():
    record = HOLDINGS["result"]["data"][0]
    other = [record, {**record, "MUTUAL_TYPE": "004", "HOLD_SHARES": 1}]
    with pytest.raises(ParseError, match="record 1: security 00700 .* has other figures"):
        read(with_records(HOLDINGS, other), HOLDINGS_KEY)


def test_trap_09_value_of_bought_shares_and_change_of_value_are_two_columns():
    row = read(HOLDINGS, HOLDINGS_KEY)[0]
    assert row["share_change_value_hkd"] > 0 > row["value_change_1d_hkd"]
    described = {f.name: f.metadata[b"description"] for f in SOUTHBOUND_VENDOR_HOLDINGS.schema}
    assert b"flow-like" in described["share_change_value_hkd"]
    assert b"not a flow" in described["value_change_1d_hkd"]


QUOTA_ROW = {
    "TRADE_DATE": "2024-09-02 00:00:00",
    "MUTUAL_TYPE": "002",
    "status": 3,
    "dayNetAmtIn": 4200000.0,
    "dayAmtRemain": 0.0,
    "dayAmtThreshold": 4200000.0,
    "netBuyAmt": 28695.97,
}


@pytest.mark.parametrize("key", [DAILY_KEY, HOLDINGS_KEY])
def test_trap_10_the_quota_endpoint_is_never_taken_for_a_flow(key):
    with pytest.raises(ParseError, match="record 0: unknown field 'status'"):
        read(with_records(DAILY, [QUOTA_ROW]), key)


@pytest.mark.parametrize("form", ["jQuery1123_456({});", "cb({})", " a.b$({} ) ;\n", "{}"])
def test_a_jsonp_wrapper_changes_nothing(form):
    body = form.replace("{}", json.dumps(DAILY)).encode()
    assert parse(payload(body))["southbound_vendor_daily"].to_pylist() == read(DAILY)


@pytest.mark.parametrize(("code", "success"), [(0, True), (0, False), (9201, False)])
@pytest.mark.parametrize("key", [DAILY_KEY, HOLDINGS_KEY])
def test_a_null_result_is_two_empty_tables(key, code, success):
    empty = {"version": None, "result": None, "success": success, "message": "", "code": code}
    assert read(empty, key) == []


def page_two(count: int, held: int) -> Payload:
    first = dt.date(2018, 1, 2)
    request = next(r for r in requests([first, LAST]) if r.key == "daily.002.p2.json")
    model = DAILY["result"]["data"][0]
    days = [first + dt.timedelta(days=n) for n in range(held)]
    records = [{**model, "TRADE_DATE": f"{day} 00:00:00"} for day in days]
    result = {"pages": 2, "data": records, "count": count}
    return Payload(
        request, json.dumps({**DAILY, "result": result}).encode(), 200, {}, FETCHED, False
    )


def test_a_short_last_page_is_whole():
    assert parse(page_two(count=1300, held=300))["southbound_vendor_daily"].num_rows == 300


@pytest.mark.parametrize(
    ("count", "held", "message"),
    [
        (1300, 299, "page 2 holds 299 records instead of 300 of 1300"),
        (2500, 1000, "has 2500 records, more than the 2 pages asked for"),
        (1300, 1000, "page 2 holds 1000 records instead of 300"),
    ],
)
def test_a_page_cut_short_or_a_page_too_many_is_refused(count, held, message):
    with pytest.raises(ParseError, match=message):
        parse(page_two(count, held))


BUSY = {"success": False, "code": 9701, "message": "busy", "result": None}


@pytest.mark.parametrize(
    ("envelope", "message"),
    [
        (BUSY, "busy .code 9701., try again later"),
        ({**DAILY, "code": 9501, "result": None}, "refuses: code 9501"),
        ({**DAILY, "success": False}, "refuses: code 0"),
        ([], "is list, not an object"),
        ({"error": 500}, "has no 'result'"),
        ({**DAILY, "result": []}, "result: is list, not an object"),
        ({**DAILY, "result": {"data": None}}, "result.data: is NoneType, not an array"),
        ({**DAILY, "result": {"data": []}}, "result.count: is None"),
        (with_records(DAILY, ["x"]), "record 0: is str, not an object"),
        (damaged(DAILY, NEW_FIELD=1), "record 0: unknown field 'NEW_FIELD'"),
        (damaged(DAILY, BUY_AMT=...), "record 0: missing field 'BUY_AMT'"),
        (damaged(DAILY, MUTUAL_TYPE="007"), "MUTUAL_TYPE: is '007', known"),
        (damaged(DAILY, MUTUAL_TYPE=2), "MUTUAL_TYPE: is 2, not text"),
        (damaged(DAILY, TRADE_DATE="2024-09-03"), "TRADE_DATE: is '2024-09-03'"),
        (damaged(DAILY, TRADE_DATE="2024-13-03 00:00:00"), "TRADE_DATE: is"),
        (damaged(DAILY, TRADE_DATE=20240903), "TRADE_DATE: is 20240903, not text"),
        (damaged(DAILY, 1, TRADE_DATE="2024-09-03 00:00:00"), "SSE on 2024-09-03 comes twice"),
        (damaged(DAILY, BUY_AMT="9,250.5"), "BUY_AMT: is '9,250.5', not a number"),
        (damaged(DAILY, BUY_AMT="-"), "BUY_AMT: is '-', not a number"),
        (damaged(DAILY, BUY_AMT=True), "BUY_AMT: is True, not a number"),
        (damaged(DAILY, BUY_AMT=1e308), "BUY_AMT: is 1e.308, too large"),
        (damaged(DAILY, BUY_AMT=float("nan")), "holds NaN"),
        (damaged(DAILY, DEAL_NUM=1.5), "DEAL_NUM: is 1.5, not a whole number"),
        (damaged(DAILY, DEAL_NUM=2**63), "DEAL_NUM: is .* at most 64 bits"),
    ],
)
def test_a_deviation_of_the_totals_is_named(envelope, message):
    with pytest.raises(ParseError, match=message):
        read(envelope)


@pytest.mark.parametrize(
    ("envelope", "message"),
    [
        (BUSY, "busy .code 9701., try again later"),
        (damaged(HOLDINGS, HOLD_SHARES=...), "record 0: missing field 'HOLD_SHARES'"),
        (damaged(HOLDINGS, HOLD_SHARES=None), "HOLD_SHARES: is None, not a number"),
        (damaged(HOLDINGS, CLOSE_PRICE=None), "CLOSE_PRICE: is None"),
        (damaged(HOLDINGS, CLOSE_PRICE=1e10), "CLOSE_PRICE: is .*, too large"),
        (damaged(HOLDINGS, SECUCODE="600519.SH"), "SECUCODE: is '600519.SH'"),
        (damaged(HOLDINGS, SECURITY_NAME=None), "SECURITY_NAME: is None, not text"),
        (damaged(HOLDINGS, INTERVAL_TYPE="5"), "INTERVAL_TYPE: is '5', asked was one day"),
        (damaged(HOLDINGS, HOLD_DATE="2024-09-01 00:00:00"), "TRADE_DATE: is .* HOLD_DATE is"),
        (
            damaged(HOLDINGS, HOLD_DATE="2024-08-30 00:00:00", TRADE_DATE="2024-08-30 00:00:00"),
            "HOLD_DATE: is 2024-08-30, asked was 2024-09-02",
        ),
        (damaged(HOLDINGS, 1, SECUCODE="00700.HK"), "record 1: security 00700 .* comes twice"),
    ],
)
def test_a_deviation_of_the_holdings_is_named(envelope, message):
    with pytest.raises(ParseError, match=message):
        read(envelope, HOLDINGS_KEY)


def test_an_unknown_key_is_refused():
    request = Request(SOURCE.name, "daily.005.json", "https://example.test/", FIRST, LAST)
    with pytest.raises(ParseError, match="unknown key"):
        parse(Payload(request, b"{}", 200, {}, FETCHED, False))


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"\xff\xfe{", b"cb({);", b"{}{}"])
def test_other_bytes_are_refused(body):
    with pytest.raises(ParseError, match="is not JSON"):
        parse(payload(body))


@given(st.binary(max_size=100))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body):
    with pytest.raises(ParseError):
        parse(payload(body))


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.sampled_from([(DAILY_KEY, DAILY), (HOLDINGS_KEY, HOLDINGS)]), st.data(), JSON_VALUES)
def test_any_value_in_any_field_is_read_or_refused(source, data, value):
    key, envelope = source
    field = data.draw(st.sampled_from(sorted(envelope["result"]["data"][0])))
    try:
        rows = read(damaged(envelope, **{field: value}), key)
    except ParseError:
        return
    assert len(rows) <= 2


AMOUNTS = st.decimals(-(10**9), 10**9, places=2)


@settings(deadline=None)
@given(st.dictionaries(st.dates(FIRST, LAST), st.tuples(*[AMOUNTS] * 7), max_size=2))
def test_totals_written_in_the_format_are_read_back(days):
    model = DAILY["result"]["data"][0]
    records = [
        {**model, "TRADE_DATE": f"{day} 00:00:00"}
        | dict(zip(MONEY_FIELDS, map(float, amounts), strict=True))
        for day, amounts in days.items()
    ]
    names = ["buy_turnover_hkd_mn", "sell_turnover_hkd_mn", "net_buy_hkd_mn"]
    names += ["total_turnover_hkd_mn", "quota_flow_cny_mn", "quota_balance_cny_mn"]
    names += ["cumulative_net_buy_hkd_mn"]
    found = read(with_records(DAILY, records))
    assert {row["trade_date"]: tuple(row[name] for name in names) for row in found} == days


recorded = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded answers are not beside the project"
)


def recorded_payload(name: str, key: str) -> Payload:
    """Return a recorded answer, which its recorder cut: its request names no page size."""
    first, last = dt.date(2026, 8, 12), dt.date(2026, 8, 14)
    request = Request(SOURCE.name, key, "https://example.test/", first, last)
    return Payload(request, (RECORDED / name).read_bytes(), 200, {}, FETCHED, False)


@recorded
def test_the_recorded_holdings_keep_the_vendors_identities():
    answer = recorded_payload("hsgt_individual_hk_em_00700.json", "holdings.2026-08-14.json")
    newest, before, *_ = parse(answer)["southbound_vendor_holdings"].to_pylist()
    for row in (newest, before):
        assert row["security_code"] == "00700"
        assert row["held_value_hkd"] == row["held_shares"] * row["close_price"]
    assert newest["value_change_1d_hkd"] == newest["held_value_hkd"] - before["held_value_hkd"]
    assert newest["share_change"] == newest["held_shares"] - before["held_shares"]
    assert newest["share_change_value_hkd"] > 0 > newest["value_change_1d_hkd"]


@recorded
def test_the_recorded_northbound_history_gives_no_southbound_row():
    answer = recorded_payload("hsgt_hist_em.json", "daily.006.json")
    assert all(table.num_rows == 0 for table in parse(answer).values())


@recorded
def test_trap_10_the_recorded_quota_answer_is_refused():
    answer = recorded_payload("hsgt_fund_flow_summary_em.json", "daily.002.json")
    with pytest.raises(ParseError, match="unknown field"):
        parse(answer)


def sandbox(first: dt.date, last: dt.date) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {name: [] for name in SOURCE.tables}
    for request in requests(calendar.sessions(SOURCE.calendar, first, last)):
        body = render(market(), request).body
        for name, table in parse(Payload(request, body, 200, {}, FETCHED, True)).items():
            found[name] += table.to_pylist()
    return found


@cache
def spring() -> dict[str, list[dict]]:
    return sandbox(dt.date(2025, 1, 20), dt.date(2025, 2, 18))


def test_sandbox_totals_are_the_markets_and_both_channels_add_up():
    rows = {(r["trade_date"], r["channel"]): r for r in spring()["southbound_vendor_daily"]}
    days = {day for day, _ in rows if calendar.is_session("CONNECT", day)}
    assert len(days) == 16
    for day in days:
        sse, szse, both = (rows[day, channel] for channel in ("SSE", "SZSE", "ALL"))
        totals = market().connect_totals(day, "SSE")
        assert totals is not None
        assert (sse["buy_turnover_hkd_mn"], sse["total_trades"]) == (
            totals.buy_hkd_mn,
            totals.total_trades,
        )
        for name in ("buy_turnover_hkd_mn", "net_buy_hkd_mn", "cumulative_net_buy_hkd_mn"):
            assert both[name] == sse[name] + szse[name]
        assert sse["quota_flow_cny_mn"] + sse["quota_balance_cny_mn"] == 42_000


def test_sandbox_cumulative_net_buy_moves_by_the_days_net_buy():
    rows = [r for r in spring()["southbound_vendor_daily"] if r["channel"] == "SZSE"]
    rows.sort(key=lambda row: row["trade_date"])
    for before, row in zip(rows, rows[1:], strict=False):
        step = row["cumulative_net_buy_hkd_mn"] - before["cumulative_net_buy_hkd_mn"]
        assert step == row["net_buy_hkd_mn"]


def test_sandbox_cumulative_net_buy_begins_with_the_first_session():
    start = calendar.CONNECT_START
    (row,) = (r for r in sandbox(start, start)["southbound_vendor_daily"] if r["channel"] == "ALL")
    assert row["cumulative_net_buy_hkd_mn"] == row["net_buy_hkd_mn"] != 0


def test_sandbox_prints_zeros_when_only_hong_kong_trades():
    rows = spring()["southbound_vendor_daily"]
    closed = [row for row in rows if not calendar.is_session("CONNECT", row["trade_date"])]
    assert {row["trade_date"] for row in closed} == {
        dt.date(2025, 1, 28),
        dt.date(2025, 2, 3),
        dt.date(2025, 2, 4),
    }
    assert not any(row["total_turnover_hkd_mn"] for row in closed)


def test_sandbox_holdings_are_those_of_the_settlement_system_valued_at_the_close():
    rows = spring()["southbound_vendor_holdings"]
    assert {row["holding_date"] for row in rows} == set(
        calendar.sessions("CONNECT", dt.date(2025, 1, 20), dt.date(2025, 2, 18))
    )
    values = {(row["holding_date"], row["security_code"]): row["held_value_hkd"] for row in rows}
    for row in rows:
        day, code = row["holding_date"], row["security_code"]
        assert row["held_shares"] == holdings_of(market()).on(day)[code]
        assert row["held_value_hkd"] == row["held_shares"] * row["close_price"]
        before = values.get((calendar.previous_session("CONNECT", day), code))
        if before is not None:
            assert row["value_change_1d_hkd"] == row["held_value_hkd"] - before


def test_sandbox_split_is_in_the_change_of_shares_and_not_in_its_value():
    ((item, split),) = ((i, s) for i in market().listings for s in market().splits(i.symbol))
    found = sandbox(split.ex_date, split.ex_date)["southbound_vendor_holdings"]
    row = next(row for row in found if row["security_code"] == item.code)
    assert row["share_change"] > row["held_shares"] / 2
    assert abs(row["share_change_value_hkd"]) < row["held_value_hkd"] / 100


def test_sandbox_gives_the_same_holdings_under_002_and_004():
    asked = requests([FIRST])[-1]
    other = {**asked.params, "filter": asked.params["filter"].replace('"002"', '"004"')}
    shenzhen = Request(asked.source, asked.key, asked.url, FIRST, FIRST, params=other)
    tables = [
        parse(Payload(request, render(market(), request).body, 200, {}, FETCHED, True))
        for request in (asked, shenzhen)
    ]
    assert tables[0] == tables[1]


def test_sandbox_pages_hold_all_days_once():
    asked = requests([dt.date(2018, 1, 2), dt.date(2024, 9, 2)])
    pages = [request for request in asked if request.key.startswith("daily.006")]
    days = [
        row["trade_date"]
        for request in pages
        for row in parse(Payload(request, render(market(), request).body, 200, {}, FETCHED, True))[
            "southbound_vendor_daily"
        ].to_pylist()
    ]
    assert len(pages) == 2
    assert sorted(days) == calendar.sessions("XHKG", dt.date(2018, 1, 2), dt.date(2024, 9, 2))


def test_sandbox_page_beyond_the_last_is_a_null_result():
    asked = requests([FIRST])[0]
    beyond = Request(
        asked.source, asked.key, asked.url, FIRST, FIRST, params={**asked.params, "pageNumber": "2"}
    )
    assert json.loads(render(market(), beyond).body)["result"] is None


@pytest.mark.parametrize(
    "params",
    [{}, {"reportName": "RPT_MUTUAL_QUOTA"}, {"reportName": "RPT_MUTUAL_DEAL_HISTORY"}]
    + [{**requests([FIRST])[0].params, "pageNumber": "x"}],
)
def test_sandbox_refuses_what_it_does_not_understand(params):
    asked = route("GET", "/api/data/v1/get", params, {})
    assert asked is not None
    answer = json.loads(render(market(), asked).body)
    assert (answer["success"], answer["result"]) == (False, None)


def test_sandbox_wraps_its_answer_when_a_callback_is_named():
    asked = requests([FIRST])[0]
    wrapped = route("GET", "/api/data/v1/get", {**asked.params, "callback": "jQuery1"}, {})
    plain = render(market(), asked).body
    assert render(market(), wrapped).body == b"jQuery1(" + plain + b");"


def test_sandbox_addresses_lead_back_to_their_requests():
    for asked in requests([FIRST, LAST]):
        path = asked.url.removeprefix(f"https://{HOSTS[0]}")
        assert route("GET", path, dict(asked.params), {}) == asked
    assert route("POST", "/api/data/v1/get", {}, {}) is None
    assert route("GET", "/api/qt/stock/get", {}, {}) is None
