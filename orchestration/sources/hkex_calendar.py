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
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from data_lake.tables.exchange_calendar import EXCHANGE_CALENDAR
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
    rows: dict[dt.date, dict[str, Any]] = {}
    for where, cells in _lines(file, payload.body):
        day = _date(where, cells, year)
        if day in rows:
            fail(where, f"{day} comes twice")
        rows[day] = {"trade_date": day} | _openings(where, cells)
    _check_complete(file, year, rows)
    table = pa.Table.from_pylist(list(rows.values()), schema=EXCHANGE_CALENDAR.schema)
    return {"exchange_calendar": table}


def _lines(file: str, body: bytes) -> list[tuple[str, dict[str, str]]]:
    try:
        text = body.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
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
    found = []
    for number, cells in enumerate(lines[start + 1 :], start=start + 2):
        where = f"{file} line {number}"
        if cells and len(cells) != len(header):
            fail(where, f"has {len(cells)} cells instead of {len(header)}")
        if cells:
            texts = (cell.strip() for cell in cells)
            found.append((where, dict(zip(header, texts, strict=True))))
    return found


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


def _openings(where: str, cells: dict[str, str]) -> dict[str, bool]:
    for column, known in CELLS.items():
        if cells[column] not in known:
            words = ", ".join(word or "empty" for word in known)
            fail(f"{where} {column}", f"is {cells[column]!r}, known: {words}")
    if cells[SOUTHBOUND] == HALF_DAY and cells[HONG_KONG] != HALF_DAY:
        fail(f"{where} {SOUTHBOUND}", "is a half day on which Hong Kong has none")
    return {
        "is_hong_kong_open": cells[HONG_KONG] != HOLIDAY,
        "is_hong_kong_half_day": cells[HONG_KONG] == HALF_DAY,
        "is_mainland_open": cells[MAINLAND] != HOLIDAY,
        "is_northbound_open": cells[NORTHBOUND] != CLOSED,
        "is_southbound_open": cells[SOUTHBOUND] != CLOSED,
        "is_southbound_half_day": cells[SOUTHBOUND] == HALF_DAY,
    }


def _check_complete(file: str, year: int, rows: dict[dt.date, dict[str, Any]]) -> None:
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
