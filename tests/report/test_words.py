"""Numbers are written with their sign, separators and unit."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.report import words


@pytest.mark.parametrize(
    ("value", "written"),
    [(769.78, "+769.78"), (-0.001, "0.00"), (-25955.8, "−25,955.80"), (0, "0.00"), (None, "–")],
)
def test_signed_numbers(value, written):
    assert words.signed(value) == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (769.78, "HKD 769.8 million"),
        (-769.78, "HKD 769.8 million"),
        (999.96, "HKD 1.00 billion"),
        (30555.15, "HKD 30.56 billion"),
    ],
)
def test_money_is_in_millions_or_billions(amount, written):
    assert words.money(amount) == written


@given(st.floats(-1e12, 1e12))
def test_a_written_number_reads_back(value):
    written = words.number(value, 2).replace("−", "-").replace(",", "")
    assert float(written) == pytest.approx(value, abs=0.0051)


def test_lists_and_counts():
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.count(1, "session") == "1 session"
    assert words.count(2, "stock has", "stocks have") == "2 stocks have"
    assert words.day(dt.date(2025, 2, 8)) == "8 February 2025"


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        (22.623, "hkd_bn", "22.623 HKD bn"),
        (-1234.5, "cny_mn", "−1,234.5 CNY mn"),
        (33, "pct", "33 %"),
        (15.176, "shares_mn", "15.176 mn shares"),
        (1, "flag", "yes"),
        (0, "flag", "no"),
        (2, "rank", "rank 2"),
        (7, None, "7"),
        (None, "hkd_bn", ""),
    ],
)
def test_a_quantity_keeps_its_digits_and_names_its_unit(value, unit, printed):
    assert words.quantity(value, unit) == printed
