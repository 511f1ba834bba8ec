"""Healing a column gives what healing each price gives, bit for bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources._healing import heal, healed

PRICES = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0.001, 1000).map(lambda price: float(np.float32(price))),
    st.integers(0, 10**9).map(lambda ticks: float(np.float32(ticks / 1000))),
    st.floats(0, 10**6).map(lambda price: round(price, 6)),
    st.integers(0, 2**70),
    st.integers(0, 10**8).map(lambda halves: halves / 10**7 * 5),
)


@given(st.lists(PRICES))
def test_column_is_healed_as_each_price_is(prices):
    assert healed(prices).to_pylist() == [
        None if each is None else heal(float(each)) for each in prices
    ]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (494.79998779296875, 494.8),
        (494.799988, 494.8),
        (7.7881, 7.7881),
        (0.0, 0.0),
        (21e9, 21e9),
    ],
)
def test_tail_of_a_narrow_float_is_taken_away(sent, meant):
    assert healed([sent, None]).to_pylist() == [meant, None]
