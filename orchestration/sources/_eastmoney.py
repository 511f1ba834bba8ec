"""The envelope of Eastmoney's data center: JSON or JSONP around a page of flat records.

Here live the way from bytes to records and the readers of their fields. Which report a record
belongs to, and what its fields mean, is the source's affair.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from typing import Any, NoReturn

from orchestration.sources._strict_json import (
    EXACT,
    decode_json,
    fail,
    mapping,
    number,
    sequence,
    text,
    whole_number,
)
from orchestration.sources.base import Payload

API = "https://datacenter-web.eastmoney.com/api/data/v1/get"
PAGE_SIZE = 1000
"""The most records the publisher gives on one page."""
BUSY_CODE = 9701
EMPTY_CODES = (0, 9201)
"""Codes of a result that is null because nothing matches."""
ENVELOPE = ("result", "success", "message", "code")
JSONP = re.compile(rb"\s*[A-Za-z_$][\w$.]{0,200}\(\s*(\{.*\})\s*\)\s*;?\s*", re.DOTALL)
MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00", re.ASCII)


def page_parameters(report: str, filters: str, sort_column: str, page: int) -> dict[str, str]:
    """Return the parameters that ask for one page of a report, largest of `sort_column` first."""
    return {
        "reportName": report,
        "columns": "ALL",
        "filter": filters,
        "sortColumns": sort_column,
        "sortTypes": "-1",
        "pageNumber": str(page),
        "pageSize": str(PAGE_SIZE),
        "source": "WEB",
        "client": "WEB",
    }


def records(
    file: str, payload: Payload, fields: Collection[str], last_page: int
) -> list[dict[str, Any]]:
    """Return the records of one page, each with exactly the fields expected; none is an answer too.

    Numbers with a point are decimals, as they were sent.

    `last_page` is the last page that will be asked for: what lies beyond would be lost.

    Raises:
        ParseError: the bytes are not the envelope, the publisher is busy or refuses, a record lacks
            a field or has an unknown one, or records are missing.
    """
    wrapped = JSONP.fullmatch(payload.body)
    envelope = mapping(file, decode_json(file, wrapped[1] if wrapped else payload.body, EXACT))
    lacking = [name for name in ENVELOPE if name not in envelope]
    if lacking:
        fail(file, f"has no {lacking[0]!r}: this is not the data center's answer")
    code, result = envelope["code"], envelope["result"]
    if code == BUSY_CODE:
        fail(file, f"the publisher is busy (code {BUSY_CODE}), try again later")
    if code not in EMPTY_CODES or (result is not None and envelope["success"] is not True):
        fail(file, f"the publisher refuses: code {code!r}, message {envelope['message']!r}")
    if result is None:
        return []
    result = mapping(f"{file} result", result)
    found = sequence(f"{file} result.data", result.get("data"))
    known = frozenset(fields)
    for position, record in enumerate(found):
        if not isinstance(record, dict) or record.keys() != known:
            where = f"{file} record {position}"
            _refuse_fields(where, mapping(where, record), fields)
    _check_whole(file, payload, result, len(found), last_page)
    return found


def _refuse_fields(where: str, record: dict[str, Any], fields: Collection[str]) -> NoReturn:
    unknown = [name for name in record if name not in fields]
    if unknown:
        fail(where, f"unknown field {unknown[0]!r}")
    missing = [name for name in fields if name not in record]
    fail(where, f"missing field {missing[0]!r}")


def _check_whole(
    file: str, payload: Payload, result: dict[str, Any], held: int, last_page: int
) -> None:
    """Refuse a page that was cut short; a request that names no page says nothing about it."""
    params = payload.request.params
    if "pageNumber" not in params or "pageSize" not in params:
        return
    page, size = int(params["pageNumber"]), int(params["pageSize"])
    count = whole_number(f"{file} result.count", result.get("count"))
    if count > last_page * size:
        fail(file, f"the publisher has {count} records, more than the {last_page} pages asked for")
    expected = min(max(count - (page - 1) * size, 0), size)
    if held != expected:
        fail(file, f"page {page} holds {held} records instead of {expected} of {count}")


def day_of(where: str, value: object) -> dt.date:
    """Return the date of a `YYYY-MM-DD 00:00:00` field.

    Raises:
        ParseError: the value is something else.
    """
    printed = text(where, value)
    try:
        return dt.date.fromisoformat(printed[:10] if MIDNIGHT.fullmatch(printed) else "")
    except ValueError:
        fail(where, f"is {value!r}, expected YYYY-MM-DD 00:00:00")


class Fixed:
    """Decimals of so many places after the point, and so many digits in all."""

    def __init__(self, decimals: int, digits: int) -> None:
        self._last_place = Decimal(1).scaleb(-decimals)
        self._quantize = Context(prec=digits, rounding=ROUND_HALF_EVEN).quantize

    def read(self, where: str, value: object) -> Decimal:
        """Return a number rounded to the places.

        Raises:
            ParseError: the value is no number, or too large for the digits.
        """
        if not isinstance(value, Decimal):
            number(where, value)
            value = Decimal(str(value))
        try:
            return self._quantize(value, self._last_place)
        except InvalidOperation:
            fail(where, f"is {value:e}, too large to store")

    def read_optional(
        self, record: Mapping[str, object], names: Iterable[str]
    ) -> list[Decimal | None]:
        """Return some fields of a record in the same way, None for null.

        Raises:
            ParseError: as `read`; begins with the name of the field.
        """
        return [
            None if (value := record[name]) is None else self.read(name, value) for name in names
        ]


def optional_whole(where: str, value: object) -> int | None:
    """Return an integer, or None for null.

    Raises:
        ParseError: the value is no whole number, or does not fit 64 bits.
    """
    return None if value is None else whole_number(where, value)
