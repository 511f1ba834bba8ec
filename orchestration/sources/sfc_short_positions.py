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
from orchestration.sources._columns import are_digits, arrow_table
from orchestration.sources._strict_json import fail
from orchestration.sources.base import ParseError, Payload, Request, Source

NAME = "sfc_short_positions"
HOME = "https://www.sfc.hk/en/Regulatory-functions/Market/Short-position-reporting"
URL = (
    "https://www.sfc.hk/-/media/EN/pdf/spr/{day:%Y/%m/%d}/"
    "Short_Position_Reporting_Aggregated_Data_{day:%Y%m%d}.csv"
)
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
        if day >= SHORT_POSITIONS_WEEKLY.records_begin
    ]


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `short_positions_weekly` of one reporting date.

    Raises:
        ParseError: HTML or another format, an unknown or missing column, another date than asked
            for, a security that comes twice, or a figure that cannot be read exactly enough.
    """
    file = f"{NAME}/{payload.request.key}"
    asked = payload.request.first_session
    numbers, cells = _columns(file, payload.body)
    if not numbers:
        fail(file, "holds no positions below its header")
    columns = {name: list(map(str.strip, cells[name])) for name in COLUMNS}
    columns[CODE] = [code.strip(" ") for code in cells[CODE]]
    amounts = [None if text == NO_VALUE else text for text in columns[VALUE]]
    if not _is_plain(columns, [text for text in amounts if text is not None], asked):
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*cells.values(), strict=True)]
        columns, amounts = _checked(file, dict(zip(numbers, rows, strict=True)), asked)
    own: dict[str, Sequence[Any]] = {
        "position_date": [asked] * len(numbers),
        "security_code": [code.zfill(5) for code in columns[CODE]],
        "security_name": columns[STOCK_NAME],
        "short_position_shares": columns[SHARES],
        "short_position_hkd": amounts,
    }
    return {"short_positions_weekly": arrow_table(own, SHORT_POSITIONS_WEEKLY.schema)}


def _columns(file: str, body: bytes) -> tuple[list[int], dict[str, tuple[str, ...]]]:
    """Return the numbers of the lines that hold something, and their cells by column name."""
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
    numbers = [number for number, cells in enumerate(lines[1:], start=2) if cells]
    rows = [cells for cells in lines[1:] if cells]
    if set(map(len, rows)) - {len(header)}:
        place = next(place for place, cells in enumerate(rows) if len(cells) != len(header))
        where = f"{file} line {numbers[place]}"
        fail(where, f"has {len(rows[place])} cells instead of {len(header)}")
    by_name = dict(zip(header, zip(*rows, strict=True), strict=False))
    return numbers, {name: by_name.get(name, ()) for name in COLUMNS}


def _is_plain(columns: dict[str, list[str]], amounts: list[str], asked: dt.date) -> bool:
    """Return whether every cell is printed as the publisher's own files print it."""
    codes = {code.zfill(5) for code in columns[CODE]}
    return (
        set(columns[DATE]) == {f"{asked:%d/%m/%Y}"}
        and are_digits(columns[CODE], longest=5)
        and len(codes) == len(columns[CODE])
        and "00000" not in codes
        and all(columns[STOCK_NAME])
        and are_digits(columns[SHARES], longest=18)
        and are_digits(amounts, longest=18)
    )


def _checked(
    file: str, rows: dict[int, dict[str, str]], asked: dt.date
) -> tuple[dict[str, list[str]], list[str | None]]:
    """Read the rows one by one: columns and amounts in their plain form, or the row at fault."""
    columns: dict[str, list[str]] = {name: [] for name in COLUMNS}
    amounts: list[str | None] = []
    for number, row in rows.items():
        where = f"{file} line {number}"
        day = _date(f"{where} {DATE}", row[DATE].strip())
        if day != asked:
            fail(f"{where} {DATE}", f"is {day}, asked was {asked}")
        name = row[STOCK_NAME].strip()
        if not name:
            fail(f"{where} {STOCK_NAME}", "is empty")
        code = five_digits(f"{where} {CODE}", row[CODE])
        shares = _shares(f"{where} {SHARES}", row[SHARES].strip())
        amounts.append(_value(f"{where} {VALUE}", row[VALUE].strip()))
        if code in columns[CODE]:
            fail(where, f"security {code} comes twice")
        for column, text in ((CODE, code), (STOCK_NAME, name), (SHARES, shares)):
            columns[column].append(text)
    return columns, amounts


def _date(where: str, cell: str) -> dt.date:
    found = DAY.fullmatch(cell)
    try:
        day, month, year = (int(part) for part in found.groups()) if found else (0, 0, 0)
        return dt.date(year, month, day)
    except ValueError:
        fail(where, f"is {cell!r}, expected DD/MM/YYYY")


def _shares(where: str, cell: str) -> str:
    if LOSSY.fullmatch(cell):
        fail(where, f"is {cell!r}: scientific notation has lost digits, shares must be exact")
    if not WHOLE.fullmatch(cell):
        fail(where, f"is {cell!r}, not a whole number")
    return cell.replace(",", "")


def _value(where: str, cell: str) -> str | None:
    if cell == NO_VALUE:
        return None
    amount = cell.removeprefix("$").lstrip()
    if LOSSY.fullmatch(amount) and not SCIENTIFIC.fullmatch(amount):
        fail(where, f"is {cell!r}: scientific notation with fewer than five digits, or too large")
    if not WHOLE.fullmatch(amount) and not SCIENTIFIC.fullmatch(amount):
        fail(where, f"is {cell!r}, neither a whole number of HKD nor {NO_VALUE!r}")
    whole = Decimal(amount.replace(",", "")).to_integral_value()
    return f"{whole:f}"


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
