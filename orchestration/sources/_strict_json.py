"""Reading JSON that a stranger sent: bytes to values, every doubt a `ParseError`.

Here live the checks that several publishers of JSON need. What the values mean is the source's
affair.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from orchestration.sources.base import ParseError


def fail(where: str, problem: str) -> NoReturn:
    """Refuse the bytes.

    Raises:
        ParseError: always; `where` names file and field, `problem` what was found.
    """
    raise ParseError(f"{where}: {problem}")


def decode_json(file: str, body: bytes) -> object:
    """Return the JSON value of a body.

    Raises:
        ParseError: the body is not JSON, or holds NaN or Infinity, which JSON does not know.
    """

    def refuse(constant: str) -> NoReturn:
        fail(file, f"holds {constant}, which is no JSON number")

    try:
        return json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        start = body[:40].decode("utf-8", "replace")
        raise ParseError(f"{file}: is not JSON, it begins with {start!r}") from error


def mapping(where: str, value: object) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        ParseError: the value is something else.
    """
    if not isinstance(value, dict):
        fail(where, f"is {type(value).__name__}, not an object")
    return value


def sequence(where: str, value: object) -> list[Any]:
    """Return a JSON array.

    Raises:
        ParseError: the value is something else.
    """
    if not isinstance(value, list):
        fail(where, f"is {type(value).__name__}, not an array")
    return value


def number(where: str, value: object) -> float:
    """Return a finite number.

    Raises:
        ParseError: the value is no number, or too large to be one here.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        fail(where, f"is {value!r}, not a number")
    try:
        wide = float(value)
    except OverflowError:
        wide = math.inf
    if not math.isfinite(wide):
        fail(where, "is a number too large to store")
    return wide


def whole_number(where: str, value: object) -> int:
    """Return an integer that fits 64 bits; `3.0` counts as one.

    Raises:
        ParseError: the value is no whole number, or does not fit.
    """
    wide = number(where, value)
    if wide != math.floor(wide) or abs(wide) >= 2**63:
        fail(where, f"is {value!r}, not a whole number of at most 64 bits")
    return int(value) if isinstance(value, int) else int(wide)


def text(where: str, value: object) -> str:
    """Return a string that can be encoded.

    Raises:
        ParseError: the value is no string, or half a surrogate pair.
    """
    if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
        fail(where, f"is {value!r}, not text")
    return value
