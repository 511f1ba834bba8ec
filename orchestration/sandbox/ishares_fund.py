"""Sandbox renderer of an iShares fund document: SpreadsheetML with the issuer's own oddities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sources.base import Request
from orchestration.sources.ishares_fund import MONTHS, PORTFOLIOS, URL, fund_request

HOSTS = (urlsplit(URL).netloc,)
PATH = urlsplit(URL).path
FUNDS = {portfolio: fund for fund, portfolio in PORTFOLIOS.items()}
WITH_INDEX_LEVEL = ("MCHI",)
INDEX_LEVEL_PER_NAV = 1.35
"""An invented benchmark level: nobody reads it."""
OPENING = (
    '\ufeff<?xml version="1.0"?>\n'
    '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n'
    '<ss:Styles>\n<ss:Style ss:ID="headerstyle">\n<ss:Font ss:Bold="1" />\n</ss:Style>\n'
    "</ss:Styles>\n"
)
DISCLAIMERS = (
    '<ss:Worksheet ss:Name="Disclaimers">\n<ss:Table>\n<ss:Row>\n'
    '<ss:Cell ss:HRef="https://www.ishares.com/us/literature?type=fund&locale=en_US">\n'
    '<ss:Data ss:Type="String">Simulated figures: no fund, no offer, no advice.</ss:Data>\n'
    "</ss:Cell>\n</ss:Row>\n</ss:Table>\n</ss:Worksheet>\n</ss:Workbook>\n"
)
NOT_FOUND = Answer(
    status=404,
    body=b'{"message":"Document not found"}\n',
    headers={"content-type": "application/json"},
)


def render(market: Market, request: Request) -> Answer:
    """Return a fund's document up to `asOfDate`; 404 for an unknown product or no date."""
    fund = FUNDS.get(request.params.get("portfolioId", ""))
    last = _as_of(request.params)
    if fund is None or last is None:
        return NOT_FOUND
    rows = [text for day, text in _history(market, fund) if day <= last]
    header = ["As Of", "NAV per Share", "Ex-Dividends", "Shares Outstanding"]
    if fund in WITH_INDEX_LEVEL:
        header.insert(1, "Index Level")
    sheets = [
        _sheet("Holdings", [_row([f"iShares {fund}"])]),
        _sheet("Historical", [_header(header), *reversed(rows)]),
        _sheet("Performance", [_row(["As Of", "1 Year"])]),
        _sheet("Distributions", [_row(["Ex-Date", "Total Distribution"])]),
    ]
    body = "".join([OPENING, *sheets, DISCLAIMERS]).encode()
    return Answer(status=200, body=body, headers={"content-type": "application/vnd.ms-excel"})


def _as_of(params: Mapping[str, str]) -> dt.date | None:
    try:
        return dt.datetime.strptime(params["asOfDate"], "%Y%m%d").date()
    except (KeyError, ValueError):
        return None


@lru_cache(maxsize=4)
def _history(market: Market, fund: str) -> tuple[tuple[dt.date, str], ...]:
    """Return every day's row of a fund, oldest first."""
    paid = {dividend.ex_date: dividend.amount for dividend in market.dividends(fund)}
    rows = []
    for day in calendar.all_sessions("XNYS"):
        found = market.fund_day(fund, day)
        if found is None:
            continue
        cells: list[str | float] = [f"{MONTHS[day.month - 1]} {day:%d, %Y}"]
        if fund in WITH_INDEX_LEVEL:
            cells.append(round(found.nav_usd * INDEX_LEVEL_PER_NAV, 2))
        dividend = round(paid[day], 6) if day in paid else "--"
        cells += [round(found.nav_usd, 6), dividend, found.shares_outstanding]
        rows.append((day, _row(cells)))
    return tuple(rows)


def _sheet(name: str, rows: list[str]) -> str:
    table = "".join(rows)
    return f'<ss:Worksheet ss:Name="{name}">\n<ss:Table>\n{table}</ss:Table>\n</ss:Worksheet>\n'


def _header(names: list[str]) -> str:
    cells = (
        f'<ss:Cell ss:StyleID="headerstyle">\n<ss:Data ss:Type="String">{name}</ss:Data>\n'
        "</ss:Cell>\n"
        for name in names
    )
    return f"<ss:Row>\n{''.join(cells)}</ss:Row>\n"


def _row(cells: list[str | float]) -> str:
    kinds = ("String" if isinstance(cell, str) else "Number" for cell in cells)
    written = (
        f'<ss:Cell>\n<ss:Data ss:Type="{kind}">{cell}</ss:Data>\n</ss:Cell>\n'
        for kind, cell in zip(kinds, cells, strict=True)
    )
    return f"<ss:Row>\n{''.join(written)}</ss:Row>\n"


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; its address names the last day alone."""
    fund = FUNDS.get(query.get("portfolioId", ""))
    last = _as_of(query)
    if (method, path) != ("GET", PATH) or fund is None or last is None:
        return None
    return fund_request(fund, last, last)
