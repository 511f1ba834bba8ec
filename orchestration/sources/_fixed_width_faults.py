"""Which line of HKEX's print is at fault: the careful reading of a list, one line after another.

Here live the checks that name a line, and the widths they share with `_fixed_width`, which comes
here only with a list that did not fit its pattern as a whole. Nothing is read into figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestration.sources.base import ParseError

HEAD_WIDTH = 28
"""Columns 1-28 hold flag, code, name and currency; figures come after them."""
LONGEST_LINE = 200
LONGEST_NAME = 24
WHOLE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,18}")
PRICE = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})(?:\.[0-9]{1,3})?")
NO_VALUE = ("-", "N/A")
INSTRUMENT_HEAD = re.compile(r"[ *#%][ 0-9]{4}[0-9][ #*]\S.{15,17}?[A-Z]{3} {0,2}")
STOPPED = ("TRADING SUSPENDED", "TRADING HALTED")
SHORT_SALE_START = re.compile(r" *[%#*]* *[0-9]{1,5} ")
SHORT_SALE = {
    count: re.compile(
        rf" *[%#*]* *([0-9]{{1,5}}) +(\S+(?: \S+)*?)((?: +[0-9][0-9,]*){{{count}}}) *"
    )
    for count in (2, 4)
}


def looks_like_instrument(line: str) -> bool:
    """Return whether a line has a security code in columns 2-6."""
    return line[1:6].strip().isdecimal() and line[:1] in " *#%"


def check_instruments(where: str, lines: list[str]) -> None:
    """Check a list of quotations, from its first counter on.

    Raises:
        ParseError: a line is not understood, a second line is missing, or the list has no end.
    """
    rest = iter(lines)
    for line in rest:
        if looks_like_instrument(line):
            _check_instrument(where, line, rest)
        elif line.startswith("---"):
            return
        elif any(map(str.isdigit, line)):
            raise ParseError(f"{where}: line not understood: {line[:LONGEST_LINE]!r}")
    raise ParseError(f"{where}: no line of dashes ends the list; the file may be cut short")


def _check_instrument(where: str, line: str, rest: Iterator[str]) -> None:
    if not INSTRUMENT_HEAD.fullmatch(line[:HEAD_WIDTH]) or len(line) > LONGEST_LINE:
        raise ParseError(
            f"{where}: no code, name and currency in columns 1-28 of {line[:LONGEST_LINE]!r}"
        )
    code, upper = line[1:6].strip().zfill(5), line[HEAD_WIDTH:].split()
    if " ".join(upper) in STOPPED:
        return
    second = next(rest, "")
    lower = second[HEAD_WIDTH:].split()
    if len(upper) != 4 or len(lower) != 4 or second[:HEAD_WIDTH].strip():
        raise ParseError(f"{where}: security {code} has not four figures on each of its two lines")
    at = f"{where} security {code}"
    for name, text in (
        ("previous close", upper[0]),
        ("high", upper[2]),
        ("closing", lower[0]),
        ("low", lower[2]),
    ):
        if text not in NO_VALUE and not PRICE.fullmatch(text):
            raise ParseError(f"{at} {name}: {text!r} is not a price with at most three decimals")
    for name, text in (("shares traded", upper[3]), ("turnover", lower[3])):
        if text not in NO_VALUE:
            _check_whole(f"{at} {name}", text)


def check_short_sales(where: str, lines: list[str], figure_count: int) -> None:
    """Check a short-selling list, from its first row on.

    Raises:
        ParseError: a line with a code has not `figure_count` figures, or a code comes twice.
    """
    seen: set[str] = set()
    for line in lines:
        if SHORT_SALE_START.match(line):
            code = _checked_short_sale(where, line, figure_count)
            if code in seen:
                raise ParseError(f"{where}: security {code} appears twice")
            seen.add(code)
        elif any(map(str.isdigit, line)):
            raise ParseError(f"{where}: line not understood: {line[:LONGEST_LINE]!r}")


def _checked_short_sale(where: str, line: str, figure_count: int) -> str:
    found = SHORT_SALE[figure_count].fullmatch(line) if len(line) <= LONGEST_LINE else None
    if not found or len(found[2]) > LONGEST_NAME:
        raise ParseError(
            f"{where}: no code, name and {figure_count} figures in {line[:LONGEST_LINE]!r}"
        )
    code = found[1].zfill(5)
    for text in found[3].split():
        _check_whole(f"{where} security {code}", text)
    return code


def _check_whole(where: str, text: str) -> None:
    if not WHOLE.fullmatch(text):
        raise ParseError(f"{where}: {text!r} is not a whole number")
