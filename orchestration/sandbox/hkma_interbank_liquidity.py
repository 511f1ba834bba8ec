"""Sandbox renderer of the HKMA's daily figures of interbank liquidity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.hkma_answers import HOSTS, answer, dataset_of, month_route
from orchestration.sandbox.interbank_rates import interbank_day
from orchestration.sandbox.macro import BAND
from orchestration.sandbox.market import Market
from orchestration.sources.base import Request
from orchestration.sources.hkma_interbank_liquidity import DATASETS, NAME

__all__ = ["HOSTS", "render", "route"]

NOT_FOUND = Answer(404, b'{"header":{"success":false,"err_code":"0404","err_msg":"Not found"}}')


def render(market: Market, request: Request) -> Answer:
    """Return the month's records; 404 for another dataset."""
    if dataset_of(urlsplit(request.url).path, DATASETS) is None:
        return NOT_FOUND
    return answer(request, lambda day: _figures(market, day))


def _figures(market: Market, day: dt.date) -> dict[str, Any] | None:
    found = interbank_day(market, day)
    if found is None:
        return None
    before = interbank_day(market, calendar.previous_session("XHKG", day)) or found
    return {
        "end_of_date": day.isoformat(),
        "cu_weakside": BAND[1],
        "cu_strongside": BAND[0],
        "disc_win_base_rate": found.base_rate,
        "hibor_overnight": found.hibor["overnight"],
        "hibor_fixing_1m": found.hibor["1m"],
        "opening_balance": before.closing_balance_hkd_mn,
        "closing_balance": found.closing_balance_hkd_mn,
        "twi": None,
    }


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    return month_route(NAME, DATASETS, method, path, query)
