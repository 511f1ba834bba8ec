"""Whole columns of text: what passes as digits, and how a table is made of them."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources._columns import are_digits, arrow_table


@pytest.mark.parametrize(
    ("texts", "is_plain"),
    [
        ([], True),
        (["1", "00700", "99999"], True),
        (["1", ""], False),
        ([""], False),
        (["123456"], False),
        (["1", "1,000"], False),
        (["1", " 2"], False),
        (["-1"], False),
        (["１"], False),
        (["²"], False),
    ],
)
def test_a_column_is_digits_only_if_each_of_its_texts_is(texts, is_plain):
    assert are_digits(texts, longest=5) is is_plain


@given(st.lists(st.text(st.sampled_from("09,.- x１²"), max_size=7)))
def test_a_column_is_judged_as_its_texts_would_be_one_by_one(texts):
    one_by_one = all(t.isascii() and t.isdigit() and 1 <= len(t) <= 5 for t in texts)
    assert are_digits(texts, longest=5) is one_by_one


def test_texts_become_exact_numbers_and_none_stays_empty():
    schema = pa.schema(
        [
            ("day", pa.date32()),
            ("code", pa.string()),
            ("price", pa.decimal128(12, 3)),
            ("shares", pa.int64()),
            ("ratio", pa.float64()),
            ("is_open", pa.bool_()),
        ]
    )
    columns = {
        "is_open": [True, False],
        "ratio": ["1.26", None],
        "shares": ["999999999999999999", None],
        "price": ["123456789.123", None],
        "code": ["00700", "00005"],
        "day": [dt.date(2025, 2, 3)] * 2,
    }
    table = arrow_table(columns, schema)
    assert table.schema.equals(schema)
    assert list(table.to_pylist()[0].values()) == [
        dt.date(2025, 2, 3), "00700", Decimal("123456789.123"), 999_999_999_999_999_999, 1.26, True
    ]  # fmt: skip
    assert table.to_pylist()[1]["price"] is table.to_pylist()[1]["ratio"] is None


@given(st.floats(0, 1e15).map(lambda value: f"{value:.6f}"))
def test_a_printed_fraction_is_read_as_python_reads_it(printed):
    table = arrow_table({"x": [printed]}, pa.schema([("x", pa.float64())]))
    assert table["x"].to_pylist() == [float(printed)]
