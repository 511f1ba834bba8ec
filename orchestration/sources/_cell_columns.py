"""Columns of printed cells, judged whole: does every cell look as it ordinarily does?

Here lives what the quick readers of several sources share. A column that does not pass is no fault
yet: the source then reads row by row, which knows every spelling and names the row at fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

PLAIN_DECIMAL = r"-?+[0-9]++(?:\.[0-9]++)?+"
"""A number without commas, for `cells_of`."""


def cells_of(cell: str) -> re.Pattern[str]:
    """Return the pattern of a whole column, each cell of which matches `cell` (no line feeds)."""
    return re.compile(rf"(?:(?:{cell})\n)*+", re.ASCII)


def are_all(pattern: re.Pattern[str], cells: Sequence[str]) -> bool:
    """Return whether there are cells and each is as the pattern of `cells_of` has it."""
    together = "\n".join(cells) + "\n"
    return together.count("\n") == len(cells) and pattern.fullmatch(together) is not None


def dates(cells: Sequence[str]) -> pa.Array | None:
    """Return cells as date32; None if one of them is not `YYYY-MM-DD`, or the year is extreme."""
    if not cells or min(cells) < "0001" or max(cells) >= "9999":
        return None
    try:
        # Arrow reads nothing but YYYY-MM-DD as a date.
        return pa.array(cells, pa.string()).cast(pa.date32())
    except pa.ArrowInvalid:
        return None


def floats(cells: Sequence[str | None]) -> pa.Array | None:
    """Return cells that are `PLAIN_DECIMAL` or None as float64; None if one is too large for it."""
    figures = pa.array(cells, pa.string()).cast(pa.float64())
    is_finite = pc.all(pc.is_finite(figures), min_count=0).as_py()
    return figures if is_finite else None
