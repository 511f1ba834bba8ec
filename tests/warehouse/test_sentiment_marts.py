"""Sentiment marts against references written here in pandas, straight from the lake's rows."""

from __future__ import annotations

import math
from functools import cache

import pandas as pd
import pytest

from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse
from tests.warehouse.sentiment_lake import CODES, HALF_DAYS, SPLIT_CODE, SPLIT_DAY, market

SELECTED = "+path:models/marts/sentiment security"


@pytest.fixture(scope="module")
def warehouse(build: Build) -> Warehouse:
    return build(market(), select=SELECTED)


def series(warehouse: Warehouse, code: str, column: str) -> pd.Series:
    rows = warehouse.rows(
        f"select trade_date, {column} from sentiment.mart_sentiment_security "
        f"where security_code = '{code}' order by trade_date"
    )
    return pd.Series([value for _, value in rows], [day for day, _ in rows], dtype=float)


@cache
def prices(code: str) -> pd.Series:
    """Return closes in terms of the share after the split."""
    found = {
        row["trade_date"]: float(row["close_price"])
        for row in market()["quotations"]
        if row["security_code"] == code
    }
    return pd.Series(
        {
            day: price / (2 if code == SPLIT_CODE and day < SPLIT_DAY else 1)
            for day, price in found.items()
        }
    )


def wilder(closes: pd.Series) -> pd.Series:
    """Return the index of relative strength by its recursion, one bar after another."""
    changes = closes.diff().tolist()[1:]
    result = [math.nan] * len(closes)
    gain = sum(max(change, 0) for change in changes[:14]) / 14
    loss = sum(max(-change, 0) for change in changes[:14]) / 14
    for number, change in enumerate(changes, start=1):
        if number > 14:
            gain = (gain * 13 + max(change, 0)) / 14
            loss = (loss * 13 + max(-change, 0)) / 14
        if number >= 14:
            result[number] = 100 - 100 / (1 + gain / loss)
    return pd.Series(result, closes.index)


def assert_same(found: pd.Series, wanted: pd.Series, *, known: int) -> None:
    pd.testing.assert_series_equal(
        found, wanted.astype(float), check_names=False, check_index_type=False, rtol=1e-9
    )
    assert found.notna().sum() >= known


@pytest.mark.parametrize("code", CODES)
def test_strength_is_wilders_recursion_carried_over_a_split(
    warehouse: Warehouse, code: str
) -> None:
    assert_same(series(warehouse, code, "rsi14_wilder"), wilder(prices(code)), known=100)


@pytest.mark.parametrize("code", ["00700", SPLIT_CODE])
def test_volatility_is_the_deviation_of_twenty_log_returns_a_year(
    warehouse: Warehouse, code: str
) -> None:
    returns = prices(code).apply(math.log).diff()
    wanted = 100 * returns.rolling(20).std() * math.sqrt(246)
    assert_same(series(warehouse, code, "realised_volatility_20_pct"), wanted, known=100)


def turnover(code: str) -> pd.Series:
    """Return the day's turnover in HKD; the RMB counter at 1.08."""
    found: dict[object, float] = {}
    for row in market()["quotations"]:
        rate = {code: 1.0, f"8{code[1:]}": 1.08}.get(row["security_code"])
        if rate:
            day = row["trade_date"]
            found[day] = found.get(day, 0.0) + row["turnover_amount"] * rate
    return pd.Series(found)


@pytest.mark.parametrize("code", ["00700", "09999"])
def test_turnover_is_held_against_the_twenty_full_sessions_before(
    warehouse: Warehouse, code: str
) -> None:
    daily = turnover(code)
    full = daily[[day not in HALF_DAYS for day in daily.index]]
    means = full.rolling(20).mean()
    wanted = pd.Series(
        {
            day: value / means[[other for other in full.index if other < day][-1]]
            if any(other < day for other in full.index)
            else math.nan
            for day, value in daily.items()
        }
    )
    assert_same(series(warehouse, code, "turnover_ratio_20d"), wanted, known=90)


@pytest.mark.parametrize("code", ["00700", SPLIT_CODE])
def test_short_ratio_is_scored_on_first_prints_of_the_sessions_before(
    warehouse: Warehouse, code: str
) -> None:
    first = {
        row["trade_date"]: row["short_turnover_amount"]
        for row in market()["short_selling"]
        if row["security_code"] == code and not row["is_adjustment"]
    }
    ratio = 100 * pd.Series(first) / turnover(code)
    before = ratio.shift(1).rolling(20)
    wanted = (ratio - before.mean()) / before.std()
    assert_same(series(warehouse, code, "short_ratio_z20"), wanted, known=90)


@pytest.mark.parametrize("code", ["01810", SPLIT_CODE])
def test_days_to_cover_uses_the_position_published_by_then_in_todays_shares(
    warehouse: Warehouse, code: str
) -> None:
    def factor(day: object) -> float:
        return 2.0 if code == SPLIT_CODE and day >= SPLIT_DAY else 1.0

    volumes = pd.Series(
        {
            row["trade_date"]: row["traded_shares"] / factor(row["trade_date"])
            for row in market()["quotations"]
            if row["security_code"] == code
        }
    )
    positions = [
        (row["known_at"].date(), row["position_date"], row["short_position_shares"])
        for row in market()["short_positions_weekly"]
        if row["security_code"] == code
    ]
    wanted = {}
    for day, volume in volumes.rolling(20).mean().items():
        known = [each for each in positions if each[0] <= day]
        newest = max(known, default=None)
        is_fresh = newest is not None and (day - newest[1]).days <= 21
        wanted[day] = newest[2] / factor(newest[1]) / volume if is_fresh else math.nan
    assert_same(series(warehouse, code, "days_to_cover"), pd.Series(wanted), known=90)


def components(warehouse: Warehouse) -> pd.DataFrame:
    columns = "trade_date, component, raw_value, percentile_score, contribution, composite_score"
    rows = warehouse.rows(
        f"select {columns} from sentiment.mart_sentiment_components order by trade_date"
    )
    return pd.DataFrame(rows, columns=columns.split(", "))


def test_components_are_placed_and_weighted_as_a_reference_places_them(
    warehouse: Warehouse,
) -> None:
    frame = components(warehouse)
    inverted = {"realised_volatility", "short_ratio", "equity_risk_premium"}
    scores = {}
    for name, rows in frame.groupby("component"):
        values = rows.set_index("trade_date")["raw_value"].astype(float)
        for day in values.dropna().index:
            past = values[values.index <= day].dropna().tail(750)
            if len(past) >= 60:
                place = 100 * past.rank(method="average").iloc[-1] / len(past) - 50 / len(past)
                scores[(day, name)] = 100 - place if name in inverted else place
    wanted = pd.Series(scores).unstack()
    found = frame.pivot(index="trade_date", columns="component", values="percentile_score")
    found = found.astype(float).dropna(how="all").dropna(axis=1, how="all")
    pd.testing.assert_frame_equal(found, wanted, check_names=False, check_like=True)
    means = wanted.mean(axis=1)[wanted.count(axis=1) >= 5]
    composite = frame.groupby("trade_date")["composite_score"].first().dropna().astype(float)
    pd.testing.assert_series_equal(composite, means, check_names=False)
    assert len(means) >= 20


def test_breadth_counts_what_rose_and_fell(warehouse: Warehouse) -> None:
    closes = pd.DataFrame({code: prices(code) for code in CODES})
    moves = closes.diff()
    rows = warehouse.rows(
        "select trade_date, advancing_count, declining_count, above_50_average_pct "
        "from sentiment.mart_sentiment_daily order by trade_date"
    )
    above = 100 * (closes > closes.rolling(50).mean()).sum(axis=1) / len(CODES)
    for number, (day, advancing, declining, above_pct) in enumerate(rows):
        assert advancing == (None if number == 0 else (moves.loc[day] > 0).sum())
        assert declining == (None if number == 0 else (moves.loc[day] < 0).sum())
        assert above_pct == (None if number < 49 else pytest.approx(above[day]))
