"""Every publisher's spelling of a security code becomes the same five digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sources._codes import five_digits
from orchestration.sources.base import ParseError


@pytest.mark.parametrize(
    "spelling", ["00700", "700", "  700", "0700", "0700.HK", "00700.HK", "116.00700", "hk00700"]
)
def test_trap_04_all_spellings_of_a_code_are_one(spelling):
    assert five_digits("file row 1", spelling) == "00700"


@pytest.mark.parametrize("code", ["80700", "09988", "02800"])
@pytest.mark.parametrize("form", ["{}", "{}.HK", "116.{}", "hk{}"])
def test_codes_of_four_and_five_digits_keep_every_digit(form, code):
    assert five_digits("file", form.format(code)) == code


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "00000", "000700", "700HK", "700.HK", "-5", "7OO", "٧٠٠", "700.0", "117.00700"]
    + ["=700", "00700\n", "7e2", "600519.SH"],
)
def test_anything_else_is_refused_and_named(text):
    with pytest.raises(ParseError, match="file row 1: is .* not a Hong Kong security code"):
        five_digits("file row 1", text)


@given(st.integers(1, 99_999), st.integers(1, 5))
def test_padding_never_changes_a_code(number, width):
    assert int(five_digits("file", f"{number:0{width}d}")) == number
    assert five_digits("file", f"{number:>5}") == f"{number:05d}"
