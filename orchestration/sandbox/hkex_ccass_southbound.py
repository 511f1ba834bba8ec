"""Sandbox renderer of the CCASS southbound shareholding page: the form, and the page it gives.

The sandbox has no clock: the plain page shows the last session of its horizon. Holdings come from
`share_counts`; a percentage is left empty while the issued shares are being restated after a split.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from data_lake.tables.southbound_holdings import SOUTHBOUND_HOLDINGS
from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.market import Market
from orchestration.sandbox.share_counts import holdings_of, issued_shares
from orchestration.sources.base import Request
from orchestration.sources.hkex_ccass_southbound import NAME, URL

HOSTS = ("www3.hkexnews.hk",)
PATH = urlsplit(URL).path
VIEW_STATE = "/wEPDwUKc2FuZGJveDAwMWRk"
HIDDEN = {
    "__VIEWSTATE": VIEW_STATE,
    "__VIEWSTATEGENERATOR": "5A4D0001",
    "__EVENTVALIDATION": "/wEdAAIc2FuZGJveA==",
}
ASKED_DATE = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2})", re.ASCII)
RESTATED_DAYS = dt.timedelta(days=7)
"""How long after a split's ex-date the percentage stays empty."""
HEADERS = {"content-type": "text/html; charset=utf-8"}
COLUMNS = {
    "col-stock-code": "Stock Code",
    "col-stock-name": "Stock Name",
    "col-shareholding": "Shareholding in CCASS",
    "col-shareholding-percent": "% of the total number of Issued Shares/Units",
}
PAGE = """


<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" class="news-hkex">
<head><title>Stock Connect Shareholding Search by Date</title><meta charset="UTF-8" /></head>
<body>
<form name="form1" method="post" action="./mutualmarket.aspx?t=hk" id="form1">
{hidden}
<input name="txtShareholdingDate" type="text" value="{day:%Y/%m/%d}" id="txtShareholdingDate" />
<div id="pnlResult">
{result}
</div>
</form>
</body>
</html>
"""
RESULT = """<h2 class="ccass-heading">
    <span style="text-decoration:underline;">Shareholding Date: {day:%Y/%m/%d}</span>
    <br />Shareholding:
</h2>
<table id="mutualmarket-result" class="table table-scroll table-sort" data-sortlist="[[0, 0]]" >
<thead>
<tr>
{heads}
</tr>
</thead>
<tbody>
{rows}
</tbody>
</table>"""
CELL = """    <td class="{column}">
        <div class="mobile-list-heading">{title}:</div>
        <div class="mobile-list-body">{text}</div>
    </td>"""


def render(market: Market, request: Request) -> Answer:
    """Return the page of the date in a posted form, or of the latest date for a plain GET.

    A day that is no Hong Kong session shows the last one before it. A form without the page's
    hidden inputs is refused; a request that still names its form page stands for both steps.
    """
    if request.method != "POST":
        return _answer(market, _latest())
    if "__VIEWSTATE" not in request.form and not request.form_page:
        return _page(_latest(), "<p>Validation of viewstate failed.</p>")
    day = _asked_date(request.form)
    return _answer(market, day) if day else _page(_latest(), "<p>Invalid date.</p>")


def _latest() -> dt.date:
    return calendar.all_sessions("XHKG")[-1]


def _asked_date(form: Mapping[str, str]) -> dt.date | None:
    asked = ASKED_DATE.fullmatch(form.get("txtShareholdingDate", ""))
    try:
        return dt.date(*(int(part) for part in asked.groups())) if asked else None
    except ValueError:
        return None


def _answer(market: Market, asked: dt.date) -> Answer:
    if not SOUTHBOUND_HOLDINGS.records_begin <= asked <= _latest():
        return _page(asked, "<p>No match record found.</p>")
    is_session = calendar.is_session("XHKG", asked)
    day = asked if is_session else calendar.previous_session("XHKG", asked)
    held = holdings_of(market).on(day)
    named = {item.code: item for item in market.listings}
    rows = [
        (code, named[code].long_name, shares, printed_percent(market, named[code], day, shares))
        for code, shares in sorted(held.items())
    ]
    return page(day, rows) if rows else _page(day, "<p>No match record found.</p>")


def printed_percent(market: Market, listing: Listing, day: dt.date, held: int) -> str:
    """Return holdings over issued shares as the page prints it: two decimals, or empty."""
    splits = market.splits(listing.symbol)
    if any(split.ex_date <= day < split.ex_date + RESTATED_DAYS for split in splits):
        return ""
    return f"{100 * held / issued_shares(market, listing, day):.2f}%"


def page(day: dt.date, rows: Sequence[tuple[str, str, int, str]]) -> Answer:
    """Return the English page of a date; a row is code, full name, shares and printed percentage.

    The four texts go into the page as the publisher writes them: code padded to five places with
    spaces, shares with commas, `&` and `<` escaped.
    """
    heads = "\n".join(
        f'    <th data-column-class="{column}" class="{column}">{title}</th>'
        for column, title in COLUMNS.items()
    )
    text = "\n".join(_row(code, name, shares, percent) for code, name, shares, percent in rows)
    return _page(day, RESULT.format(day=day, heads=heads, rows=text))


def _row(code: str, name: str, shares: int, percent: str) -> str:
    texts = (f"{int(code):>5}", html.escape(name), f"{shares:,}", percent)
    cells = (
        CELL.format(column=column, title=title, text=text)
        for (column, title), text in zip(COLUMNS.items(), texts, strict=True)
    )
    return "\n".join(["<tr>", *cells, "</tr>"])


def _page(day: dt.date, result: str) -> Answer:
    inputs = {**HIDDEN, "today": f"{day:%Y%m%d}", "sortBy": "stockcode", "sortDirection": "asc"}
    hidden = "\n".join(
        f'<input type="hidden" name="{name}" id="{name}" value="{value}" />'
        for name, value in inputs.items()
    )
    hidden += '\n<input type="hidden" name="alertMsg" id="alertMsg" />'
    text = PAGE.format(hidden=hidden, day=day, result=result)
    return Answer(200, text.replace("\n", "\r\n").encode(), HEADERS)


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such page."""
    if path != PATH or query.get("t") != "hk" or method not in ("GET", "POST"):
        return None
    day = _asked_date(form) or _latest()
    key = f"{day:%Y-%m-%d}.html"
    return Request(NAME, key, URL, day, day, method=method, params=query, form=form)
