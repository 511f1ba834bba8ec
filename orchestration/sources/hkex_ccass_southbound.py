"""Source card: HKEXnews CCASS southbound shareholding, one page per holding date.

Home: https://www3.hkexnews.hk/sdw/search/mutualmarket.aspx?t=hk
Terms: HKEXnews disclaims automated access; no redistribution without a licence. One request a
second at most, each date once.
Published: the morning after the holding date; 12 months are kept. Records begin on 2017-03-17.
Units: shares; percent of issued shares with two decimals.
How: get the page, then post its form back: the hidden inputs as they came, and the date.

Known oddities:
* The date in the heading rules, not the one asked for: on a Sunday or holiday the page shows the
  last other day. Rows carry the heading's date; a later one than asked for is refused.
* A percentage may be empty (the share count is there all the same).
* Holdings are settled ones: a trade shows two sessions later, hence `implied_trade_date`.
* Codes are padded with spaces to five places; English and Chinese pages differ only in words.

Here lives how to ask and how to read. No IO, and no opinion on whether a session existed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, NoReturn

import pyarrow as pa

from data_lake.tables.southbound_holdings import SOUTHBOUND_HOLDINGS
from orchestration import calendar
from orchestration.sources._ccass_page import column_texts, table_text
from orchestration.sources._codes import five_digits
from orchestration.sources._columns import are_digits, arrow_table
from orchestration.sources._strict_json import fail
from orchestration.sources.base import ParseError, Payload, Request, Source

NAME = "hkex_ccass_southbound"
URL = "https://www3.hkexnews.hk/sdw/search/mutualmarket.aspx"
HOME = f"{URL}?t=hk"
SETTLEMENT_SESSIONS = 2
HEADING = re.compile(
    r'<h2 class="ccass-heading">[^0-9]{0,400}?(?:Shareholding Date|持股日期)\s*[:：]\s*'
    r"([0-9]{4})/([0-9]{2})/([0-9]{2})\s*<"
)
SHARES = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,18}", re.ASCII)
PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%", re.ASCII)
REFUSALS = {
    "no match record": "the publisher has no record for the asked date ('No match record'); "
    "it keeps 12 months",
    "under maintenance": "the publisher's system is under maintenance; run again later",
}
"""What the publisher says in place of a table, in lower case."""


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one posted form per session since records begin."""
    return [_request(day) for day in sessions if day >= SOUTHBOUND_HOLDINGS.records_begin]


def _request(day: dt.date) -> Request:
    return Request(
        source=NAME,
        key=f"{day:%Y-%m-%d}.html",
        url=URL,
        first_session=day,
        last_session=day,
        method="POST",
        params={"t": "hk"},
        form={
            "__EVENTTARGET": "btnSearch",
            "__EVENTARGUMENT": "",
            "sortBy": "stockcode",
            "sortDirection": "asc",
            "alertMsg": "",
            "txtShareholdingDate": f"{day:%Y/%m/%d}",
        },
        form_page=HOME,
    )


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `southbound_holdings` of one page, under the date of its heading.

    Raises:
        ParseError: no shareholding page, one of a later date than asked for, an unknown column, or
            a row that cannot be read or comes twice.
    """
    file = f"{NAME}/{payload.request.key}"
    try:
        page = payload.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"{file}: is not UTF-8 text: {error}") from error
    table = table_text(page)
    if table is None:
        _refuse(file, page)
    day = _heading_date(file, page)
    asked = payload.request.first_session
    if day > asked:
        fail(file, f"heading is dated {day}, later than the asked {asked}")
    cells = column_texts(file, table)
    if not cells[0]:
        _refuse(file, page)
    return {"southbound_holdings": _holdings(file, day, cells)}


def _refuse(file: str, page: str) -> NoReturn:
    """Say why a page holds no holdings, in the publisher's words where they are known."""
    lower = page.lower()
    for words, meaning in REFUSALS.items():
        if words in lower:
            fail(file, meaning)
    if 'id="mutualmarket-result"' in page:
        fail(file, "the table of holdings is empty or cut off")
    fail(file, f"holds no table of holdings, it begins with {page.strip()[:40]!r}")


def _heading_date(file: str, page: str) -> dt.date:
    found = HEADING.search(page)
    if not found:
        fail(file, "has no heading with a shareholding date")
    try:
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        fail(file, f"heading is dated {'/'.join(found.groups())}, which is no date")


def _implied_trade_date(file: str, day: dt.date) -> dt.date:
    try:
        return calendar.previous_session("XHKG", day, SETTLEMENT_SESSIONS)
    except ValueError as error:
        raise ParseError(f"{file}: heading is dated {day}, but {error}") from error


def _holdings(file: str, day: dt.date, cells: list[list[str]]) -> pa.Table:
    printed_codes, names, shares, percentages = cells
    codes = [code.zfill(5) for code in printed_codes]
    ratios = list(map(PERCENT.fullmatch, percentages))
    if not (
        are_digits(codes, longest=5)
        and "00000" not in codes
        and len(set(codes)) == len(codes)
        and all(names)
        and all(map(SHARES.fullmatch, shares))
        and all(ratio or not text for ratio, text in zip(ratios, percentages, strict=True))
    ):
        codes = _checked_codes(file, cells)
    columns: dict[str, Sequence[Any]] = {
        "holding_date": [day] * len(codes),
        "security_code": codes,
        "security_name": names,
        "held_shares": [text.replace(",", "") for text in shares],
        "held_pct_issued": [ratio[1] if ratio else None for ratio in ratios],
        "implied_trade_date": [_implied_trade_date(file, day)] * len(codes),
    }
    return arrow_table(columns, SOUTHBOUND_HOLDINGS.schema)


def _checked_codes(file: str, cells: list[list[str]]) -> list[str]:
    """Return the codes of rows that are not all plain, or name the first row at fault."""
    codes: list[str] = []
    for number, (code, name, shares, percent) in enumerate(zip(*cells, strict=True), start=1):
        where = f"{file} row {number}"
        if not name:
            fail(f"{where} stock name", "is empty")
        if not SHARES.fullmatch(shares):
            fail(f"{where} shareholding", f"is {shares!r}, not a whole number")
        if percent and not PERCENT.fullmatch(percent):
            fail(f"{where} percentage", f"is {percent!r}, neither a percentage nor empty")
        codes.append(five_digits(f"{where} stock code", code))
        if codes[-1] in codes[:-1]:
            fail(where, f"security {codes[-1]} comes twice")
    return codes


SOURCE = Source(
    name=NAME,
    tables=("southbound_holdings",),
    requests=requests,
    parse=parse,
    calendar="XHKG",
    publish_lag=dt.timedelta(hours=16),
    revision_window=dt.timedelta(days=7),
    evidence_grade="official",
    license="HKEXnews: automated access disclaimed, no redistribution without a licence",
    home=HOME,
)
