"""Rows of Python values to an Arrow table: the one way of the sources that read row by row.

Here lives only the conversion. What a row holds, and that its values fit, is the source's affair.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from orchestration.sources.base import PUBLISHED_ON


class ArrowRows:
    """Makes tables of one schema from tuples in the order of its columns.

    All rows are converted at once: for tables of a few rows, as most payloads give, that costs half
    of a conversion per column, and a third of one from dicts. Made once per schema, because looking
    at the schema costs more than a small table.
    """

    def __init__(self, schema: pa.Schema, *, has_published_on: bool = False) -> None:
        if has_published_on:
            schema = schema.append(pa.field(PUBLISHED_ON, pa.date32()))
        self._row_type = pa.struct(list(schema))
        self._empty = schema.empty_table()

    def table(self, rows: Sequence[tuple[object, ...]]) -> pa.Table:
        """Return a table of rows whose values have the types of the columns."""
        if not rows:
            return self._empty
        return pa.Table.from_struct_array(pa.array(rows, self._row_type))
