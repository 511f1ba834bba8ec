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
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._cell_columns import are_all, cells_of
from orchestration.sources._strict_json import (
    decode_json,
    fail,
    number,
    placed,
    sequence,
    whole_number,
)
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
RANK = re.compile(r"[0-9]{1,5}", re.ASCII)
DECIMAL = re.compile(r"-?(\d{1,3}(,\d{3}){1,5}|\d{1,18})?(\.\d+)?", re.ASCII)
RANKS = cells_of("[1-9][0-9]{0,4}+")
DECIMALS = cells_of(r"-?+(?:[0-9]{1,3}+(?:,[0-9]{3}){0,5}+|[0-9]{1,18}+)(?:\.[0-9]++)?+")
COLUMNS = (
    "Rank",
    "Company Name",
    "% of Net Assets",
    "Ticker",
    "Identifier",
    "Shares Held",
    "Market Value($)",
)
FIGURES = ("% of Net Assets", "Shares Held", "Market Value($)")
NO_VALUE = ("", "-", "--")
MAX_LINES = 2**15 - 1
FIRST_MILLISECOND, LAST_MILLISECOND = 1_375_228_800_000, 4_102_444_800_000
"""The fund's first day, 2013-07-31, and 2100-01-01: a time outside is in another unit."""
DAY_MILLISECONDS = 86_400_000
EPOCH = dt.date(1970, 1, 1).toordinal()
HOLDING_ROWS = ArrowRows(TABLES["etf_holdings"].schema)
NAV_ROWS = ArrowRows(TABLES["etf_nav"].schema)


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
    holdings: list[tuple[Any, ...]] = []
    premiums: list[tuple[Any, ...]] = []
    if payload.request.key == PREMIUM_KEY:
        premiums = _premiums(file, payload.body)
    elif HOLDINGS_KEY.fullmatch(payload.request.key):
        holdings = _holdings(file, payload.body, payload.request.first_session)
    else:
        fail(file, f"unknown key, expected YYYY-MM-DD.holdings.csv or {PREMIUM_KEY}")
    return {
        "etf_holdings": HOLDING_ROWS.table(holdings),
        "etf_nav": NAV_ROWS.table(premiums),
    }


def _holdings(file: str, body: bytes, asked: dt.date) -> list[tuple[Any, ...]]:
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
    return _plain_holdings(asked, header, lines[2:]) or _checked_holdings(
        file, asked, header, lines[2:]
    )


def _plain_holdings(
    day: dt.date, header: list[str], lines: list[list[str]]
) -> list[tuple[Any, ...]] | None:
    """Return the holdings, read by the column; None where a line is not as ever."""
    if tuple(header) != COLUMNS or {*map(len, lines)} != {len(COLUMNS)}:
        return None
    ranks, names, weights, tickers, identifiers, shares, values = zip(*lines, strict=True)
    if not are_all(RANKS, ranks) or not are_all(DECIMALS, [*weights, *shares, *values]):
        return None
    numbers = list(map(int, ranks))
    if len({*numbers}) < len(numbers) or max(numbers) > MAX_LINES:
        return None
    texts = list(map(str.strip, names))
    if "" in texts:
        return None
    return [
        (day, FUND, *row)
        for row in zip(
            numbers,
            texts,
            map(_optional, tickers),
            map(_optional, identifiers),
            map(float, weights),
            [float(cell.replace(",", "")) for cell in shares],
            [float(cell.replace(",", "")) for cell in values],
            strict=True,
        )
    ]


def _checked_holdings(
    file: str, day: dt.date, header: list[str], lines: list[list[str]]
) -> list[tuple[Any, ...]]:
    """Read the holdings line by line."""
    rows: dict[int, tuple[Any, ...]] = {}
    for position, cells in enumerate(lines, start=3):
        if not cells:
            continue
        try:
            if len(cells) != len(header):
                fail("", f"has {len(cells)} cells instead of {len(header)}")
            rank, *row = _holding(dict(zip(header, cells, strict=True)))
            if rank in rows:
                fail("", f"rank {rank} comes twice")
        except ParseError as error:
            raise placed(f"{file} line {position}", error) from error
        rows[rank] = (day, FUND, rank, *row)
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


def _holding(cells: dict[str, str]) -> tuple[Any, ...]:
    rank = cells["Rank"].strip()
    if not RANK.fullmatch(rank) or not 1 <= int(rank) <= MAX_LINES:
        fail("Rank", f"is {rank!r}, not a line number")
    name = cells["Company Name"].strip()
    if not name:
        fail("Company Name", "is empty")
    return (
        int(rank),
        name,
        _optional(cells["Ticker"]),
        _optional(cells["Identifier"]),
        *(_decimal(name, cells[name]) for name in FIGURES),
    )


def _optional(cell: str) -> str | None:
    text = cell.strip()
    return None if text in NO_VALUE else text


def _decimal(where: str, cell: str) -> float:
    digits = cell.strip()
    if digits in NO_VALUE or not DECIMAL.fullmatch(digits):
        fail(where, f"is {cell!r}, not a number")
    return float(digits.replace(",", ""))


def _premiums(file: str, body: bytes) -> list[tuple[Any, ...]]:
    rows: dict[dt.date, tuple[Any, ...]] = {}
    for index, pair in enumerate(sequence(file, decode_json(file, body))):
        try:
            row = _premium(pair)
            if row and rows.setdefault(row[0], row) is not row:
                fail("", f"{row[0]} comes twice")
        except ParseError as error:
            raise placed(f"{file} element {index}", error) from error
    return list(rows.values())


def _premium(pair: object) -> tuple[Any, ...]:
    """Return a row of `etf_nav`, nothing where there is no premium."""
    if len(values := sequence("", pair)) != 2:
        fail("", f"has {len(values)} values instead of a time and a premium")
    millisecond = whole_number("time", values[0])
    if not FIRST_MILLISECOND <= millisecond < LAST_MILLISECOND:
        fail("time", f"is {millisecond}, no time from 2013 to 2100 in milliseconds")
    if values[1] is None:
        return ()
    day = dt.date.fromordinal(EPOCH + millisecond // DAY_MILLISECONDS)
    return (day, FUND, "USD", None, number("premium", values[1]))


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
