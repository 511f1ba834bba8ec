"""The fifteen traps of the publishers' formats: each has a test that is named after it."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
NAMED = {
    int(number)
    for path in TESTS.rglob("test_*.py")
    for number in re.findall(r"^def test_trap_(\d\d)_", path.read_text(encoding="utf-8"), re.M)
}


@pytest.mark.parametrize("number", range(1, 16))
def test_every_trap_has_a_test_of_its_name(number):
    assert number in NAMED
