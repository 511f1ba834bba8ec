"""The open data API of the Hong Kong Monetary Authority: one month of one dataset per request.

Here live what its datasets share: the addresses, the envelope, and the way from records to
`reference_rates`. Which fields of which dataset are read is the source's affair.

A month has 31 records at most and a page 100, so that no request needs a second page, and the
answer about a month that is over never changes its extent.
"""

from __future__ import annotations

import calendar as days_of
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

import pyarrow as pa

from data_lake.tables.reference_rates import REFERENCE_RATES
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._strict_json import (
    decode_json,
    fail,
    mapping,
    number,
    placed,
    sequence,
    text,
    whole_number,
)
from orchestration.sources.base import ParseError, Payload, Request

API = "https://api.hkma.gov.hk/public/market-data-and-statistics/"
PAGE_SIZE = 100
KEY = re.compile(r"([a-z-]+)\.[0-9]{4}-[0-9]{2}\.json", re.ASCII)
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
RATE_ROWS = ArrowRows(REFERENCE_RATES.schema)


@dataclass(frozen=True)
class Dataset:
    """One dataset: its path, the name of its date field, and the series read from it.

    `series` maps a field to our name of the series and its unit. `segment` is a parameter that some
    datasets need.
    """

    path: str
    date_field: str
    series: Mapping[str, tuple[str, str]]
    segment: str = ""

    @cached_property
    def name(self) -> str:
        """Return the last part of the path, by which keys and publisher's series are named."""
        return self.path.rpartition("/")[2]

    @cached_property
    def columns(self) -> tuple[tuple[str, str, str, str], ...]:
        """Return the fields that are read, each with series, publisher's series and unit."""
        return tuple(
            (field, series, f"{self.name}.{field}", unit)
            for field, (series, unit) in self.series.items()
        )


def month_requests(
    source: str, datasets: Sequence[Dataset], sessions: Sequence[dt.date]
) -> list[Request]:
    """Return one request per dataset and month that holds any of the sessions."""
    months = sorted({day.replace(day=1) for day in sessions})
    return [month_request(source, dataset, month) for month in months for dataset in datasets]


def month_request(source: str, dataset: Dataset, first: dt.date) -> Request:
    """Return the request for the month that begins with `first`."""
    last = first.replace(day=days_of.monthrange(first.year, first.month)[1])
    params = {
        "pagesize": str(PAGE_SIZE),
        "offset": "0",
        "choose": dataset.date_field,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "sortby": dataset.date_field,
        "sortorder": "asc",
    }
    if dataset.segment:
        params["segment"] = dataset.segment
    key = f"{dataset.name}.{first:%Y-%m}.json"
    return Request(source, key, API + dataset.path, first, last, params=params)


def reference_rates(source: str, datasets: Sequence[Dataset], payload: Payload) -> pa.Table:
    """Return the rates of one month of one dataset; a null is no row, an empty month no rows.

    Raises:
        ParseError: an unknown key, an error answer, a full or a short page, a missing field, a date
            outside the month asked for or twice, or a value that is no number.
    """
    file = f"{source}/{payload.request.key}"
    asked = KEY.fullmatch(payload.request.key)
    named = {dataset.name: dataset for dataset in datasets}
    if not asked or asked[1] not in named:
        fail(file, f"unknown key, expected <dataset>.YYYY-MM.json of {', '.join(named)}")
    dataset = named[asked[1]]
    first, last = payload.request.first_session, payload.request.last_session
    rows: list[tuple[object, ...]] = []
    seen: set[dt.date] = set()
    for position, record in enumerate(_records(file, payload.body)):
        try:
            day = _rates(dataset, record, rows)
            if not first <= day <= last:
                fail("", f"is of {day}, asked was the month of {first}")
            if day in seen:
                fail("", f"{day} comes twice")
        except ParseError as error:
            raise placed(f"{file} record {position}", error) from error
        seen.add(day)
    return RATE_ROWS.table(rows)


def _records(file: str, body: bytes) -> list[Any]:
    envelope = mapping(file, decode_json(file, body))
    header = mapping(f"{file} header", envelope.get("header"))
    if header.get("success") is not True:
        code, message = header.get("err_code"), header.get("err_msg")
        fail(file, f"the publisher refuses: error {code!r}, {message!r}")
    result = mapping(f"{file} result", envelope.get("result"))
    found = sequence(f"{file} result.records", result.get("records"))
    size = whole_number(f"{file} result.datasize", result.get("datasize"))
    if len(found) >= PAGE_SIZE:
        fail(file, f"holds a full page of {len(found)} records: there may be more")
    if size != len(found):
        fail(file, f"holds {len(found)} records instead of {size}")
    return found


def _rates(dataset: Dataset, record: object, rows: list[tuple[object, ...]]) -> dt.date:
    """Append the rates of a record to the rows of the table, and return its day."""
    if not isinstance(record, dict):
        fail("", f"is {type(record).__name__}, not an object")
    day = _date(dataset.date_field, record.get(dataset.date_field))
    for name, series, publisher_series, unit in dataset.columns:
        value = record.get(name)
        if type(value) is not float or not isfinite(value):
            if name not in record:
                fail("", f"has no field {name!r}")
            if value is None:
                continue
            value = number(name, value)
        rows.append((day, series, publisher_series, unit, value))
    return day


def _date(name: str, value: object) -> dt.date:
    is_printed = isinstance(value, str) and ISO_DATE.fullmatch(value)
    try:
        return dt.date.fromisoformat(str(value) if is_printed else "")
    except ValueError:
        fail(name, f"is {text(name, value)!r}, expected YYYY-MM-DD")
