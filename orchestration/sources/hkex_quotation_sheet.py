"""Source card: HKEX daily quotation sheet, one HTML file of fixed-width print per session.

Home: https://www.hkex.com.hk/Market-Data/Statistics/Consolidated-Reports/Daily-Quotations
Terms: HKEX data; no redistribution without a licence. One request a second at most.
Published: between 20:48 and 21:45 Hong Kong time on the session; about 30 MB. Corrections of a
session's short selling come with the next session's sheet.
Units: prices and turnover in the currency of the counter (HKD, CNY, USD), quantities in shares.

Known oddities:
* `&` is printed `&amp;`, page breaks put HTML tags into the middle of a table, and line ends are
  sometimes doubled. Each of them shifts the columns unless it is undone first.
* A counter has two lines; one that did not trade all day has a single line with TRADING SUSPENDED
  or TRADING HALTED. `#` after the code marks a suspension during the day.
* Most entries are derivative warrants and CBBCs, known by `#`, `@` or `*` in the name; they are
  left out. There is no opening price in this section.
* In the short-selling lists `%` before the code, with or without a space, marks a counter that
  does not trade in HKD.
* A day without trading (typhoon, rainstorm) can have a sheet that only says so: empty tables.

Here lives what becomes of the sections. How lines are read is in `_fixed_width`. No IO.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from data_lake.tables import TABLES
from orchestration.calendar import previous_session
from orchestration.sources._columns import arrow_table
from orchestration.sources._fixed_width import (
    instruments,
    printed_lines,
    section_bounds,
    short_sales,
)
from orchestration.sources._fixed_width_faults import NO_VALUE, looks_like_instrument
from orchestration.sources.base import PUBLISHED_ON, ParseError, Payload, Request, Source

NAME = "hkex_quotation_sheet"
URL = "https://www.hkex.com.hk/eng/stat/smstat/dayquot/d{day:%y%m%d}e.htm"
SECTIONS = (
    "market_highlights",
    "quotations",
    "sales_all",
    "sales_over",
    "amendments",
    "dealings_suspstocks",
    "adj_turnover",
    "short_selling",
    "adj_short",
    "options_exercised",
    "efn_highlights",
    "overseas_highlights",
    "other_info",
)
"""Anchors of the sheet in their order."""
READ = {"quotations", "short_selling", "adj_short"}
PRINTED_DATE = re.compile(rb"DATE\s*:\s*([0-9]{1,2}) ([A-Z]{3}) ([0-9]{4})")
MONTHS = (b"JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC").split()
NO_TRADING = re.compile(rb"NO TRADING DUE TO|No trading was recorded", re.IGNORECASE)
CLOSING_TAG = re.compile(rb"</html>\s*\Z", re.IGNORECASE)
ADJUSTED_HEADING = "ADJUSTED SHORT SELLING TURNOVER"
END_OF_LIST = re.compile(r"\s*\*?Total (?:Shares|No\.)|---")
SHORT_SELLING_SCHEMA = TABLES["short_selling"].schema.append(pa.field(PUBLISHED_ON, pa.date32()))


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per Hong Kong session."""
    return [
        Request(
            source=NAME,
            key=f"{day:%Y-%m-%d}.htm",
            url=URL.format(day=day),
            first_session=day,
            last_session=day,
        )
        for day in sessions
    ]


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Read one sheet: prices in the counter's currency, short sales in shares and that currency.

    Raises:
        ParseError: the body is not the publisher's format, is cut short, or is about another day.
    """
    file, body = f"{NAME}/{payload.request.key}", payload.body
    day = payload.request.first_session
    _check_date(file, body, day)
    bounds = section_bounds(file, body)
    lines = {name: printed_lines(body[slice(*bounds[name])]) for name in READ & bounds.keys()}
    if not any(map(looks_like_instrument, lines.get("quotations", []))) and NO_TRADING.search(body):
        quotations = TABLES["quotations"].schema.empty_table()
        return {"quotations": quotations, "short_selling": SHORT_SELLING_SCHEMA.empty_table()}
    _check_sections(file, body, bounds)
    quotations = _quotations(file, day, lines["quotations"])
    sold = _initial(file, day, lines["short_selling"])
    restated = _after_adjusted_heading(lines["short_selling"]) + lines["adj_short"]
    for name, values in _adjusted(file, day, restated).items():
        sold[name] = sold[name] + values
    return {"quotations": quotations, "short_selling": arrow_table(sold, SHORT_SELLING_SCHEMA)}


def _check_date(file: str, body: bytes, day: dt.date) -> None:
    found = PRINTED_DATE.search(body)
    if not found or found[2] not in MONTHS:
        kind = "HTML" if b"<" in body[:200] else "other text"
        raise ParseError(f"{file}: is {kind}, not a quotation sheet: no 'DATE: DD MON YYYY' in it")
    printed = (int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
    if printed != (day.year, day.month, day.day):
        text = found[0].decode("ascii")
        raise ParseError(f"{file}: the sheet says {text!r}, the request was for {day}")


def _check_sections(file: str, body: bytes, bounds: dict[str, tuple[int, int]]) -> None:
    for name in bounds:
        if name not in SECTIONS:
            raise ParseError(f"{file}: unknown section {name!r}")
    for name in SECTIONS:
        if name in READ and name not in bounds:
            raise ParseError(f"{file}: section {name!r} is missing; the file may be cut short")
    if bounds["adj_short"][1] == len(body) and not CLOSING_TAG.search(body[-200:]):
        raise ParseError(f"{file}: section 'adj_short' has no end; the file is cut short")


def _quotations(file: str, day: dt.date, lines: list[str]) -> pa.Table:
    found = instruments(f"{file}: quotations", lines)
    codes = [code.zfill(5) for code in found["code"] if code]
    if not codes:
        raise ParseError(f"{file}: section 'quotations' holds no security")
    if len(set(codes)) < len(codes):
        repeated = next(code for i, code in enumerate(codes) if code in codes[:i])
        raise ParseError(f"{file}: quotations: security {repeated} appears twice")
    columns: dict[str, Sequence[Any]] = {
        "trade_date": [day] * len(codes),
        "security_code": codes,
        "security_name": [name.rstrip() for name in found["name"] if name],
        "currency": found["currency"],
        "previous_close": _plain(found["previous_close"]),
        "close_price": _plain(found["close"]),
        "high_price": _plain(found["high"]),
        "low_price": _plain(found["low"]),
        "traded_shares": _plain(found["shares"]),
        "turnover_amount": _plain(found["turnover"]),
        "is_suspended": [
            mark == "#" or previous is None
            for mark, previous in zip(found["mark"], found["previous_close"], strict=True)
        ],
    }
    return arrow_table(columns, TABLES["quotations"].schema)


def _plain(printed: Sequence[str | None]) -> list[str | None]:
    """Return figures without commas, None where none was printed."""
    return [None if text is None or text in NO_VALUE else text.replace(",", "") for text in printed]


def _initial(file: str, day: dt.date, lines: list[str]) -> dict[str, list[Any]]:
    end = _end_of_list(lines)
    if end is None:
        raise ParseError(f"{file}: short_selling: no line of totals; the file may be cut short")
    sales = short_sales(f"{file}: short_selling", lines[:end], figure_count=4)
    return _short_sales(day, day, sales, is_adjustment=False)


def _adjusted(file: str, day: dt.date, lines: list[str]) -> dict[str, list[Any]]:
    sales = short_sales(f"{file}: adj_short", lines[: _end_of_list(lines)], figure_count=2)
    if not sales[0]:
        return {}
    try:
        restated = previous_session("XHKG", day)
    except ValueError as error:
        raise ParseError(f"{file}: adj_short: {error}") from error
    return _short_sales(restated, day, sales, is_adjustment=True)


def _after_adjusted_heading(lines: list[str]) -> list[str]:
    # Some sheets print the restated rows before their own anchor, under the same heading.
    headings = [i for i, line in enumerate(lines) if ADJUSTED_HEADING in line]
    return lines[headings[0] + 1 :] if headings else []


def _end_of_list(lines: list[str]) -> int | None:
    return next((i for i, line in enumerate(lines) if END_OF_LIST.match(line)), None)


def _short_sales(
    day: dt.date, published_on: dt.date, sales: list[list[str]], is_adjustment: bool
) -> dict[str, list[Any]]:
    flags, codes, names, shares, turnover, *totals = sales
    none: list[None] = [None] * len(codes)
    total_shares, total_turnover = map(_plain, totals) if totals else (none, none)
    return {
        "trade_date": [day] * len(codes),
        "security_code": codes,
        "security_name": names,
        "is_hkd_counter": ["%" not in flag for flag in flags],
        "short_shares": _plain(shares),
        "short_turnover_amount": _plain(turnover),
        "total_shares": total_shares,
        "total_turnover_amount": total_turnover,
        "is_adjustment": [is_adjustment] * len(codes),
        PUBLISHED_ON: [published_on] * len(codes),
    }


SOURCE = Source(
    name=NAME,
    tables=("quotations", "short_selling"),
    requests=requests,
    parse=parse,
    calendar="XHKG",
    publish_lag=dt.timedelta(hours=5, minutes=45),
    revision_window=dt.timedelta(days=3),
    evidence_grade="official",
    license="HKEX market data: own use only, no redistribution without a licence",
    home="https://www.hkex.com.hk/Market-Data/Statistics/Consolidated-Reports/Daily-Quotations",
)
