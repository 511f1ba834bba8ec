"""iShares FXI and MCHI: shares outstanding and NAV per share, the whole history of a fund at once.

Where: https://www.blackrock.com/varnish-api/ (component fundDownload), one document per fund.
Licence: the issuer's site terms, no redistribution of holdings; ask once a day.
When: published overnight after the New York close, dated with the New York session.
Units: NAV in USD a share, shares in single shares.
Oddities:
* The "xls" is SpreadsheetML: XML text with five sheets, of which only `Historical` is read. It may
  begin with a byte order mark, and its disclaimers hold bare `&`, which no XML reader accepts: they
  are escaped first. A document type or an entity of its own is refused, whatever it would say.
* Newest first, dates `Jul 10, 2026`, `--` for none. Some funds have a further column `Index Level`
  or `Non-FV NAV`. Figures are numbers, sometimes text with commas.
* `asOfDate` names the newest day wanted; the publisher is known to ignore it, so that rows of later
  days may come. The ingest keeps those of its own range.
* The product numbers are not in the answer: a wrong one would give another fund's figures, which a
  comparison of NAV and price shows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from data_lake.tables.etf_nav import ETF_NAV
from data_lake.tables.etf_shares import ETF_SHARES
from orchestration.sources._printed_numbers import optional_number
from orchestration.sources._spreadsheet_xml import sheet_rows
from orchestration.sources._strict_json import fail
from orchestration.sources.base import Payload, Request, Source

NAME = "ishares_fund"
HOME = "https://www.ishares.com/us/products/239536/ishares-china-largecap-etf"
URL = (
    "https://www.blackrock.com/varnish-api/blk-one01-product-data/product-data/api/v1/"
    "get-fund-document"
)
PORTFOLIOS = {"FXI": "239536", "MCHI": "239619"}
"""Product numbers by fund."""
SHEET = "Historical"
DATE, NAV, SHARES = "As Of", "NAV per Share", "Shares Outstanding"
REQUIRED_COLUMNS = (DATE, NAV, "Ex-Dividends", SHARES)
OPTIONAL_COLUMNS = ("Index Level", "Non-FV NAV")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PRINTED_DATE = re.compile(r"([A-Z][a-z]{2}) ([0-9]{1,2}), ([0-9]{4})", re.ASCII)
CURRENCY = "USD"


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per fund; its answer holds the fund's whole history."""
    if not sessions:
        return []
    first, last = min(sessions), max(sessions)
    return [fund_request(fund, first, last) for fund in PORTFOLIOS]


def fund_request(fund: str, first: dt.date, last: dt.date) -> Request:
    """Return the request for one fund, up to the session `last`."""
    return Request(
        source=NAME,
        key=f"{fund}.xls",
        url=URL,
        first_session=first,
        last_session=last,
        params={
            "appType": "PRODUCT_PAGE",
            "appSubType": "ISHARES",
            "targetSite": "us-ishares",
            "locale": "en_US",
            "portfolioId": PORTFOLIOS[fund],
            "component": "fundDownload",
            "userType": "individual",
            "asOfDate": last.strftime("%Y%m%d"),
        },
    )


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `etf_shares` and `etf_nav` of one fund.

    Raises:
        ParseError: an unknown key, unsafe or malformed XML, no `Historical` sheet, an unknown or
            missing column, a date that is none or comes twice, or a figure that is no number.
    """
    file = f"{NAME}/{payload.request.key}"
    fund = payload.request.key.removesuffix(".xls")
    if fund not in PORTFOLIOS:
        fail(file, f"unknown key, expected one of {', '.join(f'{f}.xls' for f in PORTFOLIOS)}")
    history = _history(file, payload.body)
    counted = {day: shares for day, (_, shares) in history.items() if shares is not None}
    valued = {day: value for day, (value, _) in history.items() if value is not None}
    shares_own = {"fund_symbol": fund, "currency": CURRENCY, "exchange_calendar": "XNYS"}
    value_own: dict[str, str | None] = {
        "fund_symbol": fund,
        "currency": CURRENCY,
        "premium_ratio": None,
    }
    return {
        "etf_shares": _table(
            {"share_date": list(counted), "shares_outstanding": list(counted.values())},
            shares_own,
            ETF_SHARES.schema,
        ),
        "etf_nav": _table(
            {"nav_date": list(valued), "nav_per_share": list(valued.values())},
            value_own,
            ETF_NAV.schema,
        ),
    }


def _table(
    columns: Mapping[str, list[Any]], own: Mapping[str, str | None], schema: pa.Schema
) -> pa.Table:
    """Return a table of columns by name, and of what all rows have in common."""
    count = len(next(iter(columns.values())))
    columns = dict(columns) | {name: [value] * count for name, value in own.items()}
    arrays = [pa.array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _history(file: str, body: bytes) -> dict[dt.date, tuple[float | None, float | None]]:
    """Return NAV and shares by day, in the order of the sheet."""
    header, *rows = sheet_rows(file, body, SHEET) or [[]]
    _check_header(file, header)
    at_date, at_nav, at_shares = (header.index(name) for name in (DATE, NAV, SHARES))
    found: dict[dt.date, tuple[float | None, float | None]] = {}
    for number, cells in enumerate(rows, start=2):
        if not any(cells):
            continue
        where = f"{file} {SHEET} row {number}"
        if len(cells) != len(header):
            fail(where, f"has {len(cells)} cells instead of {len(header)}")
        day = printed_date(f"{where} {DATE}", cells[at_date])
        if day in found:
            fail(where, f"{day} comes twice")
        found[day] = (
            optional_number(f"{where} {NAV}", cells[at_nav]),
            optional_number(f"{where} {SHARES}", cells[at_shares]),
        )
    if not found:
        fail(file, f"sheet {SHEET} holds no day")
    return found


def _check_header(file: str, header: list[str]) -> None:
    unknown = [name for name in header if name not in REQUIRED_COLUMNS + OPTIONAL_COLUMNS]
    missing = [name for name in REQUIRED_COLUMNS if name not in header]
    if unknown:
        fail(file, f"unknown column {unknown[0]!r} in sheet {SHEET}")
    if missing:
        fail(file, f"missing column {missing[0]!r} in sheet {SHEET}")
    if len(set(header)) != len(header):
        fail(file, f"a column of sheet {SHEET} comes twice")


def printed_date(where: str, cell: str) -> dt.date:
    """Return the date of a cell like `Jul 10, 2026`.

    Raises:
        ParseError: the cell is something else; begins with `where`.
    """
    found = PRINTED_DATE.fullmatch(cell)
    try:
        month, day, year = found.groups() if found else ("", "", "")
        return dt.date(int(year), MONTHS.index(month) + 1, int(day))
    except ValueError:
        fail(where, f"is {cell!r}, expected a date like Jul 10, 2026")


SOURCE = Source(
    name=NAME,
    tables=("etf_shares", "etf_nav"),
    requests=requests,
    parse=parse,
    calendar="XNYS",
    publish_lag=dt.timedelta(hours=14),
    revision_window=dt.timedelta(days=3),
    evidence_grade="official",
    license="Issuer's site terms: no redistribution without consent",
    home=HOME,
)
