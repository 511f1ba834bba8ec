"""Source card: Eastmoney data center, southbound totals per day and holdings per security.

Home: https://data.eastmoney.com/hsgt/
Terms: unofficial endpoint of a vendor, no licence to redistribute. One request a second at most;
back off when it says it is busy (code 9701).
Published: totals in the evening, holdings the next morning; the later of the two is the lag.
Units: totals in HKD mn, quota in CNY mn, counts in trades; holdings in shares and HKD.
A second opinion on the exchange's own files, never their replacement.

Known oddities:
* MUTUAL_TYPE 002 is Shanghai's southbound, 004 Shenzhen's, 006 both; 001, 003 and 005 are
  northbound and give no row. Holdings come identically under 002 and 004 and are taken once.
* Totals are null until settled; a row without any figure is no row. A closed day may print 0.00,
  which is handed on (the calendar drops it).
* FUND_INFLOW is quota used (RMB, unfilled orders included), NET_DEAL_AMT is net buying (HKD), and
  ACCUM_DEAL_AMT is net buying since the start, a level.
* ADD_MARKET_CAP is the change of shares at an average price; HOLD_MARKETCAP_CHG1, 5 and 10 are
  changes of market value, price move included. TOTAL_SHARES_RATIO is not what it says: not read.
* The live quota report is not read: after the close its dayNetAmtIn is the whole quota, no inflow.

Here lives how to ask and what the fields mean. No IO.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from data_lake.tables.southbound_vendor_daily import SOUTHBOUND_VENDOR_DAILY
from data_lake.tables.southbound_vendor_holdings import SOUTHBOUND_VENDOR_HOLDINGS
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._codes import five_digits
from orchestration.sources._eastmoney import (
    API,
    PAGE_SIZE,
    Fixed,
    day_of,
    optional_whole,
    page_parameters,
    records,
)
from orchestration.sources._eastmoney_fields import DAILY_FIELDS, HOLDINGS_FIELDS
from orchestration.sources._strict_json import fail, number, placed, text, whole_number
from orchestration.sources.base import ParseError, Payload, Request, Source

NAME = "eastmoney_southbound"
DATE = "TRADE_DATE"
DAILY_REPORT = "RPT_MUTUAL_DEAL_HISTORY"
HOLDINGS_REPORT = "RPT_MUTUAL_STOCK_HOLDRANKS"
CHANNELS = {"002": "SSE", "004": "SZSE", "006": "ALL"}
NORTHBOUND = ("001", "003", "005")
DAILY_KEY = re.compile(r"daily\.(?:002|004|006)(?:\.p[2-9])?\.json", re.ASCII)
HOLDINGS_KEY = re.compile(r"holdings\.[0-9]{4}-[0-9]{2}-[0-9]{2}\.json", re.ASCII)
MONEY = {
    "BUY_AMT": "buy_turnover_hkd_mn",
    "SELL_AMT": "sell_turnover_hkd_mn",
    "NET_DEAL_AMT": "net_buy_hkd_mn",
    "DEAL_AMT": "total_turnover_hkd_mn",
    "FUND_INFLOW": "quota_flow_cny_mn",
    "QUOTA_BALANCE": "quota_balance_cny_mn",
    "ACCUM_DEAL_AMT": "cumulative_net_buy_hkd_mn",
}
"""Amounts of a day and their columns, in the order of the table."""
CHANGES = {
    "ADD_MARKET_CAP": "share_change_value_hkd",
    "HOLD_MARKETCAP_CHG1": "value_change_1d_hkd",
    "HOLD_MARKETCAP_CHG5": "value_change_5d_hkd",
    "HOLD_MARKETCAP_CHG10": "value_change_10d_hkd",
}
"""Changes of a holding's value and their columns, in the order of the table."""
AMOUNT, VALUE, PRICE = Fixed(2, digits=18), Fixed(4, digits=22), Fixed(3, digits=12)
DAILY_ROWS = ArrowRows(SOUTHBOUND_VENDOR_DAILY.schema)
HOLDING_ROWS = ArrowRows(SOUTHBOUND_VENDOR_HOLDINGS.schema)


def page_count(first: dt.date, last: dt.date) -> int:
    """Return how many pages of totals cover a range, closed weekdays counted in."""
    weekdays = 5 * ((last - first).days // 7 + 1)
    return -(-weekdays // PAGE_SIZE)


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return the pages of each channel's totals over the range, and one request per holding date.

    A page beyond the last one answers with a null result, which is an empty table.
    """
    if not sessions:
        return []
    first, last = min(sessions), max(sessions)
    pages = range(1, page_count(first, last) + 1)
    daily = [_daily(kind, page, first, last) for kind in CHANNELS for page in pages]
    begin = SOUTHBOUND_VENDOR_HOLDINGS.records_begin
    return daily + [_holdings_on(day) for day in sessions if day >= begin]


def _daily(kind: str, page: int, first: dt.date, last: dt.date) -> Request:
    filters = f"(MUTUAL_TYPE=\"{kind}\")(TRADE_DATE>='{first}')(TRADE_DATE<='{last}')"
    suffix = "" if page == 1 else f".p{page}"
    key, params = f"daily.{kind}{suffix}.json", page_parameters(DAILY_REPORT, filters, DATE, page)
    return Request(NAME, key, API, first, last, params=params)


def _holdings_on(day: dt.date) -> Request:
    filters = f'(INTERVAL_TYPE="1")(RN=1)(MUTUAL_TYPE="002")(TRADE_DATE=\'{day}\')'
    params = page_parameters(HOLDINGS_REPORT, filters, "HOLD_MARKET_CAP", 1)
    return Request(NAME, f"holdings.{day}.json", API, day, day, params=params)


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `southbound_vendor_daily` or `southbound_vendor_holdings`; the other one is empty.

    Raises:
        ParseError: an unknown key, a busy or refusing publisher, another report's fields, a lost
            page, a date outside the asked range, a key that comes twice, or a wrong value.
    """
    request = payload.request
    key, first, last = request.key, request.first_session, request.last_session
    file = f"{NAME}/{key}"
    daily: list[tuple[Any, ...]] = []
    holdings: list[tuple[Any, ...]] = []
    if DAILY_KEY.fullmatch(key):
        daily = _daily_rows(file, records(file, payload, DAILY_FIELDS, page_count(first, last)))
    elif HOLDINGS_KEY.fullmatch(key):
        holdings = _holding_rows(file, records(file, payload, HOLDINGS_FIELDS, 1), first, last)
    else:
        fail(file, "unknown key, expected daily.<type>.json or holdings.YYYY-MM-DD.json")
    return {
        "southbound_vendor_daily": DAILY_ROWS.table(daily),
        "southbound_vendor_holdings": HOLDING_ROWS.table(holdings),
    }


def _daily_rows(file: str, found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for position, record in enumerate(found):
        try:
            row = _daily_row(record)
            if row and rows.setdefault(row[:2], row) is not row:
                fail("", f"{row[1]} on {row[0]} comes twice")
        except ParseError as error:
            raise placed(f"{file} record {position}", error) from error
    return list(rows.values())


def _daily_row(record: dict[str, Any]) -> tuple[Any, ...]:
    """Return a row of `southbound_vendor_daily`, nothing for northbound or without any amount."""
    channel = _channel(record)
    day = day_of(DATE, record[DATE])
    amounts = AMOUNT.read_optional(record, MONEY)
    if channel is None or amounts == [None] * len(MONEY):
        return ()
    return (day, channel, *amounts, optional_whole("DEAL_NUM", record["DEAL_NUM"]))


def _channel(record: dict[str, Any]) -> str | None:
    """Return the southbound channel of a record, None for northbound."""
    kind = record["MUTUAL_TYPE"]
    if isinstance(kind, str) and kind in CHANNELS:
        return CHANNELS[kind]
    if text("MUTUAL_TYPE", kind) not in NORTHBOUND:
        fail("MUTUAL_TYPE", f"is {kind!r}, known: 001 to 006")
    return None


def _holding_rows(
    file: str, found: list[dict[str, Any]], first: dt.date, last: dt.date
) -> list[tuple[Any, ...]]:
    rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    seen: set[tuple[str, tuple[Any, ...]]] = set()
    for position, record in enumerate(found):
        try:
            channel = _channel(record)
            if channel is None:
                continue
            row = _holding(record, first, last)
            day, code = key = row[:2]
            if (channel, key) in seen:
                fail("", f"security {code} on {day} comes twice")
            if rows.setdefault(key, row) != row:
                fail("", f"security {code} on {day} has other figures under another MUTUAL_TYPE")
        except ParseError as error:
            raise placed(f"{file} record {position}", error) from error
        seen.add((channel, key))
    return list(rows.values())


def _holding(record: dict[str, Any], first: dt.date, last: dt.date) -> tuple[Any, ...]:
    """Return a row of `southbound_vendor_holdings`."""
    day = day_of("HOLD_DATE", record["HOLD_DATE"])
    if record[DATE] != record["HOLD_DATE"]:
        fail(DATE, f"is {record[DATE]!r}, but HOLD_DATE is {day}")
    if record["INTERVAL_TYPE"] != "1":
        fail("INTERVAL_TYPE", f"is {record['INTERVAL_TYPE']!r}, asked was one day")
    if not first <= day <= last:
        fail("HOLD_DATE", f"is {day}, asked was {first} to {last}")
    ratio = record["HOLD_SHARES_RATIO"]
    return (
        day,
        five_digits("SECUCODE", text("SECUCODE", record["SECUCODE"])),
        text("SECURITY_NAME", record["SECURITY_NAME"]),
        whole_number("HOLD_SHARES", record["HOLD_SHARES"]),
        VALUE.read("HOLD_MARKET_CAP", record["HOLD_MARKET_CAP"]),
        PRICE.read("CLOSE_PRICE", record["CLOSE_PRICE"]),
        None if ratio is None else number("HOLD_SHARES_RATIO", ratio),
        optional_whole("HOLD_SHARES_CHANGE", record["HOLD_SHARES_CHANGE"]),
        *VALUE.read_optional(record, CHANGES),
    )


SOURCE = Source(
    name=NAME,
    tables=("southbound_vendor_daily", "southbound_vendor_holdings"),
    requests=requests,
    parse=parse,
    calendar="CONNECT",
    publish_lag=dt.timedelta(hours=16),
    revision_window=dt.timedelta(days=7),
    evidence_grade="vendor",
    license="Vendor's unofficial endpoint: no redistribution",
    home="https://data.eastmoney.com/hsgt/",
)
