"""Source card: SFC aggregated reportable short positions, one CSV per week.

Home: https://www.sfc.hk/en/Regulatory-functions/Market/Short-position-reporting
Terms: viewing and non-commercial use with attribution; read the site's licence before more.
Published: one week after the reporting date, which is the last session of a week. Files exist since
2012-08-31 and cover all stocks since 2017-03-15.
Units: shares and whole HKD. Dates are DD/MM/YYYY, codes have no leading zeros, lines end in LF.

Known oddities:
* A week without a file answers a page of HTML with status 200.
* The value may be `n.a.` and then is null.
* Some files went through a spreadsheet. Thousands separators are read, and a `$` before a value.
  Scientific notation loses digits: a value in HKD is read with at least five of them (an error of
  0.005 % at most), a share count never is, because shares must be exact.

Here lives how to ask and how to read. No IO.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from data_lake.tables.short_positions_weekly import SHORT_POSITIONS_WEEKLY
from orchestration.sources._codes import five_digits
from orchestration.sources._strict_json import fail
from orchestration.sources.base import ParseError, Payload, Request, Source

NAME = "sfc_short_positions"
HOME = "https://www.sfc.hk/en/Regulatory-functions/Market/Short-position-reporting"
URL = (
    "https://www.sfc.hk/-/media/EN/pdf/spr/{day:%Y/%m/%d}/"
    "Short_Position_Reporting_Aggregated_Data_{day:%Y%m%d}.csv"
)
FIRST_DATE = dt.date(2012, 8, 31)
"""Reporting date of the first file."""
DATE, CODE, STOCK_NAME = "Date", "Stock Code", "Stock Name"
SHARES = "Aggregated Reportable Short Positions (Shares)"
VALUE = "Aggregated Reportable Short Positions (HK$)"
COLUMNS = (DATE, CODE, STOCK_NAME, SHARES, VALUE)
NO_VALUE = "n.a."
WHOLE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,18}", re.ASCII)
SCIENTIFIC = re.compile(r"([0-9])\.([0-9]{4,17})[eE]\+?(0?[0-9]|1[0-7])", re.ASCII)
"""At least five digits, and a value below 10^18."""
LOSSY = re.compile(r"[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+", re.ASCII)
DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", re.ASCII)


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per reporting date since files exist."""
    return [
        Request(
            source=NAME,
            key=f"{day:%Y-%m-%d}.csv",
            url=URL.format(day=day),
            first_session=day,
            last_session=day,
        )
        for day in sessions
        if day >= FIRST_DATE
    ]


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `short_positions_weekly` of one reporting date.

    Raises:
        ParseError: HTML or another format, an unknown or missing column, another date than asked
            for, a security that comes twice, or a figure that cannot be read exactly enough.
    """
    file = f"{NAME}/{payload.request.key}"
    asked = payload.request.first_session
    rows: dict[str, dict[str, Any]] = {}
    for number, cells in _lines(file, payload.body):
        where = f"{file} line {number}"
        day = _date(f"{where} {DATE}", cells[DATE].strip())
        if day != asked:
            fail(f"{where} {DATE}", f"is {day}, asked was {asked}")
        row = {"position_date": day} | _position(where, cells)
        if row["security_code"] in rows:
            fail(where, f"security {row['security_code']} comes twice")
        rows[row["security_code"]] = row
    if not rows:
        fail(file, "holds no positions below its header")
    schema = SHORT_POSITIONS_WEEKLY.schema
    return {"short_positions_weekly": pa.Table.from_pylist(list(rows.values()), schema=schema)}


def _lines(file: str, body: bytes) -> list[tuple[int, dict[str, str]]]:
    if body.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        fail(file, "is HTML, not CSV: the publisher has no file for this date yet, or moved it")
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParseError(f"{file}: is not a CSV file: {error}") from error
    header = [name.strip() for name in lines[0]] if lines else []
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in COLUMNS if name not in header]
    if unknown or missing:
        what = f"unknown column {unknown[0]!r}" if unknown else f"missing column {missing[0]!r}"
        fail(file, f"{what}; columns are {header[:6]!r}")
    if len(header) != len(COLUMNS):
        fail(file, "a column comes twice")
    numbered = [(number, cells) for number, cells in enumerate(lines[1:], start=2) if cells]
    for number, cells in numbered:
        if len(cells) != len(header):
            fail(f"{file} line {number}", f"has {len(cells)} cells instead of {len(header)}")
    return [(number, dict(zip(header, cells, strict=True))) for number, cells in numbered]


def _date(where: str, cell: str) -> dt.date:
    found = DAY.fullmatch(cell)
    try:
        day, month, year = (int(part) for part in found.groups()) if found else (0, 0, 0)
        return dt.date(year, month, day)
    except ValueError:
        fail(where, f"is {cell!r}, expected DD/MM/YYYY")


def _position(where: str, cells: dict[str, str]) -> dict[str, Any]:
    name = cells[STOCK_NAME].strip()
    if not name:
        fail(f"{where} {STOCK_NAME}", "is empty")
    return {
        "security_code": five_digits(f"{where} {CODE}", cells[CODE]),
        "security_name": name,
        "short_position_shares": _shares(f"{where} {SHARES}", cells[SHARES].strip()),
        "short_position_hkd": _value(f"{where} {VALUE}", cells[VALUE].strip()),
    }


def _shares(where: str, cell: str) -> int:
    if LOSSY.fullmatch(cell):
        fail(where, f"is {cell!r}: scientific notation has lost digits, shares must be exact")
    if not WHOLE.fullmatch(cell):
        fail(where, f"is {cell!r}, not a whole number")
    return int(cell.replace(",", ""))


def _value(where: str, cell: str) -> int | None:
    if cell == NO_VALUE:
        return None
    amount = cell.removeprefix("$").lstrip()
    if LOSSY.fullmatch(amount) and not SCIENTIFIC.fullmatch(amount):
        fail(where, f"is {cell!r}: scientific notation with fewer than five digits, or too large")
    if not WHOLE.fullmatch(amount) and not SCIENTIFIC.fullmatch(amount):
        fail(where, f"is {cell!r}, neither a whole number of HKD nor {NO_VALUE!r}")
    return int(Decimal(amount.replace(",", "")).to_integral_value())


SOURCE = Source(
    name=NAME,
    tables=("short_positions_weekly",),
    requests=requests,
    parse=parse,
    calendar="XHKG_WEEK_END",
    publish_lag=dt.timedelta(days=7),
    revision_window=dt.timedelta(days=7),
    evidence_grade="official",
    license="SFC website terms: non-commercial use with attribution",
    home=HOME,
)
