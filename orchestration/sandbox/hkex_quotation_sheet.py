"""Sandbox renderer of the daily quotation sheet: fixed-width print in HTML, page breaks and all.

Prices, turnover and short sales are the market's. Two derivatives of made-up figures stand among
the counters because the real list is mostly made of them; best bid and ask are a tick apart.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from html import escape

from orchestration.calendar import is_session, previous_session
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.hkex_stock_connect import NOT_FOUND
from orchestration.sandbox.market import Market
from orchestration.sandbox.records import SessionQuote
from orchestration.sandbox.ticks import tick_size
from orchestration.sources.base import Request
from orchestration.sources.hkex_quotation_sheet import SECTIONS, requests

HOSTS = ("www.hkex.com.hk",)
FILE_PATH = re.compile(r"/eng/stat/smstat/dayquot/d(\d{6})e\.htm", re.ASCII)
RULE = "-" * 79
PAGE_BREAK = "</font></pre><pre><font size='1'>"
LINES_PER_PAGE = 60
TITLES = {
    "market_highlights": "MARKET HIGHLIGHTS",
    "quotations": "QUOTATIONS",
    "sales_all": "SALES RECORDS FOR ALL STOCKS",
    "sales_over": "SALES RECORDS OVER $500,000",
    "amendments": "AMENDMENT RECORDS FOR TRADE",
    "dealings_suspstocks": "DEALINGS IN SUSPENDED SECURITIES",
    "adj_turnover": "ADJUSTED TURNOVER",
    "short_selling": "SHORT SELLING TURNOVER - DAILY REPORT",
    "adj_short": "PREVIOUS DAY'S ADJUSTED SHORT SELLING TURNOVER",
    "options_exercised": "DETAILS OF OPTION EXERCISED",
    "efn_highlights": "BOND/NOTES HIGHLIGHTS",
    "overseas_highlights": "OVERSEAS TURNOVER HIGHLIGHTS",
    "other_info": "OTHER INFORMATION",
}
DERIVATIVES = (
    " 13333 MB-TCT @EC2912A  HKD    0.210    0.220    0.230           1,000,000",
    "                               0.220    0.210    0.200             215,000",
    " 54321 JP#HSI  RC2912X  HKD    0.052    0.053    0.060             400,000",
    "                               0.053    0.052    0.050              22,000",
)


def render(market: Market, request: Request) -> Answer:
    """Return the sheet of a Hong Kong session, or a 404 page for any other day."""
    day = request.first_session
    quotes = market.quotes(day) if is_session("XHKG", day) else []
    if not quotes:
        return Answer(404, NOT_FOUND, {"content-type": "text/html"})
    before = market.quotes(previous_session("XHKG", day))
    content = {
        "market_highlights": _highlights(quotes),
        "quotations": _quotations(quotes),
        "short_selling": _short_selling(quotes),
        "adj_short": _adjusted(before),
    }
    lines = list(_head(day))
    for name in SECTIONS:
        lines += [RULE, f'<a name = "{name}">{TITLES[name]}</a>', *content.get(name, ())]
    lines += [RULE, "</font></pre></body></html>", ""]
    body = "\r\n".join(lines).encode("latin-1")
    return Answer(200, body, {"content-type": "text/html"})


def _head(day: dt.date) -> Iterator[str]:
    yield "<html><head><title>DAILY QUOTATIONS</title></head><body>"
    yield '<pre><font size="1">'
    yield f"{'DAILY QUOTATIONS':^79}".rstrip()
    yield f"{'':<50}DATE: {day:%d %b %Y (%A)}".upper()
    yield ""
    yield "TABLE OF CONTENT"
    for name in SECTIONS:
        yield f'<a href="#{name}">{TITLES[name]}</a>'


def _highlights(quotes: Iterable[SessionQuote]) -> list[str]:
    traded = [quote for quote in quotes if quote.volume_shares]
    turnover = sum(quote.turnover for quote in traded if quote.currency == "HKD")
    return [
        f" SECURITIES TRADED  {len(traded):>24,}",
        f" TURNOVER (HKD)     {turnover:>24,}",
    ]


def _quotations(quotes: Iterable[SessionQuote]) -> Iterator[str]:
    yield " CODE  NAME OF STOCK        PRV.CLO./    ASK/     HIGH/       SHARES TRADED/"
    yield "                             CLOSING      BID      LOW         TURNOVER ($)"
    yield ""
    page_break = ""
    for number, quote in enumerate(quotes, start=1):
        first, *second = _two_lines(quote)
        yield page_break + first
        yield from second
        page_break = PAGE_BREAK if number % (LINES_PER_PAGE // 2) == 0 else ""
    yield from DERIVATIVES
    yield RULE


def _two_lines(quote: SessionQuote) -> list[str]:
    flag = "*" if quote.short_shares else " "
    # The publisher counts columns before it escapes the ampersand, so escaping comes last.
    head = escape(f"{flag}{int(quote.code):>5} {quote.name:<16} {quote.currency} ", quote=False)
    if quote.is_suspended:
        return [f"{head} TRADING SUSPENDED"]
    tick = Decimal(int(tick_size(float(quote.close) * 1000))) / 1000
    upper = (quote.previous_close, quote.close + tick, quote.high)
    lower = (quote.close, quote.close, quote.low)
    return [
        head + _figures(upper, quote.volume_shares),
        " " * 28 + _figures(lower, quote.turnover),
    ]


def _figures(prices: tuple[Decimal | None, Decimal, Decimal], amount: int) -> str:
    first, best, extreme = (_price(value) for value in prices)
    if not amount:
        best = extreme = "-"
    return f"{first:>8} {best:>8} {extreme:>8} {f'{amount:,}' if amount else '-':>19}"


def _price(value: Decimal | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.2f}" if value == round(value, 2) else f"{value:,.3f}"


def _short_selling(quotes: list[SessionQuote]) -> Iterator[str]:
    yield "                                 Total Short Selling Turnover             Total Turnover"
    yield (
        "      CODE  NAME OF STOCK            (SH)             ($)"
        "             (SH)                ($)"
    )
    yield ""
    sold = [quote for quote in quotes if quote.initial_short_shares]
    for quote in sold:
        short = f"{quote.initial_short_shares:>15,} {quote.initial_short_turnover:>19,}"
        yield f"{_short_head(quote)}{short} {quote.volume_shares:>15,} {quote.turnover:>19,}"
    yield ""
    shares = sum(quote.initial_short_shares for quote in sold)
    traded = sum(quote.volume_shares for quote in sold)
    yield f"       Total Shares (SH): {shares:>17,} {traded:>35,}"
    yield "    (C) Short Selling of all Designated Securities"
    in_hkd = sum(quote.initial_short_turnover for quote in sold if quote.currency == "HKD")
    yield f"        Short Selling Turnover Total Value ($)                    : HKD{in_hkd:>15,}"


def _adjusted(quotes: Iterable[SessionQuote]) -> Iterator[str]:
    yield "      CODE  NAME OF STOCK            (SH)             ($)"
    yield ""
    for quote in quotes:
        final = (quote.short_shares, quote.short_turnover)
        if final != (quote.initial_short_shares, quote.initial_short_turnover):
            yield f"{_short_head(quote)}{final[0]:>15,} {final[1]:>19,}"


def _short_head(quote: SessionQuote) -> str:
    flag = " " if quote.currency == "HKD" else "%"
    return escape(f"      {flag}{int(quote.code):>5} {quote.name:<16} ", quote=False)


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    asked = FILE_PATH.fullmatch(path)
    if method != "GET" or asked is None:
        return None
    try:
        day = dt.datetime.strptime(asked[1], "%y%m%d").date()
    except ValueError:
        return None
    return requests([day])[0]
