"""Whole columns of printed text: checked at once, and read into an Arrow table at once.

Here lives what makes reading a column faster than reading its cells. What a column may hold, and
which row is at fault when it holds something else, is the source's affair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa


def are_digits(texts: Sequence[str], longest: int) -> bool:
    """Return whether every text is one to `longest` ASCII digits."""
    together = "".join(texts)
    if not texts or not together.isascii() or not together.isdigit():
        return not texts
    lengths = set(map(len, texts))
    return min(lengths) > 0 and max(lengths) <= longest


def arrow_table(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Return a table of a schema from its columns by name.

    Numbers are given as the texts that Arrow reads, without commas; dates and truths are values. An
    empty cell is None.
    """
    arrays = []
    for field in schema:
        values, kind = columns[field.name], field.type
        is_number = pa.types.is_integer(kind) or pa.types.is_decimal(kind)
        if is_number or pa.types.is_floating(kind):
            arrays.append(pa.array(values, pa.string()).cast(kind))
        else:
            arrays.append(pa.array(values, kind))
    return pa.Table.from_arrays(arrays, schema=schema)
