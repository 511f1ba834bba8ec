"""Tencent's quote feed: price, price-earnings and price-to-book ratio, shares, market value.

Where: https://qt.gtimg.cn/q=hk00700,hk00388, many securities in one answer.
Licence: a vendor's unofficial endpoint, no terms of reuse: no redistribution.
When: published live; after 16:10 Hong Kong time the quote is the closing one.
Units: price in the security's currency, market value in 億 (1e8) HKD, turned into HKD mn.
Oddities:
* GBK. A line per security, `v_hk00700="100~...";`, 78 fields separated by `~` and known by their
  place alone. An unknown security answers `v_pv_none_match="1";`, which is skipped.
* The endpoint answers about now only. The time in the quote rules the date: an older quote (a
  suspended security) is kept under its own date, as published with the session asked for; a later
  one is refused, so that a price of the running session is never taken for a close.
* A price-earnings ratio of 0, an empty or a negative one stands for a loss and becomes null. A
  quote without a price says nothing and gives no row.
* Field 47 is called dividend yield by some and earnings per share by others: it is not read.
* `r` in the address only keeps caches on the way from answering; here it names the session.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from data_lake.tables.security_valuations import SECURITY_VALUATIONS
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._chart_symbols import OTHER_STOCKS, TECH_STOCKS
from orchestration.sources._codes import five_digits
from orchestration.sources._printed_numbers import optional_number
from orchestration.sources._strict_json import fail, placed
from orchestration.sources.base import ParseError, Payload, Request, Source

NAME = "tencent_quote"
HOME = "https://gu.qq.com/hk00700/gp"
URL = "https://qt.gtimg.cn/q={symbols}&r={day:%Y%m%d}"
CODES = tuple(sorted(five_digits("symbol", symbol) for symbol in TECH_STOCKS + OTHER_STOCKS))
"""Constituents of the Hang Seng TECH Index and two large financials."""
FIELD_COUNT = 78
CODE, TIME, CURRENCY = 2, 30, 75
FIGURES = {
    "price": 3,
    "price-earnings ratio": 39,
    "price-to-book ratio": 58,
    "shares in issue": 69,
    "market value": 44,
}
"""Places of the fields that are read, counted from 0."""
HKD_MN_PER_YI = 100.0
KEY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.txt", re.ASCII)
LINE = re.compile(r'v_hk([0-9]{5})="([^"]*)"', re.ASCII)
NO_MATCH = re.compile(r'v_pv_none_match="1"')
VALUATION_ROWS = ArrowRows(SECURITY_VALUATIONS.schema, has_published_on=True)
PLAIN_FIGURES = re.compile(r"(?:(?:-?+[0-9]{1,20}+(?:\.[0-9]{1,12}+)?+)?+(?:~|\Z))*+")
QUOTE_TIME = re.compile(r"[0-9]{4}[/-][0-9]{2}[/-][0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per session for all securities: what would have been asked that day."""
    return [session_request(day) for day in sessions]


def session_request(day: dt.date, codes: Sequence[str] = CODES) -> Request:
    """Return the request made about one session."""
    url = URL.format(symbols=",".join(f"hk{code}" for code in codes), day=day)
    headers = {"Referer": "https://gu.qq.com/"}
    return Request(NAME, f"{day}.txt", url, day, day, headers=headers)


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `security_valuations`, one row per security with a price.

    Raises:
        ParseError: an unknown key, not GBK text of quotes, other than 78 fields, a security that
            comes twice, a quote of a later day than asked, not in HKD, or a wrong figure.
    """
    file = f"{NAME}/{payload.request.key}"
    asked = payload.request.last_session
    if not KEY.fullmatch(payload.request.key):
        fail(file, "unknown key, expected YYYY-MM-DD.txt")
    rows: list[tuple[Any, ...]] = []
    seen: set[str] = set()
    for code, fields in _quotes(file, payload.body):
        try:
            if code in seen:
                fail("", "comes twice")
            row = _row(code, fields, asked)
        except ParseError as error:
            raise placed(f"{file} {code}", error) from error
        seen.add(code)
        if row:
            rows.append(row)
    return {"security_valuations": VALUATION_ROWS.table(rows)}


def _row(code: str, fields: list[str], asked: dt.date) -> tuple[Any, ...]:
    """Return a row of the table, or nothing where the quote has no price."""
    price, pe_ratio, pb_ratio, shares, market_cap = _figures(fields)
    day = _quote_date("time", fields[TIME])
    if day > asked:
        fail("", f"the quote is of {day}, later than {asked}, which was asked about")
    if price is None:
        return ()
    if fields[CURRENCY] != "HKD":
        fail("currency", f"is {fields[CURRENCY]!r}, only HKD quotes are asked for")
    if shares is not None and (shares != int(shares) or shares >= 2**53):
        printed = fields[FIGURES["shares in issue"]]
        fail("shares in issue", f"is {printed!r}, not a whole number")
    return (
        day,
        code,
        "HKD",
        price,
        pe_ratio,
        pb_ratio,
        None if shares is None else int(shares),
        # Printed to the fourth decimal of 1e8 HKD: two decimals of a million.
        None if market_cap is None else round(market_cap * HKD_MN_PER_YI, 2),
        asked,
    )


def _figures(fields: list[str]) -> list[float | None]:
    """Return the figures in the order of `FIGURES`, None where one is not positive or not there."""
    cells = [fields[place] for place in FIGURES.values()]
    if PLAIN_FIGURES.fullmatch("~".join(cells)):
        values = [float(cell or 0) for cell in cells]
    else:
        values = [optional_number(name, fields[place]) or 0 for name, place in FIGURES.items()]
    return [value if value > 0 else None for value in values]


def _quotes(file: str, body: bytes) -> list[tuple[str, list[str]]]:
    """Return code and fields of each line with a quote."""
    try:
        text = body.decode("gbk")
    except UnicodeDecodeError as error:
        raise ParseError(f"{file}: byte {error.start} is not GBK") from error
    statements = list(filter(None, map(str.strip, text.split(";"))))
    if not statements:
        fail(file, "is empty")
    quotes = []
    for number, statement in enumerate(statements, start=1):
        found = LINE.fullmatch(statement)
        if not found:
            if NO_MATCH.fullmatch(statement):
                continue
            expected = 'v_hk<code>="..."'
            fail(f"{file} quote {number}", f"is {statement[:40]!r}, expected {expected}")
        code, quote = found.groups()
        fields = quote.split("~")
        if len(fields) != FIELD_COUNT:
            problem = f"{code} has {len(fields)} fields instead of {FIELD_COUNT}"
            fail(f"{file} quote {number}", problem)
        if fields[CODE] != code:
            fail(f"{file} quote {number}", f"{code} holds the quote of {fields[CODE]!r}")
        quotes.append((code, fields))
    return quotes


def _quote_date(where: str, cell: str) -> dt.date:
    printed = cell.strip()
    is_time = QUOTE_TIME.fullmatch(printed)
    try:
        return dt.date.fromisoformat(printed[:10].replace("/", "-") if is_time else "")
    except ValueError:
        fail(where, f"is {cell!r}, expected YYYY/MM/DD hh:mm:ss")


SOURCE = Source(
    name=NAME,
    tables=("security_valuations",),
    requests=requests,
    parse=parse,
    calendar="XHKG",
    publish_lag=dt.timedelta(minutes=30),
    revision_window=dt.timedelta(),
    evidence_grade="vendor",
    license="Vendor's unofficial endpoint: no redistribution",
    home=HOME,
    is_snapshot=True,
)
