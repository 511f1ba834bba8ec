"""Highs, lows, drawdown and returns against an independent reference in pandas."""

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from orchestration.sources.base import Payload, Request
from orchestration.sources.yahoo_chart import SOURCE, parse
from tests.warehouse.lake_rows import row

RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "replay" / "yahoo_chart"
STOCKS = {
    "00700": "0700.HK",
    "09988": "9988.HK",
    "01810": "1810.HK",
    "01398": "1398.HK",
    "00981": "0981.HK",
}
TICK = Decimal("0.001")
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the folder of recorded payloads is not here"
)


def bars(code: str, symbol: str) -> list[dict]:
    day = dt.date(2024, 12, 23)
    path = RECORDED / f"{symbol}.json"
    request = Request(SOURCE.name, path.name, "https://example.test/", day, day)
    payload = Payload(request, path.read_bytes(), 200, {}, dt.datetime.now(dt.UTC), False)
    found = parse(payload)["daily_bars"].to_pylist()
    return [row("daily_bars", bar.pop("trade_date"), **bar) for bar in found]


@pytest.fixture(scope="module")
def recorded(build):
    rows = {code: bars(code, symbol) for code, symbol in STOCKS.items()}
    warehouse = build(
        {"daily_bars": [bar for stock in rows.values() for bar in stock]},
        "",
        "+mart_valuations_daily",
    )
    assert warehouse.statuses["mart_valuations_daily"] == "success"
    return warehouse, rows


def reference(rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows).set_index("trade_date").sort_index()
    frame = frame[frame["close_price"].notna()]
    ticks = [Decimal(str(close)).quantize(TICK, ROUND_HALF_UP) for close in frame["close_price"]]
    close = pd.Series([float(tick) for tick in ticks], frame.index)
    return pd.DataFrame(
        {
            "drawdown": 100 * (close / close.cummax() - 1),
            "low": 100 * (close / close.rolling(250).min() - 1),
        }
    )


@pytest.mark.parametrize("code", STOCKS)
def test_drawdown_and_recovery_equal_the_reference(recorded, code):
    warehouse, rows = recorded
    found = warehouse.rows(
        "select trade_date, drawdown_close_pct, recovery_from_closing_low_pct "
        "from valuations.mart_valuations_daily "
        f"where subject_id = '{code}' and close_price is not null"
    )
    wanted = reference(rows[code])
    assert len(found) == len(wanted) > 300
    for day, drawdown, recovery in found:
        assert drawdown == pytest.approx(wanted["drawdown"][day], abs=1e-9)
        if recovery is not None:
            assert recovery == pytest.approx(wanted["low"][day], abs=1e-9)
    assert not math.isnan(found[-1][1])


def test_tencent_is_at_its_three_year_high_on_18_february_2025(recorded):
    warehouse, _ = recorded
    ((high, close, is_high, is_close),) = warehouse.rows(
        "select p.high_price, p.close_price, v.is_3y_high_intraday, v.is_3y_high_close "
        "from valuations.mart_valuations_daily as v inner join valuations.fct_prices_daily as p "
        "on v.trade_date = p.trade_date and v.subject_id = p.security_id "
        "where v.subject_id = '00700' and v.trade_date = date '2025-02-18'"
    )
    assert (float(high), float(close)) == pytest.approx((513.0, 503.5), rel=0.001)
    assert (is_high, is_close) == (True, True)
