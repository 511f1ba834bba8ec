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

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from data_lake.tables import TABLES
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._kweb_holdings import FUND, holdings_of
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
HOME = "https://kraneshares.com/kweb/"
HOLDINGS_URL = "https://kraneshares.com/csv/{day:%m_%d_%Y}_kweb_holdings.csv"
PREMIUM_URL = "https://kraneshares.com/product-json/"
PREMIUM_KEY = "premium.json"
PRODUCT_ID = "7615"
HOLDINGS_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})\.holdings\.csv", re.ASCII)
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
        holdings = holdings_of(file, payload.body, payload.request.first_session)
    else:
        fail(file, f"unknown key, expected YYYY-MM-DD.holdings.csv or {PREMIUM_KEY}")
    return {
        "etf_holdings": HOLDING_ROWS.table(holdings),
        "etf_nav": NAV_ROWS.table(premiums),
    }


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
