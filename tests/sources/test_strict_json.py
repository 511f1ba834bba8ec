"""JSON of strangers: which values pass, and how an error inside a row gets its place."""

from decimal import Decimal

import pytest

from orchestration.sources._strict_json import (
    EXACT,
    decode_json,
    fail,
    number,
    placed,
    text,
    whole_number,
)
from orchestration.sources.base import ParseError


def test_numbers_with_a_point_are_floats_or_the_decimals_that_were_sent():
    body = b'[1, 1.10, "1.1"]'
    assert decode_json("file", body) == [1, 1.1, "1.1"]
    assert str(decode_json("file", body, EXACT)) == "[1, Decimal('1.10'), '1.1']"


@pytest.mark.parametrize("decoder", [{}, {"decoder": EXACT}])
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[NaN]", "file: holds NaN, which is no JSON number"),
        (b"[-Infinity]", "file: holds -Infinity"),
        (b"<html>", "file: is not JSON, it begins with '<html>'"),
        (b"", "file: is not JSON"),
        (b"\xff", "file: is not JSON"),
        (b"[" * 100_000, "file: is not JSON"),
        (b"[1" + b"0" * 5_000 + b"]", "file: is not JSON"),
    ],
)
def test_what_is_no_json_is_refused(body, message, decoder):
    with pytest.raises(ParseError, match=message):
        decode_json("file", body, **decoder)


def test_an_exponent_beyond_all_bounds_is_refused():
    with pytest.raises(ParseError, match="is not JSON"):
        decode_json("file", b"[1e99999999999999999999]", EXACT)


@pytest.mark.parametrize(
    "body", [b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', '{"a": 1}'.encode("utf-16")]
)
def test_a_byte_order_mark_changes_nothing(body):
    assert decode_json("file", body) == {"a": 1}


@pytest.mark.parametrize(
    ("value", "read"), [(1, 1.0), (1.5, 1.5), (Decimal("1.5"), 1.5), (Decimal("-2"), -2.0)]
)
def test_a_number_is_read_from_each_kind(value, read):
    assert number("field", value) == read


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (True, "field: is True, not a number"),
        ("1", "field: is '1', not a number"),
        (None, "field: is None, not a number"),
        (float("inf"), "too large"),
        (10**400, "too large"),
        (Decimal("1e400"), "too large"),
    ],
)
def test_another_value_is_no_number(value, message):
    with pytest.raises(ParseError, match=message):
        number("field", value)
    with pytest.raises(ParseError, match=message):
        whole_number("field", value)


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), 2**63, -(2**63), 1e300])
def test_a_fraction_or_more_than_64_bits_is_no_whole_number(value):
    with pytest.raises(ParseError, match="not a whole number of at most 64 bits"):
        whole_number("field", value)


@pytest.mark.parametrize("value", [3, 3.0, Decimal("3.0")])
def test_a_whole_number_may_be_printed_with_a_point(value):
    assert whole_number("field", value) == 3
    assert type(whole_number("field", value)) is int


def test_half_a_surrogate_pair_is_no_text():
    assert text("field", "騰訊 \U0001f600") == "騰訊 \U0001f600"
    with pytest.raises(ParseError, match="not text"):
        text("field", "a\ud800b")


@pytest.mark.parametrize(
    ("where", "message"),
    [("PRICE", "file row 3 PRICE: is wrong"), ("", "file row 3: is wrong")],
)
def test_an_error_of_a_field_or_of_a_whole_row_gets_the_place_of_the_row(where, message):
    with pytest.raises(ParseError) as error:
        fail(where, "is wrong")
    assert str(placed("file row 3", error.value)) == message
