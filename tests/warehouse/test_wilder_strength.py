"""Wilder's index of relative strength: a published series, recorded histories, and two worlds."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from orchestration import calendar
from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse
from tests.warehouse.lake_rows import Row, bar
from tests.warehouse.test_sentiment_marts import wilder

RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "replay" / "yahoo_chart"
SELECTED = "+int_sentiment__price_indicators security"
STOCKS = ("0700.HK", "0981.HK", "1398.HK", "1810.HK", "9988.HK")
CLOSES = """
    44.3389 44.0902 44.1497 43.6124 44.3278 44.8264 45.0955 45.4245 45.8433 46.0826 45.8931
    46.0328 45.6140 46.2820 46.2820 46.0028 46.0328 46.4116 46.2222 45.6439 46.2122 46.2521
    45.7137 46.4515 45.7835 45.3548 44.0288 44.1783 44.2181 44.5672 43.4205 42.6628 43.1314
"""
"""Closes of the QQQ fund from the worked example that StockCharts' ChartSchool publishes."""
STRENGTHS = """
    70.53 66.32 66.55 69.41 66.36 57.97 62.93 63.26 56.06 62.38 54.71 50.42 39.99 41.46 41.87 45.46
    37.30 33.08 37.77
"""
"""The index that the same example prints from the fifteenth close on."""


def strengths(warehouse: Warehouse, security: str) -> list[tuple[float | None, int]]:
    return warehouse.rows(
        "select rsi14_wilder, bar_number from intermediate.int_sentiment__price_indicators "
        f"where security_id = '{security}' order by trade_date"
    )


def test_the_published_series_comes_out_to_the_printed_digit(build: Build) -> None:
    closes = [float(text) for text in CLOSES.split()]
    days = calendar.sessions("XHKG", dt.date(2025, 1, 2), dt.date(2025, 3, 31))
    pairs = zip(days, closes, strict=False)
    bars = [bar(day, "HSTECH.HK", close, exchange_calendar="XHKG") for day, close in pairs]
    warehouse = build({"daily_bars": bars}, select=SELECTED)
    assert warehouse.failures == {}
    found = [value for value, _ in strengths(warehouse, "HSTECH.HK")]
    assert found[:14] == [None] * 14
    assert found[14:] == pytest.approx([float(text) for text in STRENGTHS.split()], abs=0.005)


def test_averages_begin_anew_where_invented_bars_end(build: Build) -> None:
    days = calendar.sessions("XHKG", dt.date(2025, 1, 2), dt.date(2025, 2, 14))
    invented = {"is_synthetic": True, "evidence_grade": "synthetic"}
    bars = [
        bar(day, "0700.HK", 400.0 + number, **(invented if number < 20 else {}))
        for number, day in enumerate(days)
    ]
    warehouse = build({"daily_bars": bars}, select=SELECTED)
    found = strengths(warehouse, "00700")
    assert [number for _, number in found] == [*range(1, 21), *range(1, len(days) - 19)]
    assert [value is not None for value, _ in found] == [
        number >= 15 for number in [*range(1, 21), *range(1, len(days) - 19)]
    ]


def recorded_bars(symbol: str) -> Iterator[Row]:
    """Yield lake rows of a recorded history at the exchange's tick, read without our parser."""
    answer = json.loads((RECORDED / f"{symbol}.json").read_text("utf-8"))
    result = answer["chart"]["result"][0]
    closes = result["indicators"]["quote"][0]["close"]
    for stamp, close in zip(result["timestamp"], closes, strict=True):
        day = dt.datetime.fromtimestamp(stamp, calendar.HONG_KONG).date()
        if close is not None and calendar.is_session("XHKG", day):
            yield bar(day, symbol, round(close, 3))


@pytest.fixture(scope="module")
def recorded(build: Build) -> Warehouse:
    if not RECORDED.is_dir():
        pytest.skip("the recorded histories are not beside the project")
    return build(
        {"daily_bars": [row for stock in STOCKS for row in recorded_bars(stock)]}, select=SELECTED
    )


@pytest.mark.parametrize("symbol", STOCKS)
def test_whole_recorded_histories_agree_with_the_recursion(
    recorded: Warehouse, symbol: str
) -> None:
    closes = pd.Series([row["close_price"] for row in recorded_bars(symbol)])
    found = [value for value, _ in strengths(recorded, f"0{symbol[:4]}")]
    wanted = [None if math.isnan(value) else value for value in wilder(closes)]
    assert len(found) > 1300
    assert found[:14] == wanted[:14] == [None] * 14
    assert found[14:] == pytest.approx(wanted[14:], abs=1e-9)
