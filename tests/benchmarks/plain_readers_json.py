"""The plainest correct readers of JSON: typed rows, nothing checked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from orchestration.sources import hkma_interbank_liquidity, hkma_monthly_bulletin
from orchestration.sources._chart_symbols import CALENDAR_OF
from orchestration.sources._hkma_envelope import Dataset
from orchestration.sources.base import Payload
from orchestration.sources.eastmoney_southbound import CHANGES, CHANNELS, MONEY
from tests.benchmarks.plain_readers_csv import holdings
from tests.benchmarks.plain_rows import Reader, Rows, Tables


def _healed(price: float | None) -> float | None:
    """Return a price to the seven digits that a 32-bit float holds."""
    return None if price is None else float(f"{price:.7g}")


def yahoo_chart(payload: Payload) -> Tables:
    """Read bars in the exchange's zone, dividends and splits."""
    result = json.loads(payload.body)["chart"]["result"][0]
    meta, quote = result["meta"], result["indicators"]["quote"][0]
    symbol, currency, zone = (
        meta["symbol"],
        meta["currency"],
        ZoneInfo(meta["exchangeTimezoneName"]),
    )
    calendar, bars = CALENDAR_OF[symbol], []
    columns = [quote[name] for name in ("open", "high", "low", "close")]
    adjusted = result["indicators"]["adjclose"][0]["adjclose"]
    for stamp, volume, *prices in zip(
        result["timestamp"], quote["volume"], *columns, adjusted, strict=True
    ):
        day = dt.datetime.fromtimestamp(stamp, zone).date()
        reason = None
        if prices[3] is None:
            reason = "no_data"
        elif volume == 0 and prices[0] == prices[1] == prices[2] == prices[3]:
            reason = "flat_bar_without_volume"
        figures = [None] * 6 if reason else [*map(_healed, prices), volume]
        bars.append((day, symbol, calendar, currency, *figures, reason))
    actions: Rows = []
    for kind in ("dividends", "splits"):
        for event in result.get("events", {}).get(kind, {}).values():
            day = dt.datetime.fromtimestamp(event["date"], zone).date()
            if kind == "dividends":
                actions.append((day, symbol, "dividend", currency, _healed(event["amount"]), None))
            else:
                ratio = event["numerator"] / event["denominator"]
                actions.append((day, symbol, "split", currency, None, ratio))
    return {"daily_bars": bars, "corporate_actions": actions}


def stock_connect(payload: Payload) -> Tables:
    """Read trading tables and top tens of the southbound blocks."""
    daily: Rows = []
    top10: Rows = []
    for block in json.loads(payload.body.decode()[len("tabData = ") :].rstrip(";\n ")):
        if not block["market"].endswith("Southbound"):
            continue
        day, channel = dt.date.fromisoformat(block["date"]), block["market"].split()[0]
        trading, top = (part["table"] for part in block["content"])
        cells = [line["td"][0][0].replace(",", "") for line in trading["tr"]]
        printed = dict(zip(trading["schema"][0], cells, strict=True))
        daily.append(
            (
                day,
                channel,
                *(Decimal(printed[f"{side} Turnover"]) for side in ("Buy", "Sell", "Total")),
                *(int(printed[f"{side} Trade Count"]) for side in ("Buy", "Sell", "Total")),
                Decimal(printed["ETF Turnover"]),
            )
        )
        for line in top["tr"]:
            rank, code, name, *money = line["td"][0]
            amounts = (int(text.replace(",", "")) for text in money)
            top10.append((day, channel, int(rank), code, name, *amounts))
    return {"southbound_daily": daily, "southbound_top10": top10}


def kraneshares(payload: Payload) -> Tables:
    """Read holdings, or the history of the premium."""
    if payload.request.key != "premium.json":
        return holdings(payload)
    rows = [
        (dt.datetime.fromtimestamp(time / 1000, dt.UTC).date(), "KWEB", "USD", None, premium)
        for time, premium in json.loads(payload.body)
    ]
    return {"etf_holdings": [], "etf_nav": rows}


def csop_nav(payload: Payload) -> Tables:
    """Read the listed HKD counter."""
    shares, values = [], []
    asked = payload.request.last_session
    for counter in json.loads(payload.body):
        if counter["Ticker"] == "3033 HK" and counter["Currency"] == "HKD":
            day = dt.date.fromisoformat(counter["HstDateFormat"])
            nav, units = (float(counter[name].replace(",", "")) for name in ("NAV", "Shares"))
            shares.append((day, "3033.HK", "XHKG", "HKD", units, asked))
            values.append((day, "3033.HK", "HKD", nav, None, asked))
    return {"etf_shares": shares, "etf_nav": values}


def hkma(datasets: Sequence[Dataset], payload: Payload) -> Tables:
    """Read a month's rates."""
    name = payload.request.key.partition(".")[0]
    (dataset,) = (dataset for dataset in datasets if dataset.name == name)
    rows = []
    for record in json.loads(payload.body)["result"]["records"]:
        day = dt.date.fromisoformat(record[dataset.date_field])
        for field, (series, unit) in dataset.series.items():
            if record[field] is not None:
                rows.append((day, series, f"{name}.{field}", unit, float(record[field])))
    return {"reference_rates": rows}


def eastmoney(payload: Payload) -> Tables:
    """Read a page of totals, or the holdings of a day."""
    records = json.loads(payload.body, parse_float=Decimal)["result"]["data"]
    daily: Rows = []
    holdings: Rows = []
    for record in records:
        day = dt.date.fromisoformat(record["TRADE_DATE"][:10])
        if payload.request.key.startswith("daily"):
            money = [_decimal(record[name]) for name in MONEY]
            channel = CHANNELS[record["MUTUAL_TYPE"]]
            daily.append((day, channel, *money, record["DEAL_NUM"]))
        else:
            ratio = record["HOLD_SHARES_RATIO"]
            holdings.append(
                (
                    day,
                    record["SECURITY_CODE"],
                    record["SECURITY_NAME"],
                    record["HOLD_SHARES"],
                    _decimal(record["HOLD_MARKET_CAP"]),
                    _decimal(record["CLOSE_PRICE"]),
                    None if ratio is None else float(ratio),
                    record["HOLD_SHARES_CHANGE"],
                    *(_decimal(record[name]) for name in CHANGES),
                )
            )
    return {"southbound_vendor_daily": daily, "southbound_vendor_holdings": holdings}


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


READERS: dict[str, Reader] = {
    "yahoo_chart": yahoo_chart,
    "hkex_stock_connect": stock_connect,
    "kraneshares_kweb": kraneshares,
    "csop_nav": csop_nav,
    "hkma_monthly_bulletin": partial(hkma, hkma_monthly_bulletin.DATASETS),
    "hkma_interbank_liquidity": partial(hkma, hkma_interbank_liquidity.DATASETS),
    "eastmoney_southbound": eastmoney,
}
