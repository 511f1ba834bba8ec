"""What is checked on the Arrow side, before pandas blurs null and NaN, and the way into pandas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from data_lake.tables.base import PROVENANCE
from expectations.verdict import CRITICAL, Failure

if TYPE_CHECKING:
    import pandas as pd

ROWS_KEPT = 100_000
"""How many row positions a failure keeps; the message counts all of them."""
_LABEL_COLUMNS = 2


def structural_failures(table: pa.Table, demanded: Iterable[str]) -> list[Failure]:
    """Return what makes a frame unfit for any suite.

    That is: no rows, a demanded column that is missing, a null in a required field, a NaN or an
    infinity.
    """
    failures = [
        Failure("column_exists", name, CRITICAL, f"{name}: the column is missing")
        for name in sorted(set(demanded) - set(table.column_names))
    ]
    if table.num_rows == 0:
        failures.append(Failure("has_rows", "", CRITICAL, "the frame has no rows"))
    for field in table.schema:
        column = table[field.name]
        if not field.nullable and column.null_count:
            rows = _positions(column.is_null())
            failures.append(rows_failure(table, "required_field", field.name, rows, "null"))
        if pa.types.is_floating(field.type):
            rows = _positions(pc.invert(pc.fill_null(pc.is_finite(column), True)))
            if rows:
                example = str(column[rows[0]].as_py())
                failures.append(rows_failure(table, "finite", field.name, rows, example))
    return failures


def rows_failure(
    table: pa.Table, expectation: str, column: str, rows: list[int], example: str
) -> Failure:
    """Return a critical failure of single rows."""
    message = (
        f"{column}: {len(rows):,} of {table.num_rows:,} rows break {expectation}, "
        f"first {example}{row_label(table, rows)}"
    )
    return Failure(expectation, column, CRITICAL, message, tuple(rows[:ROWS_KEPT]))


def row_label(table: pa.Table, rows: list[int]) -> str:
    """Return where the first of some rows is, in words: its leading columns (the key)."""
    if not rows:
        return ""
    names = table.column_names[:_LABEL_COLUMNS]
    return " at " + ", ".join(f"{name} {table[name][rows[0]].as_py()}" for name in names)


def to_pandas(table: pa.Table, kept: Iterable[str]) -> pd.DataFrame:
    """Return the frame for validation: decimals as float64, dates as datetime64.

    Provenance columns are left out unless they are among `kept`.
    """
    ignored = set(PROVENANCE.names) - set(kept)
    table = table.drop_columns([name for name in table.column_names if name in ignored])
    for position, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            values = table[field.name].cast(pa.float64())
            table = table.set_column(position, field.name, values)
    return table.to_pandas(date_as_object=False)


def derive(frame: pd.DataFrame, table: pa.Table, columns: dict[str, str]) -> list[Failure]:
    """Add derived columns to the frame; return a failure for each that could not be computed."""
    import numpy as np

    failures = []
    for name, expression in columns.items():
        try:
            frame[name] = frame.eval(expression, engine="python")
        except Exception as error:  # whatever pandas raises, the frame has not been judged
            message = f"{name}: {expression} cannot be computed: {one_line(error)}"
            failures.append(Failure("derived_column", name, CRITICAL, message))
            continue
        values = frame[name]
        if values.dtype.kind == "f" and np.isinf(values).any():
            rows = np.flatnonzero(np.isinf(values)).tolist()
            failures.append(rows_failure(table, "finite", name, rows, str(values[rows[0]])))
    return failures


def typed_bounds(kwargs: dict[str, Any], schema: pa.Schema) -> dict[str, dt.datetime]:
    """Return the text bounds of an expectation on a date or timestamp column as datetimes.

    The library would read "2014-11-17" as a date, which pandas refuses to compare. A bound without
    an offset is UTC where the column has a zone.
    """
    column = kwargs.get("column")
    if column not in schema.names or not pa.types.is_temporal(schema.field(column).type):
        return {}
    has_zone = getattr(schema.field(column).type, "tz", None) is not None
    bounds = {}
    for name in ("min_value", "max_value"):
        if isinstance(kwargs.get(name), str):
            moment = dt.datetime.fromisoformat(kwargs[name])
            moment = moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
            bounds[name] = moment if has_zone else moment.replace(tzinfo=None)
    return bounds


def one_line(error: Any) -> str:
    """Return an error's message without its line breaks."""
    return " ".join(str(error).split())


def _positions(mask: pa.ChunkedArray) -> list[int]:
    return pc.indices_nonzero(mask).to_pylist()
