"""What the sandbox's two HKMA renderers share: the envelope, the month asked for, the way back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sources._hkma_envelope import API, PAGE_SIZE, Dataset, month_request
from orchestration.sources.base import Request

HOSTS = (urlsplit(API).netloc,)
HEADERS = {"content-type": "application/json; charset=utf-8"}
Record = dict[str, Any]


def answer(request: Request, record_of: Callable[[dt.date], Record | None]) -> Answer:
    """Return one page of the Hong Kong sessions from `from` to `to`; an error where none is asked.

    `record_of` returns the record of a day, or None.
    """
    params = request.params
    try:
        first, last = (dt.date.fromisoformat(params[name]) for name in ("from", "to"))
        size, offset = int(params.get("pagesize", PAGE_SIZE)), int(params.get("offset", 0))
    except (KeyError, ValueError):
        return _envelope({"success": False, "err_code": "0001", "err_msg": "Invalid input"}, None)
    found = [record_of(day) for day in calendar.sessions("XHKG", first, last)]
    records = [record for record in found if record is not None]
    page = records[max(offset, 0) :][: min(max(size, 0), PAGE_SIZE)]
    header = {"success": True, "err_code": "0000", "err_msg": "No error found"}
    return _envelope(header, {"datasize": len(page), "records": page})


def _envelope(header: Record, result: Record | None) -> Answer:
    body = json.dumps({"header": header, "result": result}, separators=(",", ":")).encode()
    return Answer(status=200, body=body, headers=HEADERS)


def dataset_of(path: str, datasets: Sequence[Dataset]) -> Dataset | None:
    """Return the dataset that a URL's path names."""
    root = urlsplit(API).path
    return next((dataset for dataset in datasets if path == root + dataset.path), None)


def month_route(
    source: str, datasets: Sequence[Dataset], method: str, path: str, query: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    dataset = dataset_of(path, datasets)
    try:
        first = dt.date.fromisoformat(query["from"])
        if method != "GET" or dataset is None or first.day != 1:
            return None
        return month_request(source, dataset, first)
    except (KeyError, ValueError):
        return None
