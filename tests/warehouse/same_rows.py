"""Two builds of one table compared row by row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def assert_same_rows(found: pa.Table, wanted: pa.Table, name: str) -> None:
    """Assert equal rows; a float may differ by the order in which a window was summed."""
    assert found.schema == wanted.schema, name
    assert found.num_rows == wanted.num_rows, name
    for column in wanted.column_names:
        ours, theirs = found[column], wanted[column]
        if pa.types.is_floating(ours.type):
            assert ours.is_null().equals(theirs.is_null()), (name, column)
            np.testing.assert_allclose(
                ours.to_numpy(), theirs.to_numpy(), rtol=1e-9, atol=1e-9, err_msg=f"{name} {column}"
            )
        else:
            assert ours.equals(theirs), (name, column)
