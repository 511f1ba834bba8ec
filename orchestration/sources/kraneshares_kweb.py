"""KraneShares KWEB: the fund's daily holdings file and the history of its closing premium.

Where: https://kraneshares.com/csv/<MM_DD_YYYY>_kweb_holdings.csv (404 on a day without a file) and
https://kraneshares.com/product-json/ (type premium-discount).
Licence: the issuer's site terms, no redistribution of holdings; ask once a day.
When: overnight after the New York close; KraneShares dates both with the New York session.
Units: weight in percent points of net assets with two decimals, shares, whole USD; premium as a
ratio, closing price / NAV - 1. The NAV itself is not in either answer.
Oddities: the first CSV line is a title that carries the as-of date, and that date rules: a file for
another day than asked is refused. Hong Kong tickers have no leading zeros. The cash line has no
ticker and may be negative. Identifiers are ISINs in recent files, others in old ones.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from data_lake.tables import TABLES
from orchestration.sources._strict_json import decode_json, fail, number, sequence, whole_number
from orchestration.sources.base import ParseError, Payload, Request, Source

NAME = "kraneshares_kweb"
FUND = "KWEB"
HOME = "https://kraneshares.com/kweb/"
HOLDINGS_URL = "https://kraneshares.com/csv/{day:%m_%d_%Y}_kweb_holdings.csv"
PREMIUM_URL = "https://kraneshares.com/product-json/"
PREMIUM_KEY = "premium.json"
PRODUCT_ID = "7615"
HOLDINGS_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})\.holdings\.csv", re.ASCII)
TITLE_DATE = re.compile(r"As of (\d{4}-\d{2}-\d{2})", re.ASCII)
DECIMAL = re.compile(r"-?(\d{1,3}(,\d{3}){1,5}|\d{1,18})?(\.\d+)?", re.ASCII)
COLUMNS = (
    "Rank",
    "Company Name",
    "% of Net Assets",
    "Ticker",
    "Identifier",
    "Shares Held",
    "Market Value($)",
)
NO_VALUE = ("", "-", "--")
MAX_LINES = 2**15 - 1
FIRST_MILLISECOND, LAST_MILLISECOND = 1_375_228_800_000, 4_102_444_800_000
"""The fund's first day, 2013-07-31, and 2100-01-01: a time outside is in another unit."""


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one holdings file per session and one premium history over the whole range."""
    if not sessions:
        return []
    first, last = min(sessions), max(sessions)
    premium = Request(
        source=NAME,
        key=PREMIUM_KEY,
        url=PREMIUM_URL,
        first_session=first,
        last_session=last,
        params={
            "pid": PRODUCT_ID,
            "type": "premium-discount",
            "start": first.isoformat(),
            "end": last.isoformat(),
        },
        headers={"X-Requested-With": "XMLHttpRequest", "Referer": HOME},
    )
    return [*(_holdings_request(day) for day in sessions), premium]


def _holdings_request(day: dt.date) -> Request:
    return Request(
        source=NAME,
        key=f"{day.isoformat()}.holdings.csv",
        url=HOLDINGS_URL.format(day=day),
        first_session=day,
        last_session=day,
    )


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `etf_holdings` of one day, or `etf_nav` of a range; the other table is empty.

    Raises:
        ParseError: an unknown key, a file for another day than asked, an unknown or missing
            column, a rank or date that comes twice, or a value of the wrong kind.
    """
    file = f"{NAME}/{payload.request.key}"
    holdings: list[dict[str, Any]] = []
    premiums: list[dict[str, Any]] = []
    if payload.request.key == PREMIUM_KEY:
        premiums = _premiums(file, payload.body)
    elif HOLDINGS_KEY.fullmatch(payload.request.key):
        holdings = _holdings(file, payload.body, payload.request.first_session)
    else:
        fail(file, f"unknown key, expected YYYY-MM-DD.holdings.csv or {PREMIUM_KEY}")
    return {
        "etf_holdings": pa.Table.from_pylist(holdings, schema=TABLES["etf_holdings"].schema),
        "etf_nav": pa.Table.from_pylist(premiums, schema=TABLES["etf_nav"].schema),
    }


def _holdings(file: str, body: bytes, asked: dt.date) -> list[dict[str, Any]]:
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParseError(f"{file}: is not a CSV file: {error}") from error
    if len(lines) < 3:
        fail(file, "has no holdings below title and header")
    title, header = lines[0], lines[1]
    dated = TITLE_DATE.fullmatch(title[1].strip()) if len(title) > 1 else None
    if not dated or title[0] != f"{FUND} Holdings":
        fail(file, f"title is {title[:3]!r}, expected '{FUND} Holdings' and 'As of YYYY-MM-DD'")
    if dated.group(1) != asked.isoformat():
        fail(file, f"holdings are as of {dated.group(1)}, asked was {asked.isoformat()}")
    _check_header(file, header)
    rows: dict[int, dict[str, Any]] = {}
    for position, cells in enumerate(lines[2:], start=3):
        if not cells:
            continue
        where = f"{file} line {position}"
        if len(cells) != len(header):
            fail(where, f"has {len(cells)} cells instead of {len(header)}")
        row = _holding(where, asked, dict(zip(header, cells, strict=True)))
        if row["line_number"] in rows:
            fail(where, f"rank {row['line_number']} comes twice")
        rows[row["line_number"]] = row
    return list(rows.values())


def _check_header(file: str, header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in COLUMNS if name not in header]
    if unknown:
        fail(file, f"unknown column {unknown[0]!r}")
    if missing:
        fail(file, f"missing column {missing[0]!r}")
    if len(header) != len(COLUMNS):
        fail(file, "a column comes twice")


def _holding(where: str, day: dt.date, cells: dict[str, str]) -> dict[str, Any]:
    rank = cells["Rank"].strip()
    if not re.fullmatch(r"[0-9]{1,5}", rank) or not 1 <= int(rank) <= MAX_LINES:
        fail(f"{where} Rank", f"is {rank!r}, not a line number")
    name = cells["Company Name"].strip()
    if not name:
        fail(f"{where} Company Name", "is empty")
    return {
        "holding_date": day,
        "fund_symbol": FUND,
        "line_number": int(rank),
        "holding_name": name,
        "ticker": _optional(cells["Ticker"]),
        "identifier": _optional(cells["Identifier"]),
        "weight_pct": _decimal(f"{where} % of Net Assets", cells["% of Net Assets"]),
        "shares_held": _decimal(f"{where} Shares Held", cells["Shares Held"]),
        "market_value_usd": _decimal(f"{where} Market Value($)", cells["Market Value($)"]),
    }


def _optional(cell: str) -> str | None:
    return None if cell.strip() in NO_VALUE else cell.strip()


def _decimal(where: str, cell: str) -> float:
    digits = cell.strip()
    if digits in NO_VALUE or not DECIMAL.fullmatch(digits):
        fail(where, f"is {cell!r}, not a number")
    return float(digits.replace(",", ""))


def _premiums(file: str, body: bytes) -> list[dict[str, Any]]:
    rows: dict[dt.date, dict[str, Any]] = {}
    for index, pair in enumerate(sequence(file, decode_json(file, body))):
        where = f"{file} element {index}"
        if len(sequence(where, pair)) != 2:
            fail(where, f"has {len(pair)} values instead of a time and a premium")
        millisecond = whole_number(f"{where} time", pair[0])
        if not FIRST_MILLISECOND <= millisecond < LAST_MILLISECOND:
            fail(f"{where} time", f"is {millisecond}, no time from 2013 to 2100 in milliseconds")
        if pair[1] is None:
            continue
        day = dt.datetime.fromtimestamp(millisecond / 1000, dt.UTC).date()
        if day in rows:
            fail(where, f"{day} comes twice")
        rows[day] = {
            "nav_date": day,
            "fund_symbol": FUND,
            "currency": "USD",
            "nav_per_share": None,
            "premium_ratio": number(f"{where} premium", pair[1]),
        }
    return list(rows.values())


SOURCE = Source(
    name=NAME,
    tables=("etf_holdings", "etf_nav"),
    requests=requests,
    parse=parse,
    calendar="XNYS",
    publish_lag=dt.timedelta(hours=14),
    revision_window=dt.timedelta(days=3),
    evidence_grade="official",
    license="Issuer's site terms: no redistribution of holdings without consent",
    home=HOME,
)
