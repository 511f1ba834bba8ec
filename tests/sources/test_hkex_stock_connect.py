"""How the Stock Connect daily file is read: by name, strictly, and never with another error."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_lake.tables import TABLES
from orchestration.sources.base import ParseError, Payload
from orchestration.sources.hkex_stock_connect import SOURCE

SAMPLES = Path(__file__).parents[1] / "samples" / "hkex_stock_connect"
RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "replay" / SOURCE.name
DAY = dt.date(2024, 1, 2)
CLOSED = dt.date(2025, 2, 3)
BODY = (SAMPLES / "2024-01-02.js").read_bytes()
CLOSED_BODY = (SAMPLES / "2025-02-03-closed.js").read_bytes()
SSE_TOTAL = b'[["12,345.67"]]'


def read(body: bytes, day: dt.date = DAY):
    (request,) = SOURCE.requests([day])
    fetched = dt.datetime(2024, 1, 3, tzinfo=dt.UTC)
    tables = SOURCE.parse(Payload(request, body, 200, {}, fetched, is_synthetic=False))
    for name in SOURCE.tables:
        assert tables[name].schema.equals(TABLES[name].schema)
    return {name: table.to_pylist() for name, table in tables.items()}


def refused(body: bytes, day: dt.date = DAY) -> str:
    with pytest.raises(ParseError) as error:
        read(body, day)
    return str(error.value)


def test_each_session_is_one_request_for_its_dated_file():
    first, second = SOURCE.requests([DAY, CLOSED])
    assert first.key == "2024-01-02.js"
    assert first.url.endswith("/eng/csm/DailyStat/data_tab_daily_20240102e.js")
    assert (second.first_session, second.last_session) == (CLOSED, CLOSED)


def test_trap_03_transposed_totals_are_read_by_column_name_whatever_the_order():
    sse, szse = read(BODY)["southbound_daily"]
    assert sse == {
        "trade_date": DAY,
        "channel": "SSE",
        "buy_turnover_hkd_mn": Decimal("6000.17"),
        "sell_turnover_hkd_mn": Decimal("6345.50"),
        "total_turnover_hkd_mn": Decimal("12345.67"),
        "buy_trades": 150_000,
        "sell_trades": 151_000,
        "total_trades": 301_000,
        "etf_turnover_hkd_mn": Decimal("512.30"),
    }
    assert szse["buy_turnover_hkd_mn"] == Decimal("4000.00")
    assert szse["total_trades"] == 200_000


def test_etf_turnover_is_null_where_the_column_did_not_exist_yet():
    assert read(BODY)["southbound_daily"][1]["etf_turnover_hkd_mn"] is None


def test_top10_codes_are_padded_names_trimmed_and_unfilled_ranks_skipped():
    rows = read(BODY)["southbound_top10"]
    assert [(row["channel"], row["rank"], row["security_code"]) for row in rows] == [
        ("SSE", 1, "00700"),
        ("SSE", 2, "03690"),
        ("SSE", 3, "01810"),
        ("SZSE", 1, "00981"),
    ]
    assert rows[2]["security_name"] == "XIAOMI-W"
    assert rows[0]["buy_turnover_hkd"] == 800_000_100


def test_trap_02_channel_totals_are_in_millions_and_the_top_ten_in_units():
    tables = read(BODY)
    total = tables["southbound_daily"][0]["total_turnover_hkd_mn"] * 1_000_000
    ranked = [row for row in tables["southbound_top10"] if row["channel"] == "SSE"]
    together = sum(row["total_turnover_hkd"] for row in ranked)
    assert total / 100 < together < total, "the same money, printed in two units"


def test_a_closed_channel_printed_as_zero_is_a_row_and_printed_as_dashes_is_none():
    tables = read(CLOSED_BODY, CLOSED)
    (row,) = tables["southbound_daily"]
    assert (row["channel"], row["total_turnover_hkd_mn"]) == ("SSE", Decimal("0.00"))
    assert tables["southbound_top10"] == []


@pytest.mark.parametrize(
    "body",
    [b"\xef\xbb\xbf" + BODY, BODY.rstrip().rstrip(b";"), BODY.replace(b"tabData = ", b"tabData=")],
    ids=["byte order mark", "no semicolon", "no spaces"],
)
def test_harmless_variants_of_the_wrapper_read_the_same(body):
    assert read(body) == read(BODY)


def test_before_shenzhen_opened_its_blocks_may_be_absent():
    day = dt.date(2016, 12, 2)
    body = BODY.replace(b"2024-01-02", b"2016-12-02")
    only_sse = body[: body.index(b' {"id":2')].rstrip().rstrip(b",") + b"];"
    assert [row["channel"] for row in read(only_sse, day)["southbound_daily"]] == ["SSE"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b"tabData = ", b"<!DOCTYPE html>", "is HTML, not"),
        (b"tabData = ", b"other = ", "tabData ="),
        (b"];", b"", "not JSON"),
        (b'"market":"SSE Southbound"', b'"market":"SSE Eastbound"', "SSE Eastbound"),
        (b'{"id":1,', b'{"id":3,', "SSE Southbound has id 3"),
        (b'{"id":1,"date":"2024-01-02"', b'{"id":1,"date":"2024-01-03"', "2024-01-03"),
        (b'"tradingDay":true', b'"tradingDay":2', "tradingDay 2"),
        (b'"Total Turnover","Buy Turnover","Sell Turnover","Total Trade Count"',
         b'"Total Turnover","Buy Turnover","Net Turnover","Total Trade Count"', "'Net Turnover'"),
        (b'"Sell Turnover","Total Trade Count","Buy Turnover"',
         b'"Sell Turnover","Total Trade Count","Total Turnover"', "'Buy Turnover'"),
        (b'{"td":[["4,100.10"]]},', b"", "one cell for each"),
        (SSE_TOTAL, b'[["-"]]', "Total Turnover: '-'"),
        (SSE_TOTAL, b'[["12,34.67"]]', "'12,34.67'"),
        (SSE_TOTAL, b'[["12,345.678"]]', "'12,345.678'"),
        (SSE_TOTAL, b'[["-12,345.67"]]', "'-12,345.67'"),
        (SSE_TOTAL, b'[[12345.67]]', "lists of texts"),
        (SSE_TOTAL, b'[["1","2"]]', "one cell for each"),
        (b'"301,000"', b'"301,000.5"', "Total Trade Count"),
        (b'"1","00700"', b'"11","00700"', "Rank 11"),
        (b'"1","00700"', b'"1","HK700"', "'HK700'"),
        (b'"00700","TENCENT"', b'"00700","\\ud800"', "lists of texts"),
        (b'"classname":"top10Table"', b'"classname":"top20Table"', "top10Table"),
        (b"800,000,100", b"-", "Buy Turnover"),
    ],
)  # fmt: skip
def test_anything_strange_is_refused_with_its_name(old, new, named):
    assert old in BODY
    message = refused(_replace_southbound(old, new))
    assert named in message
    assert "2024-01-02.js" in message


@pytest.mark.parametrize(
    ("new", "named"),
    [
        (b'"0","00981","SMIC","500,000,000"', "row 1: Rank 0 is not 1 to 10"),
        (b'"1","00981X","SMIC","500,000,000"', "row 1: Stock Code '00981X'"),
        (b'"1","00981","SMIC","5,00,000,000"', "row 1: Buy Turnover: '5,00,000,000'"),
        (b'"1","00981","500,000,000"', "row 1: 5 cells for 6 columns"),
        (b'"1","00981\\tSMIC","500,000,000"', "row 1: 5 cells for 6 columns"),
        (b'"1\\t00981","SMIC","x","500,000,000"', "row 1: Rank: '1\\t00981'"),
    ],
)
def test_a_fault_in_a_table_that_is_otherwise_plain_is_named(new, named):
    plain = b'"1","00981","SMIC","500,000,000"'
    assert BODY.count(plain) == 1
    assert f"SZSE Southbound top10Table {named}" in refused(BODY.replace(plain, new))


@pytest.mark.parametrize("name", [b"", b" SMIC ", b"SM\\tIC", b"SM,IC"])
def test_any_name_is_taken_from_a_row(name):
    body = BODY.replace(b'"SMIC"', b'"' + name + b'"')
    (row,) = (row for row in read(body)["southbound_top10"] if row["security_code"] == "00981")
    assert row["security_name"] == json.loads(b'"' + name + b'"').strip()
    assert row["buy_turnover_hkd"] == 500_000_000


def _replace_southbound(old: bytes, new: bytes) -> bytes:
    """Replace the first occurrence from the SSE southbound block on, else the first of all."""
    start = BODY.index(b' {"id":1')
    head, tail = BODY[:start], BODY[start:]
    return head + tail.replace(old, new, 1) if old in tail else BODY.replace(old, new, 1)


def test_a_missing_or_doubled_southbound_block_is_refused():
    start, end = BODY.index(b' {"id":1'), BODY.index(b' {"id":2')
    assert "SSE Southbound is missing" in refused(BODY[:start] + BODY[end:])
    assert "appears twice" in refused(BODY[:end] + BODY[start:])


def test_a_file_about_another_day_is_refused():
    assert "not the requested 2025-02-03" in refused(BODY, CLOSED)


def test_json_nested_beyond_the_stack_is_refused():
    assert "not JSON" in refused(b"tabData = " + b"[" * 200_000)


@pytest.mark.parametrize(
    "fragment", [b"[1]", b"[[]]", b"{}", b"null", b"[null]", b'[{"market":[]}]']
)
def test_json_of_another_shape_is_refused(fragment):
    refused(b"tabData = " + fragment)


@given(st.binary(max_size=300), st.booleans())
def test_arbitrary_bytes_raise_nothing_but_parse_error(noise, has_prefix):
    refused((b"tabData = " if has_prefix else b"") + noise)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(BODY) - 1),
    st.integers(0, 40),
    st.one_of(st.binary(max_size=8), st.sampled_from([b'"', b"[", b"{}", b"null", b"1e999", b"-"])),
)
def test_a_damaged_file_is_read_or_refused(position, removed, noise):
    body = BODY[:position] + noise + BODY[position + removed :]
    try:
        read(body)
    except ParseError as error:
        assert str(error).startswith("hkex_stock_connect/2024-01-02.js")


@pytest.mark.skipif(not RECORDED.is_dir(), reason="recorded payloads are not on this machine")
def test_recorded_file_gives_the_net_buying_that_another_collector_published():
    day = dt.date(2026, 7, 16)
    rows = read((RECORDED / f"{day}.js").read_bytes(), day)["southbound_daily"]
    net = sum(row["buy_turnover_hkd_mn"] - row["sell_turnover_hkd_mn"] for row in rows)
    assert net == Decimal("5039.48")
