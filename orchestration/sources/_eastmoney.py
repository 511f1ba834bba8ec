"""The envelope of Eastmoney's data center: JSON or JSONP around a page of flat records.

Here live the way from bytes to records and the readers of their fields. Which report a record
belongs to, and what its fields mean, is the source's affair.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from orchestration.sources._strict_json import (
    decode_json,
    fail,
    mapping,
    number,
    sequence,
    text,
    whole_number,
)

API = "https://datacenter-web.eastmoney.com/api/data/v1/get"
PAGE_SIZE = 1000
"""The most records the publisher gives on one page."""
BUSY_CODE = 9701
ENVELOPE = {"version", "result", "success", "message", "code"}
JSONP = re.compile(rb"\s*[A-Za-z_$][\w$.]{0,200}\((\{.*\})\)\s*;?\s*", re.DOTALL)
MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00", re.ASCII)
_EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)


def asked(report: str, filters: str, sort: str, page: int) -> dict[str, str]:
    """Return the parameters that ask for one page of a report, newest or largest first."""
    return {
        "reportName": report,
        "columns": "ALL",
        "filter": filters,
        "sortColumns": sort,
        "sortTypes": "-1",
        "pageNumber": str(page),
        "pageSize": str(PAGE_SIZE),
        "source": "WEB",
        "client": "WEB",
    }


def records(file: str, body: bytes, fields: Collection[str], rows_left: int | None) -> list[Any]:
    """Return the records of one page, each with exactly the fields expected.

    `rows_left` is how many records the page can hold at most: more in the result than on this page
    and earlier ones would be lost. None where the page was not cut by us.

    Raises:
        ParseError: the bytes are not the envelope, the publisher refuses or is busy, a record has
            an unknown or lacks a known field, or records are missing.
    """
    wrapped = JSONP.fullmatch(body)
    envelope = mapping(file, decode_json(file, wrapped[1] if wrapped else body))
    lacking = sorted(ENVELOPE - set(envelope))
    if lacking:
        fail(file, f"has no {lacking[0]!r}: this is not the data center's envelope")
    if envelope["success"] is not True and envelope["result"] is not None:
        fail(file, f"success is {envelope['success']!r} although there is a result")
    if envelope["code"] == BUSY_CODE:
        fail(file, f"the publisher is busy (code {BUSY_CODE}), try again later")
    if envelope["result"] is None:
        # An empty result says success false and code 9201 as often as success true.
        if envelope["success"] is not True and envelope["code"] not in EMPTY_CODES:
            fail(file, f"the publisher refuses: code {envelope['code']!r}, {envelope['message']!r}")
        return []
    result = mapping(f"{file} result", envelope["result"])
    found = sequence(f"{file} result.data", result.get("data"))
    for position, record in enumerate(found):
        _check_fields(f"{file} record {position}", record, fields)
    count = whole_number(f"{file} result.count", result.get("count"))
    if rows_left is not None and len(found) != min(count_left(count, rows_left), PAGE_SIZE):
        fail(file, f"holds {len(found)} records where {count} in all were announced")
    return found
