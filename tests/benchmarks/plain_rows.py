"""What a plain reader returns, and the same of a parsed table: rows as tuples of Python values."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from orchestration.sources.base import Payload

Rows = list[tuple[object, ...]]
Tables = dict[str, Rows]
"""Rows by name of the lake table, cells in the order of its columns."""
Reader = Callable[[Payload], Tables]


def rows_of(table: pa.Table) -> Rows:
    """Return the rows of an Arrow table."""
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))
