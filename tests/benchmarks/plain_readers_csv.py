"""The plainest correct readers of CSV: typed rows, nothing checked."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

from orchestration.sources import fred as fred_source
from orchestration.sources.base import Payload
from orchestration.sources.hsi_bulletin import HEADLINES
from tests.benchmarks.plain_rows import Reader, Tables


def _lines(text: str, delimiter: str = ",") -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text), delimiter=delimiter)


def _float(text: str) -> float | None:
    return None if text == "-" else float(text.replace(",", ""))


def holdings(payload: Payload) -> Tables:
    """Read the holdings of KWEB."""
    title, _, *lines = _lines(payload.body.decode())
    day = dt.date.fromisoformat(title[1][-10:])
    rows = [
        (
            day,
            "KWEB",
            int(rank),
            name,
            ticker or None,
            isin or None,
            float(weight),
            float(shares.replace(",", "")),
            float(value.replace(",", "")),
        )
        for rank, name, weight, ticker, isin, shares, value in lines
    ]
    return {"etf_holdings": rows, "etf_nav": []}


def fred(payload: Payload) -> Tables:
    """Read observations, each with the day of its release."""
    lines = _lines(payload.body.decode())
    _, publisher_series = next(lines)
    series = fred_source.SERIES[publisher_series]
    rows = []
    for printed, value in lines:
        if value:
            day = dt.date.fromisoformat(printed)
            weekday = day.weekday()
            wait = 7 - weekday if series.is_weekly_release or weekday >= 4 else 1
            release = day + dt.timedelta(wait)
            rows.append((day, series.name, publisher_series, series.unit, float(value), release))
    return {"reference_rates": rows}


def short_positions(payload: Payload) -> Tables:
    """Read positions."""
    lines = _lines(payload.body.decode("utf-8-sig"))
    next(lines)
    rows = [
        (
            dt.date(int(day[6:]), int(day[3:5]), int(day[:2])),
            code.zfill(5),
            name,
            int(shares),
            int(value) if value != "n.a." else None,
        )
        for day, code, name, shares, value in lines
    ]
    return {"short_positions_weekly": rows}


def calendar(payload: Payload) -> Tables:
    """Read the weekdays of a year."""
    lines = _lines(payload.body.decode("utf-8-sig"))
    next(lines)
    rows = [
        (
            dt.date.fromisoformat(day),
            hong_kong != "Holiday",
            hong_kong == "Half Day",
            mainland != "Holiday",
            northbound != "Closed",
            southbound != "Closed",
            southbound == "Half Day",
        )
        for day, _, hong_kong, mainland, northbound, southbound in lines
    ]
    return {"exchange_calendar": rows}


def bulletin(payload: Payload) -> Tables:
    """Read the headline index of a bulletin."""
    headline, symbol = HEADLINES[payload.request.key.partition(".")[0]]
    rows = []
    for day, index, unit, *printed in list(_lines(payload.body.decode("utf-16"), "\t"))[2:]:
        name = index.encode("ascii", "ignore").decode().strip()
        if (name, unit) == (headline, "HKD"):
            high, low, close, change, change_pct, dividend, pe, turnover, *_ = map(_float, printed)
            date = dt.date(int(day[:4]), int(day[4:6]), int(day[6:]))
            levels = (close, high, low, change, change_pct, dividend, pe, turnover)
            rows.append((date, symbol, name, unit, *levels))
    return {"index_valuations": rows}


READERS: dict[str, Reader] = {
    "fred": fred,
    "sfc_short_positions": short_positions,
    "hkex_calendar": calendar,
    "hsi_bulletin": bulletin,
}
