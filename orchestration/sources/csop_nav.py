"""CSOP Hang Seng TECH Index ETF (3033.HK): NAV per unit and units in issue, as they stand now.

Where: https://website-api.csopasset.com/cmsApi/NAV/product, a POST of the fund's registered name.
Licence: the issuer's site terms, no redistribution; ask once a day.
When: published in the evening of the Hong Kong session, sometimes later.
Units: HKD a unit, single units.
Oddities:
* The endpoint answers about now only. `HstDateFormat` is the date of the figures, and it rules: an
  answer may still be about an earlier session (it is kept under its own date, as published with the
  session asked for), and one about a later day is refused.
* The list has an object per currency and counter; the one of the listed HKD counter is read.
* Figures are texts with commas. The name must match to the letter, else the answer is HTTP 500.
* `_` names the session in the address, so that no cache on the way answers with an older one; the
  publisher does not look at it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from data_lake.tables.etf_nav import ETF_NAV
from data_lake.tables.etf_shares import ETF_SHARES
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._printed_numbers import optional_number
from orchestration.sources._strict_json import decode_json, fail, mapping, sequence, text
from orchestration.sources.base import Payload, Request, Source

NAME = "csop_nav"
HOME = "https://www.csopasset.com/en/products/hk-hstech"
URL = "https://website-api.csopasset.com/cmsApi/NAV/product"
FUND = "3033.HK"
PRODUCT_NAME = "CSOP Hang Seng TECH Index ETF"
TICKER, CURRENCY = "3033 HK", "HKD"
SITE = "https://www.csopasset.com"
SHARE_ROWS = ArrowRows(ETF_SHARES.schema, has_published_on=True)
NAV_ROWS = ArrowRows(ETF_NAV.schema, has_published_on=True)
KEY = re.compile(r"3033\.HK\.[0-9]{4}-[0-9]{2}-[0-9]{2}\.json", re.ASCII)
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per session: what would have been asked that evening."""
    return [session_request(day) for day in sessions]


def session_request(day: dt.date) -> Request:
    """Return the request made about one session."""
    return Request(
        source=NAME,
        key=f"{FUND}.{day}.json",
        url=URL,
        first_session=day,
        last_session=day,
        method="POST",
        params={"_": day.isoformat()},
        json_body={"productName": PRODUCT_NAME},
        headers={"Origin": SITE, "Referer": f"{SITE}/"},
    )


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `etf_shares` and `etf_nav`, at most one row each.

    Raises:
        ParseError: not the list of counters, the listed HKD counter not there exactly once, figures
            of a later day than asked, or a figure that is no number.
    """
    file = f"{NAME}/{payload.request.key}"
    if not KEY.fullmatch(payload.request.key):
        fail(file, f"unknown key, expected {FUND}.YYYY-MM-DD.json")
    asked = payload.request.last_session
    counter = _listed_counter(file, payload.body)
    day = _date(f"{file} HstDateFormat", counter.get("HstDateFormat"))
    if day > asked:
        fail(file, f"the figures are of {day}, later than {asked}, which was asked about")
    nav, units = _figure(file, counter, "NAV"), _figure(file, counter, "Shares")
    shares = [] if units is None else [(day, FUND, "XHKG", CURRENCY, units, asked)]
    values = [] if nav is None else [(day, FUND, CURRENCY, nav, None, asked)]
    return {"etf_shares": SHARE_ROWS.table(shares), "etf_nav": NAV_ROWS.table(values)}


def _listed_counter(file: str, body: bytes) -> dict[str, Any]:
    counters = [
        mapping(f"{file} element {index}", item)
        for index, item in enumerate(sequence(file, decode_json(file, body)))
    ]
    listed = [item for item in counters if item.get("Ticker") == TICKER]
    in_hkd = [item for item in listed if item.get("Currency") == CURRENCY]
    if len(in_hkd) != 1:
        tickers = [item.get("Ticker") for item in counters]
        fail(file, f"{len(in_hkd)} counters {TICKER!r} in {CURRENCY} instead of 1 among {tickers}")
    return in_hkd[0]


def _figure(file: str, counter: dict[str, Any], name: str) -> float | None:
    if name not in counter:
        fail(file, f"counter {TICKER!r} has no {name!r}")
    return optional_number(f"{file} {name}", counter[name])


def _date(where: str, value: object) -> dt.date:
    written = text(where, value)
    try:
        return dt.date.fromisoformat(written if ISO_DATE.fullmatch(written) else "")
    except ValueError:
        fail(where, f"is {value!r}, expected YYYY-MM-DD")


SOURCE = Source(
    name=NAME,
    tables=("etf_shares", "etf_nav"),
    requests=requests,
    parse=parse,
    calendar="XHKG",
    publish_lag=dt.timedelta(hours=5),
    revision_window=dt.timedelta(days=1),
    evidence_grade="official",
    license="Issuer's site terms: no redistribution without consent",
    home=HOME,
    is_snapshot=True,
)
