"""Sandbox renderer of the HKMA's Monthly Statistical Bulletin: exchange rates and HIBOR fixings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from orchestration.sandbox.answer import Answer
from orchestration.sandbox.hkma_answers import HOSTS, answer, dataset_of, month_route
from orchestration.sandbox.interbank_rates import interbank_day
from orchestration.sandbox.market import Market
from orchestration.sources.base import Request
from orchestration.sources.hkma_monthly_bulletin import DATASETS, NAME

__all__ = ["HOSTS", "render", "route"]

NOT_FOUND = Answer(404, b'{"header":{"success":false,"err_code":"0404","err_msg":"Not found"}}')


def render(market: Market, request: Request) -> Answer:
    """Return the records of the dataset in the URL; 404 for another dataset."""
    dataset = dataset_of(urlsplit(request.url).path, DATASETS)
    if dataset is None:
        return NOT_FOUND
    records = _exchange_rates if dataset.name == "er-eeri-daily" else _fixings
    return answer(request, lambda day: records(market, day))


def _exchange_rates(market: Market, day: dt.date) -> dict[str, Any] | None:
    """Return a day's rates in HKD per unit of foreign currency, as many decimals as printed."""
    closes = [
        next((bar.close for bar in market.bars(symbol, day, day)), None)
        for symbol in ("HKD=X", "CNYHKD=X")
    ]
    if None in closes:
        return None
    usd, cny = closes
    return {"end_of_day": day.isoformat(), "usd": round(usd or 0, 3), "cny": round(cny or 0, 4)}


def _fixings(market: Market, day: dt.date) -> dict[str, Any] | None:
    found = interbank_day(market, day)
    if found is None:
        return None
    return {"end_of_day": day.isoformat()} | {f"ir_{t}": rate for t, rate in found.hibor.items()}


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    return month_route(NAME, DATASETS, method, path, query)
