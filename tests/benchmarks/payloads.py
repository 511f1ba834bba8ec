"""Payloads at the size of the publishers' own files, rendered by the sandbox.

The sandbox's list has some forty securities. Here it is widened to what the exchange has on a
plain day, so that a measured ratio is that of a real file. Bodies that are small are left small.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, islice

from orchestration.calendar import sessions
from orchestration.sandbox import RENDERERS
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.market import Market, SessionQuote
from orchestration.sources import SOURCES
from orchestration.sources.base import Payload, Request, Source

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 2, 28)
STOCKS, DERIVATIVES, SOLD_SHORT = 2_600, 17_400, 900
SOUTHBOUND, REPORTED_SHORT = 564, 1_000
SHEET_BYTES = 30_000_000
LONG_FIRST_DAY = dt.date(2015, 1, 2)
"""A decade: what is asked for when a symbol or series is read for the first time."""
WIDE_FIRST_DAY = dt.date(2024, 9, 2)
SALES = b'<a name = "sales_all">SALES RECORDS FOR ALL STOCKS</a>\r\n'
SALE = b"   700 TENCENT           [100-428.40 200-428.60 Y 300-428.20 D 1,000-428.40]\r\n"


UNUSED = b'["-","-","-","-"]'
"""A northbound rank that the sandbox leaves empty."""
NORTHBOUND = b'["3","600036","CHINA MERCHANTS BANK CO., LTD.","980,654,321"]'


@dataclass(frozen=True)
class Kind:
    """One wire format of a source: what its keys contain, and what is asked for."""

    key_part: str = ""
    first_day: dt.date = FIRST
    is_of_whole_exchange: bool = False


WHOLE_EXCHANGE = Kind("", WIDE_FIRST_DAY, is_of_whole_exchange=True)
KINDS = {
    "yahoo_chart": (Kind("0700.HK", LONG_FIRST_DAY),),
    "kraneshares_kweb": (Kind("holdings"), Kind("premium")),
    "fred": (Kind("", LONG_FIRST_DAY),),
    "hkex_ccass_southbound": (WHOLE_EXCHANGE,),
    "sfc_short_positions": (WHOLE_EXCHANGE,),
    "eastmoney_southbound": (Kind("daily"), replace(WHOLE_EXCHANGE, key_part="holdings")),
}
"""Sources that have several formats, or whose files the sandbox renders too small."""


def realistic(source: Source, market: Market) -> list[Payload]:
    """Return a payload of each format of a source, as large as the publisher's."""
    if source.name == "hkex_quotation_sheet":
        return [quotation_sheet()]
    return [_largest(source, kind, market) for kind in KINDS.get(source.name, (Kind(),))]


def _largest(source: Source, kind: Kind, market: Market) -> Payload:
    """Return the largest of the last three answers of a format."""
    if kind.is_of_whole_exchange:
        market = _wide_market()
    asked = source.requests(sessions(source.calendar, kind.first_day, LAST))
    requests = [request for request in asked if kind.key_part in request.key][-3:]
    answers = [(request, RENDERERS[source.name](market, request)) for request in requests]
    payloads = [
        _payload(request, answer.body.replace(UNUSED, NORTHBOUND))
        for request, answer in answers
        if answer.status == 200
    ]
    return max(payloads, key=lambda payload: len(payload.body))


def _payload(request: Request, body: bytes) -> Payload:
    return Payload(request, body, 200, {}, dt.datetime.now(dt.UTC), is_synthetic=True)


@cache
def _wide_market() -> Market:
    listings = [
        Listing(
            code=f"{code:05d}",
            name=f"COMPANY {code}",
            long_name=f"Company {code} Holdings Limited",
            kind="stock",
            sector="Made up",
            is_hstech=False,
            is_southbound=code <= SOUTHBOUND,
            lot_size=1000,
            issued_shares=50_000_000 + 1_000_000 * code,
            rmb_counter=None,
        )
        for code in range(1, REPORTED_SHORT + 1)
    ]
    return Market(1, listings, first_day=WIDE_FIRST_DAY)


class _WholeExchange(Market):
    """The sandbox's market with its quotes repeated under new codes: stocks, then derivatives."""

    def quotes(self, day: dt.date) -> list[SessionQuote]:
        return list(_renamed(super().quotes(day)))


def _renamed(quotes: Sequence[SessionQuote]) -> Iterator[SessionQuote]:
    for code, quote in enumerate(islice(cycle(quotes), STOCKS + DERIVATIVES), start=1):
        name = f"STOCK {code}" if code <= STOCKS else f"MB-T{code % 997} @EC2912A"
        renamed = replace(quote, code=f"{code:05d}", name=name)
        yield renamed if code <= SOLD_SHORT else _never_short(renamed)


def _never_short(quote: SessionQuote) -> SessionQuote:
    quote = replace(quote, short_shares=0, short_turnover=0)
    return replace(quote, initial_short_shares=0, initial_short_turnover=0)


@cache
def quotation_sheet() -> Payload:
    """Return a sheet of the whole exchange: 20,000 instruments and about 30 MB.

    The sandbox prints no sales records; they are put in, because most of a real sheet is that.
    """
    (source,) = (source for source in SOURCES if source.name == "hkex_quotation_sheet")
    (request,) = source.requests([LAST])
    body = RENDERERS[source.name](_WholeExchange(), request).body
    assert body.count(SALES) == 1
    records = SALE * ((SHEET_BYTES - len(body)) // len(SALE))
    return _payload(request, body.replace(SALES, SALES + records))
