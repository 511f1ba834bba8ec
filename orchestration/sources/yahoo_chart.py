"""Yahoo Finance chart API: daily bars, dividends and splits, one answer per symbol.

Where: https://query2.finance.yahoo.com/v8/finance/chart/<symbol>, no key, a browser's user agent.
Licence: personal use, no redistribution; unofficial, no published limit, back off on 429.
When: minutes after the close of each exchange; an adjusted close changes with every dividend.
Units: prices in the symbol's currency, adjusted for splits; volume in shares. `HKD=X` is HKD per
USD, `CNY=X` CNY per USD, `CNYHKD=X` HKD per CNY. Dividends are per share of today. `.SS` is
Shanghai, in CNY.
Oddities:
* Prices are 32-bit floats printed with 64 bits (494.79998779296875) or with 6 decimals
  (494.799988): healed to 494.8.
* A bar with volume 0 and open = high = low = close stands for a session the vendor missed, usually
  a Hong Kong half day: its prices and volume become null. FX pairs have no volume at all, indices
  sometimes none: there a zero says nothing, the volume becomes null and the prices stay.
* A row of nulls, or one without a close, has no price: reason `no_data`.
* The last element of a day being traded is stamped with its last trade. Where it repeats the date
  of the element before, the last one is kept; where the session has not ended by the vendor's own
  clock, it is left out and read on a later day, within the revision window.
* FX days begin at 00:00 London, in summer 23:00 UTC the day before: FX is asked from a day earlier.
* Two dividends of one ex-date (ordinary and special) are added. Fund capital gains are not kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from data_lake.tables import TABLES
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._chart_json import (
    PRICE_COLUMNS,
    Chart,
    currency_code,
    read_chart,
)
from orchestration.sources._chart_symbols import CALENDAR_OF, INDICES, SYMBOLS
from orchestration.sources._healing import DECIMALS, heal, healed
from orchestration.sources._strict_json import fail, number
from orchestration.sources.base import Payload, Request, Source

NAME = "yahoo_chart"
HOME = "https://query2.finance.yahoo.com/v8/finance/chart/"
CALENDAR_OF_EXCHANGE = {"HKG": "XHKG", "SHH": "XSHG", "CCY": "WEEKDAY"}
ONE_DAY = dt.timedelta(days=1)
ACTION_ROWS = ArrowRows(TABLES["corporate_actions"].schema)
BAR_PRICES = ("open_price", "high_price", "low_price", "close_price", "adjusted_close_price")


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one request per symbol over the whole range of sessions."""
    if not sessions:
        return []
    first, last = min(sessions), max(sessions)
    return [_request(symbol, calendar, first, last) for symbol, calendar in SYMBOLS]


def _request(symbol: str, calendar: str, first: dt.date, last: dt.date) -> Request:
    start = first - ONE_DAY if calendar == "WEEKDAY" else first
    return Request(
        source=NAME,
        key=f"{symbol}.json",
        url=HOME + quote(symbol, safe="="),
        first_session=first,
        last_session=last,
        params={
            "period1": str(_midnight(start)),
            "period2": str(_midnight(last + ONE_DAY)),
            "interval": "1d",
            "includePrePost": "false",
            "events": "div,splits,capitalGains",
        },
        headers={"User-Agent": "Mozilla/5.0"},
    )


def _midnight(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC).timestamp())


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return `daily_bars` and `corporate_actions` of one symbol.

    Raises:
        ParseError: an error answer, another symbol, an unknown or missing column, arrays of
            different lengths, a date that comes twice, or a value of the wrong kind.
    """
    file = f"{NAME}/{payload.request.key}"
    chart = read_chart(file, payload.body)
    if payload.request.key != f"{chart.symbol}.json":
        fail(file, f"the answer is about {chart.symbol!r}")
    calendar = CALENDAR_OF.get(chart.symbol) or CALENDAR_OF_EXCHANGE.get(
        chart.exchange_name or "", "XNYS"
    )
    actions = [*_dividends(file, chart), *_splits(file, chart)]
    return {
        "daily_bars": _daily_bars(chart, calendar),
        "corporate_actions": ACTION_ROWS.table(actions),
    }


def _daily_bars(chart: Chart, calendar: str) -> pa.Table:
    has_volume = _has_volume(chart, calendar)
    reasons = _missing_price_reasons(chart, has_volume)
    count = len(chart.days)
    named = zip((*PRICE_COLUMNS, "adjclose"), BAR_PRICES, strict=True)
    figures = {
        bar_price: healed(
            [
                None if reason else price
                for price, reason in zip(chart.columns[name], reasons, strict=True)
            ]
        )
        for name, bar_price in named
    }
    volumes = [
        None if reason or volume is None or not has_volume else int(volume)
        for volume, reason in zip(chart.columns["volume"], reasons, strict=True)
    ]
    columns = {
        "trade_date": chart.days,
        "symbol": [chart.symbol] * count,
        "exchange_calendar": [calendar] * count,
        "currency": [chart.currency] * count,
        **figures,
        "volume_shares": volumes,
        "missing_price_reason": reasons,
    }
    schema = TABLES["daily_bars"].schema
    return pa.Table.from_arrays(
        [
            columns[field.name]
            if isinstance(columns[field.name], pa.Array)
            else pa.array(columns[field.name], field.type)
            for field in schema
        ],
        schema=schema,
    )


def _has_volume(chart: Chart, calendar: str) -> bool:
    if calendar == "WEEKDAY":
        return False
    is_index = chart.instrument_type == "INDEX" or chart.symbol in INDICES
    return not is_index or any(chart.columns["volume"])


def _missing_price_reasons(chart: Chart, has_volume: bool) -> list[str | None]:
    prices = [chart.columns[name] for name in PRICE_COLUMNS]
    reasons: list[str | None] = [
        "no_data" if close is None else None for close in chart.columns["close"]
    ]
    if has_volume:
        for position, volume in enumerate(chart.columns["volume"]):
            is_flat = volume == 0 and len({column[position] for column in prices}) == 1
            if is_flat and reasons[position] is None:
                reasons[position] = "flat_bar_without_volume"
    return reasons


def _dividends(file: str, chart: Chart) -> list[tuple[Any, ...]]:
    found: dict[dt.date, tuple[str, float]] = {}
    for event in chart.dividends:
        amount = number(f"{event.where} amount", event.values.get("amount"))
        currency = currency_code(
            f"{event.where} currency", event.values.get("currency") or chart.currency
        )
        before, total = found.get(event.day, (currency, 0.0))
        if before != currency:
            fail(file, f"dividends of {event.day} come in two currencies")
        total = number(event.where, total + heal(amount))
        found[event.day] = currency, round(total, DECIMALS)
    return [
        (day, chart.symbol, "dividend", currency, amount, None)
        for day, (currency, amount) in found.items()
    ]


def _splits(file: str, chart: Chart) -> list[tuple[Any, ...]]:
    found: dict[dt.date, float] = {}
    for event in chart.splits:
        parts = {
            name: number(f"{event.where} {name}", event.values.get(name))
            for name in ("numerator", "denominator")
        }
        if min(parts.values()) <= 0:
            fail(event.where, f"{parts['numerator']} for {parts['denominator']} is no split")
        if event.day in found:
            fail(file, f"two splits on {event.day}")
        found[event.day] = number(event.where, parts["numerator"] / parts["denominator"])
    return [
        (day, chart.symbol, "split", chart.currency, None, ratio) for day, ratio in found.items()
    ]


SOURCE = Source(
    name=NAME,
    tables=("daily_bars", "corporate_actions"),
    requests=requests,
    parse=parse,
    calendar="WEEKDAY",
    asked_after="XHKG",
    publish_lag=dt.timedelta(hours=1),
    revision_window=dt.timedelta(days=7),
    evidence_grade="vendor",
    license="Yahoo terms: personal use, no redistribution",
    home=HOME,
)
