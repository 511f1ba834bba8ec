"""A tiny lake for dbt: hand-made rows go in, Parquet files in the lake's layout come out.

Written with pyarrow directly, so that no code under test writes what it is tested with.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data_lake.tables import TABLES

Row = dict[str, Any]
Lake = dict[str, list[Row]]


def evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(13), tzinfo=dt.UTC)


def row(table: str, day: dt.date, **figures: Any) -> Row:
    """Return a row of a table with plain provenance; columns not named are null."""
    provenance = {
        "source": "test",
        "payload_sha256": "0" * 64,
        "published_at": evening(day),
        "known_at": evening(day),
        "evidence_grade": "official",
        "is_synthetic": False,
    }
    return {TABLES[table].date_column: day, **provenance, **figures}


def write_lake(root: Path, lake: Lake) -> Path:
    for name, rows in lake.items():
        months: dict[str, list[Row]] = defaultdict(list)
        for each in rows:
            months[each[TABLES[name].date_column].strftime("%Y-%m")].append(each)
        for month, members in months.items():
            file = root / name / f"month={month}" / f"{name}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.Table.from_pylist(members, TABLES[name].stored_schema), file)
    root.mkdir(exist_ok=True)
    return root


def southbound(day: dt.date, channel: str, buy: str, sell: str, **changes: Any) -> Row:
    figures = {
        "channel": channel,
        "buy_turnover_hkd_mn": Decimal(buy),
        "sell_turnover_hkd_mn": Decimal(sell),
        "total_turnover_hkd_mn": Decimal(buy) + Decimal(sell),
        "buy_trades": 3,
        "sell_trades": 2,
        "total_trades": 5,
    }
    return row("southbound_daily", day, **(figures | changes))


def quotation(day: dt.date, code: str, price: str, shares: int, **changes: Any) -> Row:
    figures = {
        "source": "hkex_quotation_sheet",
        "security_code": code,
        "security_name": "NAME",
        "currency": "CNY" if code.startswith("8") else "HKD",
        "close_price": Decimal(price),
        "high_price": Decimal(price),
        "low_price": Decimal(price),
        "traded_shares": shares,
        "turnover_amount": int(Decimal(price) * shares),
        "is_suspended": False,
    }
    return row("quotations", day, **(figures | changes))


def short_sale(day: dt.date, code: str, shares: int, amount: int, **changes: Any) -> Row:
    figures = {
        "security_code": code,
        "security_name": "NAME",
        "is_hkd_counter": not code.startswith("8"),
        "short_shares": shares,
        "short_turnover_amount": amount,
        "is_adjustment": False,
    }
    return row("short_selling", day, **(figures | changes))


def bar(day: dt.date, symbol: str, close: float | None, **changes: Any) -> Row:
    is_hong_kong = symbol.endswith(".HK") or symbol == "^HSI"
    other = "WEEKDAY" if symbol.endswith("=X") else "XNYS"
    figures = {
        "symbol": symbol,
        "exchange_calendar": "XHKG" if is_hong_kong else other,
        "currency": "HKD" if is_hong_kong or symbol.endswith("HKD=X") else "USD",
        "open_price": close,
        "high_price": close,
        "low_price": close,
        "close_price": close,
        "adjusted_close_price": close,
        "volume_shares": None if close is None else 1000,
        "evidence_grade": "vendor",
    }
    return row("daily_bars", day, **(figures | changes))


def fund_day(day: dt.date, market_values: list[float], premium: float) -> Lake:
    lines = [
        row(
            "etf_holdings",
            day,
            fund_symbol="KWEB",
            line_number=number,
            holding_name="NAME",
            weight_pct=0.0,
            shares_held=0.0,
            market_value_usd=value,
        )
        for number, value in enumerate(market_values, start=1)
    ]
    nav = row(
        "etf_nav",
        day,
        source="kraneshares_kweb",
        fund_symbol="KWEB",
        currency="USD",
        premium_ratio=premium,
    )
    return {"etf_holdings": lines, "etf_nav": [nav]}
