"""Source card: HKEX trading calendar of Stock Connect, one CSV per year.

Home: https://www.hkex.com.hk/Mutual-Market/Stock-Connect/Reference-Materials
Terms: HKEX data; no redistribution without a licence.
Published: before the year begins. A day's row enters the lake once the day is over, like any other
figure: the calendar checks the past, it does not foretell.
Units: none; an empty cell means open.

Known oddities:
* One row per weekday. `Holiday`, `Half Day` and `Closed` are the only other cells.
* Some years have preamble lines: the table begins with the line that starts with `Date`.
* Closures for typhoons and rainstorms are not in it.

Here lives how to ask and how to read; `orchestration.calendar_check` compares. No IO.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Collection, Sequence

import pyarrow as pa

from data_lake.tables.exchange_calendar import EXCHANGE_CALENDAR
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._cell_columns import are_all, cells_of
from orchestration.sources._strict_json import fail
from orchestration.sources.base import ParseError, Payload, Request, Source

NAME = "hkex_calendar"
HOME = "https://www.hkex.com.hk/Mutual-Market/Stock-Connect/Reference-Materials"
URL = (
    "https://www.hkex.com.hk/-/media/HKEX-Market/Mutual-Market/Stock-Connect/Reference-Materials/"
    "Trading-Hour,-Trading-and-Settlement-Calendar/{year}-Calendar_csv_e.csv"
)
FIRST_YEAR = 2014
"""Stock Connect began in November of it."""
DATE, DAY_OF_WEEK = "Date", "Day of Week"
HONG_KONG, MAINLAND = "Hong Kong", "Shanghai & Shenzhen"
NORTHBOUND, SOUTHBOUND = "Northbound Trading", "Southbound Trading"
OPEN, HOLIDAY, HALF_DAY, CLOSED = "", "Holiday", "Half Day", "Closed"
CELLS = {
    HONG_KONG: (OPEN, HOLIDAY, HALF_DAY),
    MAINLAND: (OPEN, HOLIDAY),
    NORTHBOUND: (OPEN, CLOSED),
    SOUTHBOUND: (OPEN, CLOSED, HALF_DAY),
}
"""What each column may say."""
COLUMNS = (DATE, DAY_OF_WEEK, *CELLS)
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
KEY = re.compile(r"([0-9]{4})\.csv", re.ASCII)
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri")
PLACES_OF_DAYS = {f",{name},": place for place, name in enumerate(DAY_NAMES)}
ISO_DATES = cells_of(ISO_DATE.pattern)
EXCHANGE_ROWS = ArrowRows(EXCHANGE_CALENDAR.schema)


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per year of the sessions, about that year's part of them."""
    years: dict[int, list[dt.date]] = {}
    for day in sessions:
        if day.year >= FIRST_YEAR:
            years.setdefault(day.year, []).append(day)
    return [
        Request(
            source=NAME,
            key=f"{year:04d}.csv",
            url=URL.format(year=year),
            first_session=min(days),
            last_session=max(days),
        )
        for year, days in sorted(years.items())
    ]


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `exchange_calendar` of a whole year, one row per weekday.

    Raises:
        ParseError: no line that starts with `Date`, an unknown or missing column, an unknown cell,
            or a weekday that is missing, comes twice or belongs to another year.
    """
    file = f"{NAME}/{payload.request.key}"
    named = KEY.fullmatch(payload.request.key)
    if not named:
        fail(file, "unknown key, expected YYYY.csv")
    year = int(named[1])
    try:
        text = payload.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"{file}: is not a CSV file: {error}") from error
    rows = _plain_rows(year, text) or _checked_rows(file, year, text)
    return {"exchange_calendar": EXCHANGE_ROWS.table(rows)}


def _plain_rows(year: int, text: str) -> list[tuple[object, ...]] | None:
    """Return the rows of a file in which everything is as ever, None where something is not.

    What is open is alike on most days: each of these endings of a line is read once.
    """
    header, *lines = text.removesuffix("\n").split("\n")
    printed = [line[:10] for line in lines]
    endings = [line[15:] for line in lines]
    if header.rstrip("\r") != ",".join(COLUMNS) or '"' in text or not are_all(ISO_DATES, printed):
        return None
    try:
        days = list(map(dt.date.fromisoformat, printed))
        openings = {ending: _openings_of(ending) for ending in {*endings}}
    except (ValueError, ParseError):
        return None
    weekdays = list(map(PLACES_OF_DAYS.get, [line[10:15] for line in lines]))
    is_whole_year = (
        min(days).year == max(days).year == year
        and len({*days}) == len(days) == _weekday_count(year)
        and list(map(dt.date.weekday, days)) == weekdays
    )
    if not is_whole_year:
        return None
    return [(day,) + openings[ending] for day, ending in zip(days, endings, strict=True)]


def _openings_of(ending: str) -> tuple[bool, ...]:
    """Return what is open on a line that ends so.

    Raises:
        ValueError: it has another number of cells.
        ParseError: it has an unknown cell.
    """
    return _openings("", dict(zip(CELLS, ending.rstrip("\r").split(","), strict=True)))


def _weekday_count(year: int) -> int:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    # 52 weeks and one day, or two: a year ends on the weekday that it began with, or on the next.
    is_leap = first.weekday() != last.weekday()
    return 52 * 5 + (first.weekday() < 5) + (is_leap and last.weekday() < 5)


def _checked_rows(file: str, year: int, text: str) -> list[tuple[object, ...]]:
    """Read the lines one by one."""
    header, lines = _table(file, text)
    rows: dict[dt.date, tuple[object, ...]] = {}
    for number, cells in lines.items():
        where = f"{file} line {number}"
        if len(cells) != len(header):
            fail(where, f"has {len(cells)} cells instead of {len(header)}")
        named = dict(zip(header, map(str.strip, cells), strict=True))
        day = _date(where, named, year)
        if day in rows:
            fail(where, f"{day} comes twice")
        rows[day] = (day, *_openings(where, named))
    _check_complete(file, year, rows)
    return list(rows.values())


def _table(file: str, text: str) -> tuple[list[str], dict[int, list[str]]]:
    """Return the names of the columns, and the cells of the lines below them by line number."""
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ParseError(f"{file}: is not a CSV file: {error}") from error
    if text.lstrip().startswith("<"):
        fail(file, "is HTML, not CSV")
    start = next((n for n, cells in enumerate(lines) if cells[:1] == [DATE]), None)
    if start is None:
        fail(file, f"has no line that starts with {DATE!r}")
    header = [name.strip() for name in lines[start]]
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in COLUMNS if name not in header]
    if unknown or missing:
        fail(file, f"unknown column {unknown[0]!r}" if unknown else f"no column {missing[0]!r}")
    if len(header) != len(COLUMNS):
        fail(file, "a column comes twice")
    numbered = enumerate(lines[start + 1 :], start=start + 2)
    return header, {number: cells for number, cells in numbered if cells}


def _date(where: str, cells: dict[str, str], year: int) -> dt.date:
    text, day_name = cells[DATE], cells[DAY_OF_WEEK]
    try:
        day = dt.date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        fail(f"{where} {DATE}", f"is {text!r}, expected YYYY-MM-DD")
    if day.year != year:
        fail(f"{where} {DATE}", f"is {day}, the file is about {year}")
    if day.weekday() >= len(DAY_NAMES) or day_name != DAY_NAMES[day.weekday()]:
        fail(f"{where} {DAY_OF_WEEK}", f"is {day_name!r}, but {day} is a {day:%A}")
    return day


def _openings(where: str, cells: dict[str, str]) -> tuple[bool, ...]:
    for column, known in CELLS.items():
        if cells[column] not in known:
            words = ", ".join(word or "empty" for word in known)
            fail(f"{where} {column}", f"is {cells[column]!r}, known: {words}")
    if cells[SOUTHBOUND] == HALF_DAY and cells[HONG_KONG] != HALF_DAY:
        fail(f"{where} {SOUTHBOUND}", "is a half day on which Hong Kong has none")
    return (
        cells[HONG_KONG] != HOLIDAY,
        cells[HONG_KONG] == HALF_DAY,
        cells[MAINLAND] != HOLIDAY,
        cells[NORTHBOUND] != CLOSED,
        cells[SOUTHBOUND] != CLOSED,
        cells[SOUTHBOUND] == HALF_DAY,
    )


def _check_complete(file: str, year: int, rows: Collection[dt.date]) -> None:
    day = dt.date(year, 1, 1) if year else None
    while day and day.year == year:
        if day.weekday() < len(DAY_NAMES) and day not in rows:
            fail(file, f"lacks {day}; a calendar has every weekday of its year")
        day = day + dt.timedelta(days=1) if day < dt.date.max else None


SOURCE = Source(
    name=NAME,
    tables=("exchange_calendar",),
    requests=requests,
    parse=parse,
    calendar="WEEKDAY",
    publish_lag=dt.timedelta(0),
    revision_window=dt.timedelta(days=7),
    evidence_grade="official",
    license="HKEX: own use only, no redistribution without a licence",
    home=HOME,
)
