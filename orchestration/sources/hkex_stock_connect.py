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
from orchestration.sources._arrow_rows import ArrowRows
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
COUNT = re.compile(r"[0-9]{1,3}+(?:,[0-9]{3}){1,5}+|[0-9]{1,18}+")
CODE = re.compile(r"[0-9]{1,5}")
PLAIN_TOP10 = re.compile(
    rf"(?:(?:[1-9]|10)\t{CODE.pattern}\t\S(?:[^\t\n]*\S)?+"
    + rf"\t(?:{COUNT.pattern})" * 3
    + r"(?:\n|\Z))+"
)
DAILY_ROWS = ArrowRows(TABLES["southbound_daily"].schema)
TOP10_ROWS = ArrowRows(TABLES["southbound_top10"].schema)


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
        channel = market.partition(" ")[0]
        totals = _trading_row(where, block)
        if totals:
            daily.append((day, channel, *totals))
        top10 += [(day, channel, *row) for row in _top10_rows(where, block)]
    return {
        "southbound_daily": DAILY_ROWS.table(daily),
        "southbound_top10": TOP10_ROWS.table(top10),
    }


def _trading_row(where: str, block: dict[str, Any]) -> tuple[Any, ...]:
    """Return the totals in the order of the table, or nothing where each is a dash."""
    names, cells = named_table(where, block, "tradingTable")
    check_columns(where, "tradingTable", names, TRADING_COLUMNS)
    if len(cells) != len(names) or any(len(cell) != 1 for cell in cells):
        fail(f"{where} tradingTable", f"{len(names)} columns but not one cell for each")
    texts = [text.strip() for (text,) in cells]
    if texts.count(DASH) == len(texts):
        return ()
    figures: dict[str, int | Decimal] = {}
    for name, text in zip(names, texts, strict=True):
        is_count = name in COUNTS
        if not (COUNT if is_count else MONEY).fullmatch(text):
            kind = "a whole number" if is_count else "an amount with at most two decimals"
            fail(f"{where} tradingTable: {name}", f"{text!r} is not {kind}")
        digits = text.replace(",", "")
        figures[name] = int(digits) if is_count else Decimal(digits)
    return tuple(map(figures.get, TRADING_COLUMNS))


def _top10_rows(where: str, block: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the ranked securities, each in the order of the table."""
    names, rows = named_table(where, block, "top10Table")
    check_columns(where, "top10Table", names, TOP10_COLUMNS)
    if not _are_plain(names, rows):
        rows = _checked_top10(f"{where} top10Table", names, rows)
    return [
        (
            int(rank),
            code.zfill(5),
            name,
            int(buy.replace(",", "")),
            int(sell.replace(",", "")),
            int(total.replace(",", "")),
        )
        for rank, code, name, buy, sell, total in rows
    ]


def _are_plain(names: list[str], rows: list[list[str]]) -> bool:
    """Return whether all ten rows are printed as ever, looked at as one text."""
    together = "\n".join(map("\t".join, rows))
    return (
        names == [*TOP10_COLUMNS]
        and {*map(len, rows)} == {len(names)}
        and PLAIN_TOP10.fullmatch(together) is not None
    )


def _checked_top10(where: str, names: list[str], rows: list[list[str]]) -> list[list[str]]:
    """Return rows that are not all plain as if they were, without unused ranks."""
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
        read.append([str(place), code, name, *money])
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
