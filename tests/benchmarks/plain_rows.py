"""What a plain reader returns: rows as tuples of Python values, and the way from and to Arrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources.base import Payload

Rows = list[tuple[object, ...]]
Tables = dict[str, Rows]
"""Rows by name of the lake table, cells in the order of its columns."""
Reader = Callable[[Payload], Tables]


def rows_of(table: pa.Table) -> Rows:
    """Return the rows of an Arrow table."""
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def with_arrow(plain: Reader, parsed: Mapping[str, pa.Table]) -> Callable[[Payload], object]:
    """Return a plain reader that also makes the Arrow tables: the least that a parser can cost."""
    makers = {name: ArrowRows(table.schema) for name, table in parsed.items()}
    return lambda payload: {name: makers[name].table(rows) for name, rows in plain(payload).items()}
