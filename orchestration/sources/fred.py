"""FRED of the Federal Reserve Bank of St. Louis: exchange rates, US policy rate, US 10-year yield.

Where: https://fred.stlouisfed.org/graph/fredgraph.csv, one CSV per series, no key.
Licence: mostly public domain, attribution asked; the notes of each series rule.
When: exchange rates come with the H.10 release, on Mondays for the week before; rates and yields on
the next working day. `published_on` says so row by row; the lag of one day on top covers a release
that a US holiday moves to the day after, so that no figure is known before it was out.
Units: `DEXHKUS` HKD per USD, `DEXCHUS` CNY per USD, `DFEDTARU` upper end of the target range and
`DGS10` constant maturity yield, both in percent.
Oddities: the first column is `observation_date`, until late 2024 `DATE`; a day without an
observation (US holiday) is an empty value, formerly a point, and gives no row; `DFEDTARU` also has
weekends.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data_lake.tables import TABLES
from orchestration.sources._cell_columns import PLAIN_DECIMAL, are_all, cells_of, dates, floats
from orchestration.sources._strict_json import fail
from orchestration.sources.base import PUBLISHED_ON, ParseError, Payload, Request, Source

NAME = "fred"
HOME = "https://fred.stlouisfed.org/graph/fredgraph.csv"
DATE_HEADERS = ("observation_date", "DATE")
MISSING = ("", ".")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
VALUES = cells_of(rf"(?:{PLAIN_DECIMAL})?+|\.")
FRIDAY = 4
EPOCH_WEEKDAY = 3
"""1970-01-01, from which Arrow counts days, was a Thursday."""
SCHEMA = TABLES["reference_rates"].schema.append(pa.field(PUBLISHED_ON, pa.date32()))
LONGEST_WAIT = dt.timedelta(days=7)
"""From an observation to the release that carries it: a Monday's exchange rate."""


@dataclass(frozen=True)
class Series:
    """One series: our name, its unit, and whether it comes with the weekly H.10 release."""

    name: str
    unit: str
    is_weekly_release: bool


SERIES = {
    "DEXHKUS": Series("USDHKD", "HKD per USD", is_weekly_release=True),
    "DEXCHUS": Series("USDCNY", "CNY per USD", is_weekly_release=True),
    "DFEDTARU": Series("US_POLICY_RATE", "percent", is_weekly_release=False),
    "DGS10": Series("US_10Y", "percent", is_weekly_release=False),
}
"""What is asked for, by FRED's own series name."""


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per series, from the first day whose release falls into the sessions."""
    if not sessions:
        return []
    first, last = min(sessions), max(sessions)
    return [
        Request(
            source=NAME,
            key=f"{series}.csv",
            url=HOME,
            first_session=first,
            last_session=last,
            params={
                "id": series,
                "cosd": (first - LONGEST_WAIT).isoformat(),
                "coed": last.isoformat(),
            },
        )
        for series in SERIES
    ]


def release_day(series: Series, day: dt.date) -> dt.date:
    """Return the weekday whose release carries an observation, holidays apart."""
    if series.is_weekly_release:
        return day + dt.timedelta(days=7 - day.weekday())
    return day + dt.timedelta(days=7 - day.weekday() if day.weekday() >= FRIDAY else 1)


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `reference_rates` of one series.

    Raises:
        ParseError: not CSV, another series, an unknown column, a date that is none or comes twice,
            or a value that is no number.
    """
    file = f"{NAME}/{payload.request.key}"
    publisher_series = payload.request.key.removesuffix(".csv")
    if publisher_series not in SERIES:
        fail(file, f"unknown series {publisher_series!r}; known: {', '.join(SERIES)}")
    series = SERIES[publisher_series]
    lines = _lines(file, payload.body, publisher_series)
    days, values = _quick_observations(lines) or _observations(file, lines)
    figures = {
        "rate_date": days,
        "series": pa.repeat(series.name, len(days)),
        "publisher_series": pa.repeat(publisher_series, len(days)),
        "unit": pa.repeat(series.unit, len(days)),
        "rate_value": values,
        PUBLISHED_ON: _release_days(series, days),
    }
    columns = [figures[name] for name in SCHEMA.names]
    return {"reference_rates": pa.Table.from_arrays(columns, schema=SCHEMA)}


def _lines(file: str, body: bytes, series: str) -> list[list[str]]:
    """Return the cells of the lines below the header."""
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParseError(f"{file}: is not a CSV file: {error}") from error
    header = lines[0] if lines else []
    if len(header) != 2 or header[0] not in DATE_HEADERS or header[1] != series:
        fail(file, f"columns are {header[:4]!r}, expected {DATE_HEADERS[0]!r} and {series!r}")
    return lines[1:]


def _quick_observations(lines: list[list[str]]) -> tuple[pa.Array, pa.Array] | None:
    """Return days and values, read by the column; None where a line is not as ever."""
    if set(map(len, lines)) != {2}:
        return None
    days, values = zip(*lines, strict=True)
    rate_dates = dates(days)
    if rate_dates is None or len(set(days)) < len(days) or not are_all(VALUES, values):
        return None
    rates = floats([None if value in MISSING else value for value in values])
    if rates is None:
        return None
    return rate_dates.filter(rates.is_valid()), rates.drop_null()


def _observations(file: str, lines: list[list[str]]) -> tuple[pa.Array, pa.Array]:
    """Return days and values, read line by line."""
    found: dict[dt.date, float | None] = {}
    for number, cells in enumerate(lines, start=2):
        if not cells:
            continue
        where = f"{file} line {number}"
        if len(cells) != 2:
            fail(where, f"has {len(cells)} cells instead of 2")
        day = _date(where, cells[0])
        if day in found:
            fail(where, f"{day} comes twice")
        found[day] = _value(where, cells[1].strip())
    there = {day: value for day, value in found.items() if value is not None}
    return pa.array(list(there), pa.date32()), pa.array(list(there.values()), pa.float64())


def _release_days(series: Series, days: pa.Array) -> pa.Array:
    """Return what `release_day` has for each day."""
    counted = days.cast(pa.int32()).to_numpy(zero_copy_only=False)
    to_monday = 7 - (counted + EPOCH_WEEKDAY) % 7
    waits_for_monday = series.is_weekly_release | (to_monday <= 7 - FRIDAY)
    release = counted + np.where(waits_for_monday, to_monday, 1)
    return pa.array(release.astype(np.int32)).cast(pa.date32())


def _date(where: str, cell: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(cell) if ISO_DATE.fullmatch(cell) else None
    except ValueError:
        day = None
    if day is None or day.year == dt.MAXYEAR:
        fail(where, f"date is {cell!r}, expected YYYY-MM-DD")
    return day


def _value(where: str, cell: str) -> float | None:
    if cell in MISSING:
        return None
    if not DECIMAL.fullmatch(cell) or not math.isfinite(float(cell)):
        fail(where, f"value is {cell!r}, not a number")
    return float(cell)


SOURCE = Source(
    name=NAME,
    tables=("reference_rates",),
    requests=requests,
    parse=parse,
    calendar="WEEKDAY",
    publish_lag=dt.timedelta(days=1),
    revision_window=dt.timedelta(days=14),
    evidence_grade="official",
    license="Public domain for most series, attribution asked",
    home=HOME,
)
