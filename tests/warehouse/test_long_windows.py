"""Highs and percentiles of years: days gone through one by one are what windows say of them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from orchestration.warehouse import DATABASE
from tests.warehouse.dbt import Dbt
from tests.warehouse.same_rows import assert_same_rows

MODELS = ("int_valuations__price_highs", "int_valuations__percentiles")
LAST = dt.date(2024, 6, 28)
FIRST_CHANGED_DAYS = (dt.date(2024, 6, 28), dt.date(2024, 5, 31), dt.date(2024, 2, 29))
FIRST_DAYS = {
    "old": dt.date(2012, 1, 2),
    "suspended": dt.date(2012, 1, 2),
    "six years": dt.date(2018, 6, 1),
    "four years": dt.date(2020, 6, 1),
    "new": dt.date(2024, 6, 25),
    "first bar": LAST,
    "fallen": dt.date(2022, 1, 3),
    "just whole": dt.date(2021, 6, 28),
}
FALLEN_AFTER = LAST - dt.timedelta(days=366)
"""The last day of a higher price of `fallen` lies one day before the year before `LAST`."""
SPIKE = dt.date(2024, 3, 1)
"""On this day `fallen` was higher for a moment: no close says so, and `LAST` closes above them."""
JUST_WHOLE = 648
"""So many bars, the first on its first day, make a window of three years that ends on `LAST`."""
SUSPENDED = (dt.date(2021, 1, 4), dt.date(2022, 9, 1))


def days_of(subject: str) -> Iterator[dt.date]:
    days = list(pd.bdate_range(FIRST_DAYS[subject], LAST).date)
    if subject == "just whole":
        days = [*days[:JUST_WHOLE], LAST]
    for day in days:
        if subject != "suspended" or not SUSPENDED[0] <= day <= SUSPENDED[1]:
            yield day


def bars() -> pd.DataFrame:
    """Prices in whole steps, so that many are equal, drifting down and late up again."""
    chance = random.Random(4)
    rows = []
    for subject in FIRST_DAYS:
        price = 60
        for day in days_of(subject):
            drift = 1 if day.year >= 2023 and day.month % 2 else 0
            price = max(5, price + chance.choice([-1, 0, 0, 1]) + (drift if day.day < 8 else 0))
            if subject == "fallen":
                price = 90 if day <= FALLEN_AFTER else 50 if day < LAST else 60
            high = price + chance.choice([0, 1])
            if subject == "fallen" and day == SPIKE:
                high = 95
            rows.append((day, subject, False, float(high), float(price), price * 1.25))
    columns = ["base_high", "base_close", "base_adjusted_close"]
    return pd.DataFrame(rows, columns=["trade_date", "subject_id", "is_synthetic", *columns])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file that holds what the two models read."""
    folder = tmp_path_factory.mktemp("windows")
    prices = bars()
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.register("prices", prices)
        connection.execute(
            "CREATE SCHEMA intermediate; USE intermediate;"
            "CREATE TABLE int_valuations__price_windows AS "
            "SELECT * REPLACE (trade_date::date AS trade_date), "
            "min(trade_date::date) OVER (PARTITION BY subject_id) AS first_date FROM prices;"
            "CREATE TABLE int_valuations__ratios AS "
            "SELECT trade_date, subject_id, is_synthetic, 'pe' AS measure, base_close AS ratio,"
            "1 + (year(trade_date) % 3)::integer AS grade_rank,"
            "trade_date::timestamptz AS known_at, "
            "(year(trade_date) < 2016)::integer AS is_backtest "
            "FROM int_valuations__price_windows;"
            "CREATE TABLE int_core__sessions_numbered AS "
            "SELECT DISTINCT 'XHKG' AS calendar, trade_date FROM int_valuations__price_windows;"
        )
    return folder


@pytest.fixture(scope="module")
def statements(place: Path) -> dict[tuple[str, str], str]:
    """Return each model's SQL, of a build of everything ("") and from each first changed day on."""
    dbt = Dbt(place)
    found = {}
    for day in ("", *(f"{each}" for each in FIRST_CHANGED_DAYS)):
        environment = {"HKFLOW_WAREHOUSE": str(place / DATABASE), "HKFLOW_FIRST_CHANGED_DAY": day}
        for result in dbt.invoke("compile", "--select", *MODELS, **environment):
            found[result.node.name, day] = result.node.compiled_code
    return found


@pytest.mark.parametrize("day", FIRST_CHANGED_DAYS)
@pytest.mark.parametrize("model", MODELS)
def test_days_one_by_one_are_as_in_windows(place, statements, model, day):
    with duckdb.connect(str(place / DATABASE), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found, wanted = (
            connection.execute(
                f"SELECT * FROM ({sql}) WHERE trade_date >= ? ORDER BY trade_date, subject_id",
                [day],
            ).to_arrow_table()
            for sql in (statements[model, f"{day}"], statements[model, ""])
        )
    assert_same_rows(found, wanted, model)
    assert set(found["subject_id"].to_pylist()) == set(FIRST_DAYS)


@pytest.mark.parametrize(
    ("model", "condition"),
    [
        (MODELS[0], "is_1y_high_close AND NOT is_3y_high_close"),
        (MODELS[0], "is_3y_high_close AND NOT is_5y_high_close"),
        (MODELS[0], "is_5y_high_close AND higher_close_date IS NOT NULL"),
        (MODELS[0], "are_three_years_whole AND NOT are_five_years_whole"),
        (MODELS[0], "are_five_years_whole"),
        (MODELS[1], "percentile_1y != percentile_3y"),
        (MODELS[1], "percentile_3y != percentile_5y"),
        (MODELS[1], "percentile_5y != percentile_10y"),
    ],
)
def test_windows_of_each_length_say_something_of_their_own(place, statements, model, condition):
    with duckdb.connect(str(place / DATABASE), read_only=True) as connection:
        rows = connection.execute(f"SELECT * FROM ({statements[model, '']}) WHERE {condition}")
        assert rows.fetchall()
