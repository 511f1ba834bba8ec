"""Reading JSON that a stranger sent: bytes to values, every doubt a `ParseError`.

Here live the checks that several publishers of JSON need. What the values mean is the source's
affair.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any, NoReturn

from orchestration.sources.base import ParseError

_SURROGATE = re.compile("[\ud800-\udfff]")


class _UnknownConstantError(ValueError):
    """JSON does not know NaN and Infinity, which Python reads and writes."""


def _refuse(constant: str) -> NoReturn:
    raise _UnknownConstantError(constant)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
EXACT = json.JSONDecoder(parse_constant=_refuse, parse_float=Decimal)
"""For `decode_json`: numbers with a point become the decimals that were sent."""


def fail(where: str, problem: str) -> NoReturn:
    """Refuse the bytes.

    Raises:
        ParseError: always; `where` names file and field, `problem` what was found.
    """
    raise ParseError(f"{where}: {problem}")


def placed(row: str, error: ParseError) -> ParseError:
    """Return an error found inside a row, its place put before it.

    Readers of a row say which field is at fault, or nothing (`fail("", ...)`) for the row itself;
    the loop over rows knows where the row stands, and spells it out only when there is a fault.
    """
    return ParseError(f"{row}{error}" if str(error).startswith(": ") else f"{row} {error}")


def decode_json(file: str, body: bytes, decoder: json.JSONDecoder = _DECODER) -> object:
    """Return the JSON value of a body.

    Raises:
        ParseError: the body is not JSON, or holds NaN or Infinity, which JSON does not know.
    """
    try:
        return decoder.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except _UnknownConstantError as error:
        raise ParseError(f"{file}: holds {error}, which is no JSON number") from error
    except (ValueError, ArithmeticError, RecursionError) as error:
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
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
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
    if type(value) is int and -(2**63) < value < 2**63:
        return value
    wide = number(where, value)
    if wide != math.floor(wide) or abs(wide) >= 2**63:
        shown = str(value) if isinstance(value, Decimal) else repr(value)
        fail(where, f"is {shown}, not a whole number of at most 64 bits")
    return int(value) if isinstance(value, int) else int(wide)


def text(where: str, value: object) -> str:
    """Return a string that can be encoded.

    Raises:
        ParseError: the value is no string, or half a surrogate pair.
    """
    if not isinstance(value, str) or _SURROGATE.search(value):
        fail(where, f"is {value!r}, not text")
    return value
