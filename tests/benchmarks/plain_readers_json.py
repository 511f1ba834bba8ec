"""The plainest correct readers of JSON and CSV: typed rows, nothing checked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from zoneinfo import ZoneInfo

Rows = list[tuple[object, ...]]


def yahoo_chart(body: bytes) -> Rows:
    """Read bars: days in the exchange's zone, prices without the tail of a narrow float."""
    result = json.loads(body)["chart"]["result"][0]
    quote = result["indicators"]["quote"][0]
    adjusted = result["indicators"]["adjclose"][0]["adjclose"]
    zone = ZoneInfo(result["meta"]["exchangeTimezoneName"])
    days = [dt.datetime.fromtimestamp(stamp, zone).date() for stamp in result["timestamp"]]
    prices = [
        [None if price is None else round(price, 6) for price in column]
        for column in (*(quote[name] for name in ("open", "high", "low", "close")), adjusted)
    ]
    return list(zip(days, *prices, quote["volume"], strict=True))


def kraneshares(body: bytes) -> Rows:
    """Read holdings."""
    lines = list(csv.reader(io.StringIO(body.decode())))[2:]
    return [
        (
            int(rank),
            name,
            float(weight),
            ticker,
            isin,
            float(shares.replace(",", "")),
            float(value.replace(",", "")),
        )
        for rank, name, weight, ticker, isin, shares, value in lines
    ]


def fred(body: bytes) -> Rows:
    """Read observations."""
    lines = csv.reader(io.StringIO(body.decode()))
    next(lines)
    return [(dt.date.fromisoformat(day), float(value)) for day, value in lines if value]


READERS: dict[str, Callable[[bytes], Rows]] = {
    "yahoo_chart": yahoo_chart,
    "kraneshares_kweb": kraneshares,
    "fred": fred,
}
