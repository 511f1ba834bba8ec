"""One value of a claims file to one cell of the ledger: text, number, whole number, day, choice."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from orchestration.claims.faults import nearest
from orchestration.claims.yaml_lines import Node

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:[,_]\d{3})+(?:\.\d+)?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST = 2_000

Reader = Callable[[Node], Any]


class CellError(ValueError):
    """A value cannot be read; the message says what it is and what to write."""


def text(node: Node) -> str:
    """Return a text without the blanks around it.

    Raises:
        CellError: a list or mapping, an empty text, or one of more than 2,000 characters.
    """
    value = _scalar(node, "a text").strip()
    if not value:
        raise CellError("is empty; write a text or leave the line out")
    if len(value) > _LONGEST:
        raise CellError(f"has {len(value):,} characters, at most {_LONGEST:,} are read")
    return value


def texts(node: Node) -> str:
    """Return one text, or a list of them joined by commas.

    Raises:
        CellError: an element is no text.
    """
    if node.kind != "list":
        return text(node)
    return ",".join(text(each) for each in node.value)


def number(node: Node) -> float:
    """Return a finite number.

    Raises:
        CellError: quoted, grouped by commas, or no number.
    """
    value = _scalar(node, "a number")
    if _GROUPED.fullmatch(value):
        raise CellError(f"is {value!r}; write it without {'_' if '_' in value else ','}")
    if node.is_quoted or not _NUMBER.fullmatch(value):
        raise CellError(f"is {value!r}, not a number; write for example 22.42")
    if not math.isfinite(float(value)):
        raise CellError(f"is {value!r}, too large for a number")
    return float(value)


def whole(node: Node) -> int:
    """Return a whole number of 0 or more.

    Raises:
        CellError: it is none.
    """
    value = _scalar(node, "a whole number")
    if node.is_quoted or not _WHOLE.fullmatch(value):
        raise CellError(f"is {value!r}, not a whole number")
    return int(value)


def day(node: Node) -> dt.date:
    """Return a day.

    Raises:
        CellError: not YYYY-MM-DD, or a day the calendar lacks.
    """
    value = _scalar(node, "a day")
    if not _DAY.fullmatch(value):
        raise CellError(f"is {value!r}, not a day; write YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise CellError(f"is {value!r}, a day that the calendar lacks") from None


def one_of(words: Sequence[str]) -> Reader:
    """Return a reader of one of some words."""
    known = tuple(words)

    def read(node: Node) -> str:
        value = text(node)
        if value not in known:
            raise CellError(f"is {value!r}{nearest(value, known)}; one of {', '.join(known)}")
        return value

    return read


def decimals_of(node: Node) -> int:
    """Return how many decimals a number is written with: 22.420 has three."""
    mantissa = re.split("[eE]", str(node.value))[0]
    return len(mantissa.partition(".")[2])


def _scalar(node: Node, wanted: str) -> str:
    if node.kind == "nothing":
        raise CellError(f"is empty; write {wanted} or leave the line out")
    if node.kind != "text":
        raise CellError(f"is a {node.kind}, not {wanted}")
    return str(node.value)
