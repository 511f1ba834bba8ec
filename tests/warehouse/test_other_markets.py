"""Hong Kong beside other markets: AH premium and relative returns, each by a second reckoning."""

from __future__ import annotations

import datetime as dt
import random

import pandas as pd
import pytest

from orchestration import calendar
from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse
from tests.warehouse.lake_rows import Lake, Row, bar, quotation

FIRST, LAST = dt.date(2024, 9, 2), dt.date(2025, 2, 28)
HOLE = dt.date(2024, 12, 5)
"""A session of both markets that the lake lacks."""
MONDAY, TUESDAY, WEDNESDAY = (dt.date(2025, 2, day) for day in (17, 18, 19))
MARKET_OF = {"HSTECH.HK": "XHKG", "000300.SS": "XSHG", "^NDX": "XNYS"}
CURRENCY_OF = {"XHKG": "HKD", "XSHG": "CNY", "XNYS": "USD"}


def shanghai(day: dt.date, symbol: str, close: float | None) -> Row:
    return bar(day, symbol, close, exchange_calendar="XSHG", currency="CNY")


def levels(symbol: str) -> dict[dt.date, float]:
    """Return made-up closes of an index on the sessions of its own market."""
    draw, level, found = random.Random(symbol), 4000.0, {}
    for day in calendar.sessions(MARKET_OF[symbol], FIRST, LAST):
        level = round(level * (1 + draw.uniform(-0.03, 0.03)), 2)
        if day != HOLE:
            found[day] = level
    return found


def rates(symbol: str) -> dict[dt.date, float]:
    draw = random.Random(symbol)
    base = {"HKD=X": 7.78, "CNY=X": 7.2}[symbol]
    days = calendar.sessions("WEEKDAY", FIRST, LAST)
    return {day: round(base * (1 + draw.uniform(-0.002, 0.002)), 4) for day in days}


def lake() -> Lake:
    bars = [
        bar(day, symbol, close, exchange_calendar=market, currency=CURRENCY_OF[market])
        for symbol, market in MARKET_OF.items()
        for day, close in levels(symbol).items()
    ]
    bars += [
        bar(day, pair, rate) for pair in ("HKD=X", "CNY=X") for day, rate in rates(pair).items()
    ]
    bars += [bar(day, "CNYHKD=X", 1.08) for day in (MONDAY, WEDNESDAY)]
    bars += [shanghai(day, "688981.SS", 100.0) for day in (MONDAY, TUESDAY, WEDNESDAY)]
    bars += [bar(MONDAY, "0981.HK", 53.9), shanghai(WEDNESDAY, "601398.SS", None)]
    return {
        "daily_bars": bars,
        "quotations": [
            quotation(MONDAY, "00981", "54.000", 1000),
            quotation(TUESDAY, "00981", "54.000", 1000),
            quotation(WEDNESDAY, "00981", "50.000", 1000, close_price=None, is_suspended=True),
            quotation(WEDNESDAY, "01398", "5.400", 1000),
        ],
    }


@pytest.fixture(scope="module")
def warehouse(build: Build) -> Warehouse:
    marts = "+fct_ah_premium_daily +fct_relative_returns"
    built = build(lake(), select=f"{marts}")
    assert built.failures == {}
    return built


def test_the_premium_is_on_the_exchanges_close_and_says_why_it_is_missing(
    warehouse: Warehouse,
) -> None:
    assert warehouse.rows(
        "select trade_date, security_code, round(ah_premium_pct, 9), round(h_discount_pct, 9), "
        "ah_premium_missing_reason, evidence_grade "
        "from valuations.fct_ah_premium_daily order by 1, 2"
    ) == [
        (MONDAY, "00981", 100.0, 50.0, None, "vendor"),
        (TUESDAY, "00981", None, None, "no_rate", "vendor"),
        (WEDNESDAY, "00981", None, None, "no_h_price", "vendor"),
        (WEDNESDAY, "01398", None, None, "no_a_price", "vendor"),
    ]


def reckoned(benchmark: str, window: int) -> dict[dt.date, tuple[float, float] | None]:
    """Return relative returns in own currency and in USD; None where a session is missing."""
    symbols = ("HSTECH.HK", benchmark)
    frame = pd.DataFrame({symbol: pd.Series(levels(symbol)) for symbol in symbols}).dropna()
    joint = [
        day
        for day in calendar.sessions("XHKG", FIRST, LAST)
        if calendar.is_session(MARKET_OF[benchmark], day)
    ]
    position = {day: number for number, day in enumerate(joint)}
    dollars = frame.copy()
    for symbol in symbols:
        pair = {"HKD": "HKD=X", "CNY": "CNY=X"}.get(CURRENCY_OF[MARKET_OF[symbol]])
        if pair:
            dollars[symbol] /= pd.Series(rates(pair)).reindex(frame.index)
    own, usd = (
        100 * each.pct_change(window).diff(axis=1).iloc[:, 1].mul(-1) for each in (frame, dollars)
    )
    found: dict[dt.date, tuple[float, float] | None] = {}
    for number, day in enumerate(frame.index):
        if number >= window:
            length = position[day] - position[frame.index[number - window]]
            found[day] = (own[day], usd[day]) if length <= 1.1 * window else None
    return found


@pytest.mark.parametrize("benchmark", ["000300.SS", "^NDX"])
@pytest.mark.parametrize("window", [1, 5, 20, 60])
def test_relative_returns_equal_those_of_pandas(
    warehouse: Warehouse, benchmark: str, window: int
) -> None:
    found = warehouse.rows(
        "select trade_date, relative_return_pct, relative_return_usd_pct "
        "from valuations.fct_relative_returns where window_start_date is not null "
        f"and benchmark_id = '{benchmark}' and window_sessions = {window} order by 1"
    )
    expected = reckoned(benchmark, window)
    assert [day for day, _, _ in found] == sorted(expected)
    assert len(found) > 30
    for day, own, usd in found:
        figures = expected[day]
        if figures is None:
            assert (own, usd) == (None, None)
        else:
            assert (own, usd) == pytest.approx(figures, abs=1e-9)
    is_silent = any(figures is None for figures in expected.values())
    assert is_silent == (window < 10)


def test_a_benchmark_without_bars_is_no_row(warehouse: Warehouse) -> None:
    assert warehouse.rows(
        "select distinct benchmark_id from valuations.fct_relative_returns order by 1"
    ) == [("000300.SS",), ("^NDX",)]
