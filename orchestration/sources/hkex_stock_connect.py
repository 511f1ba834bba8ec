"""Source card: HKEX Stock Connect daily statistics, one JavaScript file per session.

Home: https://www.hkex.com.hk/Mutual-Market/Stock-Connect/Statistics/Historical-Daily
Terms: HKEX data; no redistribution without a licence. One request a second at most.
Published: 17:27-17:32 Hong Kong time on the session; kept for about half a year, so history
older than that exists only in a landing zone.
Units: the trading table is in millions (HKD southbound, RMB northbound), the top-10 table in
units of currency; counts are trades.

Known oddities:
* The file assigns JSON to a variable, `tabData = [...]`, sometimes with a byte order mark or a
  closing semicolon. Four blocks: northbound and southbound of Shanghai (SSE) and Shenzhen (SZSE).
  SZSE opened on 2016-12-05.
* The trading table is transposed: the i-th column name belongs to the i-th row. Column sets differ
  by direction and year, hence every cell is read by name. ETF turnover arrived in July 2022.
* When Hong Kong trades and the mainland does not, southbound prints 0.00 and northbound `-`; on
  some Hong Kong holidays every cell is `-`. A zero is handed on (the calendar drops it), a block
  of dashes is no row.
* Northbound blocks are not read: HKEX publishes no northbound net buying since August 2024.

Here lives how to ask and how to read. No IO, and no opinion on whether a session existed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NoReturn

import pyarrow as pa

from data_lake.tables import TABLES
from orchestration.sources._tab_data import check_columns, fail, named_table, southbound_blocks
from orchestration.sources.base import Payload, Request, Source

NAME = "hkex_stock_connect"
URL = "https://www.hkex.com.hk/eng/csm/DailyStat/data_tab_daily_{day:%Y%m%d}e.js"
TRADING_COLUMNS = {
    "Buy Turnover": "buy_turnover_hkd_mn",
    "Sell Turnover": "sell_turnover_hkd_mn",
    "Total Turnover": "total_turnover_hkd_mn",
    "Buy Trade Count": "buy_trades",
    "Sell Trade Count": "sell_trades",
    "Total Trade Count": "total_trades",
    "ETF Turnover": "etf_turnover_hkd_mn",
}
TOP10_COLUMNS = {
    "Rank": "rank",
    "Stock Code": "security_code",
    "Stock Name": "security_name",
    "Buy Turnover": "buy_turnover_hkd",
    "Sell Turnover": "sell_turnover_hkd",
    "Total Turnover": "total_turnover_hkd",
}
COUNTS = ("Buy Trade Count", "Sell Trade Count", "Total Trade Count")
DASH = "-"
MONEY = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?:\.[0-9]{1,2})?")
COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,18}")
CODE = re.compile(r"[0-9]{1,5}")
DAILY_ROW = pa.struct(list(TABLES["southbound_daily"].schema))
TOP10_ROW = pa.struct(list(TABLES["southbound_top10"].schema))


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per Hong Kong session."""
    return [
        Request(
            source=NAME,
            key=f"{day:%Y-%m-%d}.js",
            url=URL.format(day=day),
            first_session=day,
            last_session=day,
        )
        for day in sessions
    ]


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Read one daily file: channel totals in HKD mn, top-10 amounts in HKD.

    Raises:
        ParseError: the body is not the publisher's format, or is about another day.
    """
    file = f"{NAME}/{payload.request.key}"
    day = payload.request.first_session
    daily: list[tuple[Any, ...]] = []
    top10: list[tuple[Any, ...]] = []
    for market, block in southbound_blocks(file, payload.body, day).items():
        where = f"{file}: {market}"
        own = (day, market.partition(" ")[0])
        totals = _trading_row(where, block)
        if totals:
            daily.append(own + totals)
        top10 += [own + row for row in _top10_rows(where, block)]
    return {
        "southbound_daily": _table(daily, DAILY_ROW),
        "southbound_top10": _table(top10, TOP10_ROW),
    }


def _table(rows: list[tuple[Any, ...]], row: pa.StructType) -> pa.Table:
    # So few rows that one conversion of all of them costs less than one of each column.
    return pa.Table.from_struct_array(pa.array(rows, row))


def _trading_row(where: str, block: dict[str, Any]) -> tuple[Any, ...]:
    """Return the totals in the order of the table, or nothing where each is a dash."""
    names, cells = named_table(where, block, "tradingTable")
    where = f"{where} tradingTable"
    check_columns(where, names, TRADING_COLUMNS)
    if len(cells) != len(names) or any(len(cell) != 1 for cell in cells):
        fail(where, f"{len(names)} columns but not one cell for each")
    texts = {name: cell[0].strip() for name, cell in zip(names, cells, strict=True)}
    if all(text == DASH for text in texts.values()):
        return ()
    for name, text in texts.items():
        if not (COUNT if name in COUNTS else MONEY).fullmatch(text):
            kind = "a whole number" if name in COUNTS else "an amount with at most two decimals"
            fail(f"{where}: {name}", f"{text!r} is not {kind}")
    row = []
    for name in TRADING_COLUMNS:
        digits = texts[name].replace(",", "") if name in texts else None
        row.append(digits and (int(digits) if name in COUNTS else Decimal(digits)))
    return tuple(row)


def _top10_rows(where: str, block: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the ranked securities, each in the order of the table."""
    names, rows = named_table(where, block, "top10Table")
    where = f"{where} top10Table"
    check_columns(where, names, TOP10_COLUMNS)
    places = [names.index(name) for name in TOP10_COLUMNS]
    read = []
    for number, cells in enumerate(rows, start=1):
        if len(cells) != len(names):
            fail(f"{where} row {number}", f"{len(cells)} cells for {len(names)} columns")
        rank, code, name, *money = [cells[place].strip() for place in places]
        if code == DASH:
            continue
        place = int(rank.replace(",", "")) if COUNT.fullmatch(rank) else 0
        if not (1 <= place <= 10 and CODE.fullmatch(code) and all(map(COUNT.fullmatch, money))):
            _refuse_top10_row(f"{where} row {number}", rank, code, money)
        amounts = [int(text.replace(",", "")) for text in money]
        read.append((place, code.zfill(5), name, *amounts))
    return read


def _refuse_top10_row(where: str, rank: str, code: str, money: list[str]) -> NoReturn:
    if not COUNT.fullmatch(rank):
        fail(f"{where}: Rank", f"{rank!r} is not a whole number")
    if not 1 <= int(rank.replace(",", "")) <= 10:
        fail(where, f"Rank {rank} is not 1 to 10")
    if not CODE.fullmatch(code):
        fail(where, f"Stock Code {code!r} is not one to five digits")
    named = zip(list(TOP10_COLUMNS)[3:], money, strict=True)
    name, text = next(pair for pair in named if not COUNT.fullmatch(pair[1]))
    fail(f"{where}: {name}", f"{text!r} is not a whole number")


SOURCE = Source(
    name=NAME,
    tables=("southbound_daily", "southbound_top10"),
    requests=requests,
    parse=parse,
    calendar="XHKG",
    publish_lag=dt.timedelta(minutes=90),
    revision_window=dt.timedelta(days=3),
    evidence_grade="official",
    license="HKEX market data: own use only, no redistribution without a licence",
    home="https://www.hkex.com.hk/Mutual-Market/Stock-Connect/Statistics/Historical-Daily",
)
