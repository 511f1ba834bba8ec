"""The chart JSON of Yahoo Finance: envelope, meta, timestamps, columns and events, checked.

Here lives what is about the wrapper. What becomes of the columns is the source's affair.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from types import NoneType
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.sources._strict_json import (
    decode_json,
    fail,
    mapping,
    number,
    sequence,
    text,
    whole_number,
)

PRICE_COLUMNS = ("open", "high", "low", "close")
QUOTE_COLUMNS = frozenset({*PRICE_COLUMNS, "volume"})
EVENT_KINDS = frozenset({"dividends", "splits", "capitalGains"})
CURRENCY = re.compile(r"[A-Za-z]{3}")
LATEST_TIMESTAMP = 4_102_444_800
"""2100-01-01, in seconds: a later stamp is no date but another unit."""
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Event:
    """A dividend or a split, dated in the exchange's zone, with the object that was sent."""

    day: dt.date
    where: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """One symbol's answer: a day per bar, and as many figures in each column, as sent."""

    symbol: str
    currency: str
    exchange_name: str | None
    instrument_type: str | None
    days: list[dt.date]
    columns: dict[str, list[Any]]
    dividends: list[Event]
    splits: list[Event]


def currency_code(where: str, value: object) -> str:
    """Return a currency code of three letters.

    Raises:
        ParseError: it is not one.
    """
    if not isinstance(value, str) or not CURRENCY.fullmatch(value):
        fail(where, f"is {value!r}, not a currency code")
    return value


def read_chart(file: str, body: bytes) -> Chart:
    """Return the one result of a chart answer.

    Raises:
        ParseError: an error answer, or a field that is missing, unknown or of the wrong kind.
    """
    result = _only_result(file, body)
    unknown = result.keys() - {"meta", "timestamp", "indicators", "events"}
    if unknown:
        fail(file, f"unknown field {min(unknown)!r} in result")
    meta = mapping(f"{file} meta", result.get("meta"))
    zone = _zone(f"{file} meta", meta)
    events = mapping(f"{file} events", result.get("events") or {})
    if events.keys() - EVENT_KINDS:
        fail(file, f"unknown kind of event {min(events.keys() - EVENT_KINDS)!r}")
    optional = {
        name: text(f"{file} meta {name}", meta[name]) if meta.get(name) is not None else None
        for name in ("exchangeName", "instrumentType")
    }
    days, columns = _bars(file, result, meta, zone)
    return Chart(
        symbol=text(f"{file} meta symbol", meta.get("symbol")),
        currency=currency_code(f"{file} meta currency", meta.get("currency")),
        exchange_name=optional["exchangeName"],
        instrument_type=optional["instrumentType"],
        days=days,
        columns=columns,
        dividends=_events(f"{file} dividends", events.get("dividends") or {}, zone),
        splits=_events(f"{file} splits", events.get("splits") or {}, zone),
    )


def _only_result(file: str, body: bytes) -> dict[str, Any]:
    answer = mapping(file, decode_json(file, body))
    chart = mapping(f"{file} chart", answer.get("chart"))
    if chart.get("error") is not None:
        error = chart["error"] if isinstance(chart["error"], dict) else {"code": chart["error"]}
        fail(file, f"error answer {error.get('code')!r}: {error.get('description')!r}")
    results = sequence(f"{file} result", chart.get("result"))
    if len(results) != 1:
        fail(file, f"holds {len(results)} results instead of 1")
    return mapping(f"{file} result", results[0])


def _zone(where: str, meta: dict[str, Any]) -> dt.tzinfo:
    name = meta.get("exchangeTimezoneName")
    if isinstance(name, str):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass  # the offset beside the name serves as well
    offset = whole_number(f"{where} gmtoffset", meta.get("gmtoffset"))
    if abs(offset) >= DAY_SECONDS:
        fail(f"{where} gmtoffset", f"is {offset}, a day or more")
    return dt.timezone(dt.timedelta(seconds=offset))


def _local_date(where: str, value: object, zone: dt.tzinfo) -> dt.date:
    stamp = whole_number(where, value)
    if not DAY_SECONDS <= stamp < LATEST_TIMESTAMP:
        fail(where, f"is {stamp}, no time between 1970 and 2100 in seconds")
    return dt.datetime.fromtimestamp(stamp, zone).date()


def _columns(file: str, result: dict[str, Any], length: int) -> dict[str, list[Any]] | None:
    """Return the arrays by name; None where the vendor has no data at all."""
    indicators = mapping(f"{file} indicators", result.get("indicators"))
    unknown = indicators.keys() - {"quote", "adjclose"}
    if unknown:
        fail(file, f"unknown indicator {min(unknown)!r}")
    quotes = sequence(f"{file} quote", indicators.get("quote"))
    if len(quotes) != 1:
        fail(file, f"holds {len(quotes)} quote blocks instead of 1")
    quote = mapping(f"{file} quote", quotes[0])
    if not quote:
        return None
    for problem, names in (
        ("unknown", quote.keys() - QUOTE_COLUMNS),
        ("missing", QUOTE_COLUMNS - quote.keys()),
    ):
        if names:
            fail(file, f"{problem} quote column {min(names)!r}")
    adjusted = sequence(f"{file} adjclose", indicators.get("adjclose") or [{}])
    block = mapping(f"{file} adjclose", adjusted[0])
    columns = {**quote, "adjclose": block.get("adjclose") or [None] * length}
    for name, values in columns.items():
        if len(sequence(f"{file} {name}", values)) != length:
            fail(file, f"{name} has {len(values)} elements where timestamp has {length}")
    return columns


def _bars(
    file: str, result: dict[str, Any], meta: dict[str, Any], zone: dt.tzinfo
) -> tuple[list[dt.date], dict[str, list[Any]]]:
    """Return the days and the checked columns of the bars that are kept."""
    stamps = sequence(f"{file} timestamp", result.get("timestamp") or [])
    columns = _columns(file, result, len(stamps))
    if columns is None:
        return [], {name: [] for name in (*PRICE_COLUMNS, "volume", "adjclose")}
    days = [
        _local_date(f"{file} timestamp {index}", stamp, zone) for index, stamp in enumerate(stamps)
    ]
    left_out = set()
    if len(days) > 1 and days[-1] == days[-2]:
        left_out.add(len(days) - 2)  # the last element is newer than the bar of the same day
    if _is_unfinished(stamps, meta):
        left_out.add(len(days) - 1)
    kept = [index for index in range(len(days)) if index not in left_out]
    columns = {name: [values[index] for index in kept] for name, values in columns.items()}
    days = [days[index] for index in kept]
    _check_rows(file, kept, days, columns)
    return days, columns


def _check_rows(
    file: str, kept: list[int], days: list[dt.date], columns: dict[str, list[Any]]
) -> None:
    """Refuse what is no number, then a day that comes twice; look at rows only where it must."""
    names = (*PRICE_COLUMNS, "adjclose", "volume")
    if not all(_are_numbers(columns[name]) for name in names) or not _are_whole(columns["volume"]):
        for position, index in enumerate(kept):
            where = f"{file} row {index} ({days[position]})"
            for name in names:
                value = columns[name][position]
                if value is not None:
                    (whole_number if name == "volume" else number)(f"{where} {name}", value)
    if len(set(days)) < len(days):
        twice = next(day for position, day in enumerate(days) if day in days[:position])
        fail(file, f"{twice} comes twice")


def _are_numbers(values: list[Any]) -> bool:
    kinds = set(map(type, values))
    if not kinds <= {float, int, NoneType}:
        return False
    try:
        return math.isfinite(math.fsum(value for value in values if value is not None))
    except OverflowError:
        return False


def _are_whole(values: list[Any]) -> bool:
    return all(value is None or (type(value) is int and abs(value) < 2**63) for value in values)


def _is_unfinished(stamps: list[Any], meta: dict[str, Any]) -> bool:
    """Return whether the last element is a session still running, stamped with its last trade."""
    period = meta.get("currentTradingPeriod")
    regular = period.get("regular") if isinstance(period, dict) else None
    end = regular.get("end") if isinstance(regular, dict) else None
    return bool(
        stamps
        and isinstance(end, int | float)
        and stamps[-1] == meta.get("regularMarketTime")
        and stamps[-1] < end
    )


def _events(where: str, block: object, zone: dt.tzinfo) -> list[Event]:
    events = []
    for key, value in mapping(where, block).items():
        label = f"{where} {key!r}"
        values = mapping(label, value)
        events.append(Event(_local_date(f"{label} date", values.get("date"), zone), label, values))
    return events
