"""Highs, lows, drawdown and returns against an independent reference in pandas."""

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from data_lake.tables import TABLES
from orchestration.sources.base import Payload, Request
from orchestration.sources.yahoo_chart import SOURCE, parse
from tests.warehouse.lake_rows import Row, row

RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "replay" / "yahoo_chart"
STOCKS = {
    "00700": "0700.HK",
    "09988": "9988.HK",
    "01810": "1810.HK",
    "01398": "1398.HK",
    "00981": "0981.HK",
}
BASES = ("intraday", "close", "adjusted")
TICK = Decimal("0.001")
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the folder of recorded payloads is not here"
)


def parsed(symbol: str) -> dict[str, list[Row]]:
    """Return the lake rows of a recorded history: its bars, and its dividends."""
    day = dt.date(2024, 12, 23)
    path = RECORDED / f"{symbol}.json"
    request = Request(SOURCE.name, path.name, "https://example.test/", day, day)
    payload = Payload(request, path.read_bytes(), 200, {}, dt.datetime.now(dt.UTC), False)
    return {
        name: [row(name, each.pop(TABLES[name].date_column), **each) for each in rows.to_pylist()]
        for name, rows in parse(payload).items()
    }


@pytest.fixture(scope="module")
def recorded(build):
    histories = {code: parsed(symbol) for code, symbol in STOCKS.items()}
    names = ("daily_bars", "corporate_actions")
    lake = {name: [each for rows in histories.values() for each in rows[name]] for name in names}
    warehouse = build(lake, "", "+mart_valuations_daily")
    assert warehouse.statuses["mart_valuations_daily"] == "success"
    return warehouse, histories


def prices(rows: dict[str, list[Row]]) -> pd.DataFrame:
    """Return the three price bases of a stock by day, dividends taken out of all earlier prices."""
    frame = pd.DataFrame(rows["daily_bars"]).set_index("trade_date").sort_index()
    frame = frame[frame["close_price"].notna()]
    ticked = frame[["high_price", "close_price"]].map(at_tick)
    paid = {each["ex_date"]: each["dividend_amount"] for each in rows["corporate_actions"]}
    kept = pd.Series(1.0, frame.index)
    for ex_date, amount in paid.items():
        before = ticked.index < ex_date
        kept[before] *= 1 - amount / ticked["close_price"][before].iloc[-1]
    return pd.DataFrame(
        {
            "intraday": ticked.max(axis=1),
            "close": ticked["close_price"],
            "adjusted": ticked["close_price"] * kept,
        }
    ).set_axis(pd.to_datetime(ticked.index))


def at_tick(price: float) -> float:
    return float(Decimal(str(price)).quantize(TICK, ROUND_HALF_UP))


def high_reference(price: pd.Series, years: int) -> pd.Series:
    """Return whether each price is at least all of the years before it; None where they lack."""
    found, values = [], price.to_numpy()
    for position, day in enumerate(price.index):
        start = day - (pd.DateOffset(days=365) if years == 1 else pd.DateOffset(years=years))
        before = values[price.index.searchsorted(start) : position]
        reaches = price.index[0] <= day - pd.DateOffset(years=years) + pd.DateOffset(days=10)
        is_whole = reaches and len(before) >= 0.9 * 240 * years
        found.append(bool(values[position] >= before.max()) if is_whole else None)
    return pd.Series(found, price.index)


def streak_reference(price: pd.Series) -> pd.Series:
    """Return the years since each price was last exceeded; None within a year, and where never."""
    found, values = [], price.to_numpy()
    for position, day in enumerate(price.index):
        (higher,) = (values[:position] > values[position]).nonzero()
        days = (day - price.index[higher[-1]]).days if len(higher) else 0
        found.append(days / 365.25 if days > 365 else None)
    return pd.Series(found, price.index)


def reference(rows: dict[str, list[Row]]) -> pd.DataFrame:
    close = prices(rows)["close"]
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
        at = pd.Timestamp(day)
        assert drawdown == pytest.approx(wanted["drawdown"][at], abs=1e-9)
        if recovery is not None:
            assert recovery == pytest.approx(wanted["low"][at], abs=1e-9)
    assert not math.isnan(found[-1][1])


FLAGS = [f"is_{years}y_high_{basis}" for basis in BASES for years in (1, 3, 5)]
STREAKS = [f"years_since_higher_{basis}" for basis in BASES]


@pytest.mark.parametrize("code", STOCKS)
def test_highs_and_years_since_higher_equal_the_reference(recorded, code):
    warehouse, histories = recorded
    columns = ["trade_date", *FLAGS, *STREAKS]
    rows = warehouse.rows(
        f"select {', '.join(columns)} from valuations.mart_valuations_daily "
        f"where subject_id = '{code}' and close_price is not null order by trade_date"
    )
    found = pd.DataFrame(rows, columns=columns, dtype=object).set_index("trade_date")
    bases = prices(histories[code])
    assert len(found) == len(bases)
    for basis in BASES:
        for years in (1, 3, 5):
            wanted = high_reference(bases[basis], years).tolist()
            assert found[f"is_{years}y_high_{basis}"].tolist() == wanted
        spans = found[f"years_since_higher_{basis}"].astype(float).tolist()
        wanted = streak_reference(bases[basis]).astype(float).tolist()
        assert spans == pytest.approx(wanted, abs=1e-9, nan_ok=True)
    assert {True, False} <= set(found["is_3y_high_close"])
    if code != "00981":
        assert found["years_since_higher_close"].astype(float).max() > 2


def test_tencent_is_at_its_three_year_high_on_18_february_2025(recorded):
    warehouse, histories = recorded
    columns = "p.high_price, p.close_price, " + ", ".join(f"v.{name}" for name in FLAGS + STREAKS)
    ((high, close, *said),) = warehouse.rows(
        f"select {columns} "
        "from valuations.mart_valuations_daily as v inner join valuations.fct_prices_daily as p "
        "on v.trade_date = p.trade_date and v.subject_id = p.security_id "
        "where v.subject_id = '00700' and v.trade_date = date '2025-02-18'"
    )
    assert (float(high), float(close)) == pytest.approx((513.0, 503.5), rel=0.001)
    flags, streaks = said[: len(FLAGS)], said[len(FLAGS) :]
    day = pd.Timestamp(2025, 2, 18)
    for basis, one, three, five, years in zip(
        BASES, flags[::3], flags[1::3], flags[2::3], streaks, strict=True
    ):
        assert (one, three, five) == (True, True, False), basis
        price = prices(histories["00700"])[basis]
        last_higher = price.index[(price > price[day]) & (price.index < day)].max()
        assert years == pytest.approx((day - last_higher).days / 365.25, abs=1e-9)
        assert years > 3
