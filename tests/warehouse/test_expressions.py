"""Expressions a mart's YAML demands of its rows: true of right ones, false of wrong ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orchestration.warehouse import PROJECT

VALUATIONS = PROJECT / "models" / "marts" / "valuations" / "mart_valuations_daily.yml"
RULE = "years_since_higher_agree_with_three_year_high"


@pytest.fixture(scope="module")
def holds() -> Callable[[int | None, bool], bool]:
    """Return what the rule says of a row: days since a higher close, and the flag beside them."""
    (model,) = yaml.safe_load(VALUATIONS.read_text(encoding="utf-8"))["models"]
    tests = [test for test in model["data_tests"] if "expression_is_true" in test]
    named = {test["expression_is_true"]["name"]: test["expression_is_true"] for test in tests}
    expression = named[RULE]["arguments"]["expression"]
    connection = duckdb.connect()

    def judged(days: int | None, is_3y_high: bool) -> bool:
        row = "select ? / 365.25 as years_since_higher_close, ? as is_3y_high_close, true as "
        sql = f"select {expression} from ({row} is_1y_high_close)"
        return connection.execute(sql, [days, is_3y_high]).fetchall() == [(True,)]

    return judged


@given(day=st.dates(dt.date(2012, 1, 1), dt.date(2032, 1, 1)), days=st.integers(1080, 1110))
def test_years_since_higher_never_accuse_a_right_three_year_high(holds, day, days):
    start = day.replace(year=day.year - 3, day=min(day.day, 28 if day.month == 2 else 31))
    assert holds(days, is_3y_high=day - dt.timedelta(days=days) < start)


@pytest.mark.parametrize(
    ("days", "is_3y_high"), [(1094, True), (1097, False), (400, True), (None, False)]
)
def test_years_since_higher_accuse_a_wrong_three_year_high(holds, days, is_3y_high):
    assert not holds(days, is_3y_high)
    assert holds(days, not is_3y_high)
