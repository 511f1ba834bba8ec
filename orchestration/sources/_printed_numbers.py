"""Numbers as publishers print them: signs, thousands commas, and the marks for "none".

Here lives the one reader of printed numbers. What a number means is the source's affair.
"""

from __future__ import annotations

import re

from orchestration.sources._strict_json import fail, number

NUMBER = re.compile(
    r"[+-]?(?=\.?[0-9])(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,20})?(?:\.[0-9]{0,12})?", re.ASCII
)
NO_VALUE = ("", "-", "--", "---")


def optional_number(where: str, cell: object) -> float | None:
    """Return a printed number, or None where the cell prints none.

    A JSON number and null count as printed, too.

    Raises:
        ParseError: the cell is something else; begins with `where`.
    """
    if not isinstance(cell, str):
        return None if cell is None else number(where, cell)
    digits = cell.strip()
    if NUMBER.fullmatch(digits):
        return float(digits.replace(",", ""))
    if digits not in NO_VALUE:
        fail(where, f"is {cell!r}, not a number")
    return None


def printed_number(where: str, cell: object) -> float:
    """Return a printed number that must be there.

    Raises:
        ParseError: the cell is no number, or prints none; begins with `where`.
    """
    value = optional_number(where, cell)
    if value is None:
        fail(where, f"is {cell!r}, a number is expected")
    return value
