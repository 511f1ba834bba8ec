"""Rows as tuples: a table of them is the table of the same rows as dicts, schema and all."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables import TABLES
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources.base import PUBLISHED_ON

CELLS = {
    pa.date32(): st.dates(),
    pa.string(): st.text(max_size=5),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.float64(): st.floats(allow_nan=False),
    pa.bool_(): st.booleans(),
    pa.decimal128(18, 2): st.decimals(-(10**15), 10**15, places=2),
}
SCHEMA = pa.schema([pa.field(str(kind), kind, metadata={"unit": "made up"}) for kind in CELLS])


@given(st.lists(st.tuples(*(st.none() | cells for cells in CELLS.values())), max_size=4))
def test_a_table_of_tuples_is_that_of_dicts(rows):
    dicts = [dict(zip(SCHEMA.names, row, strict=True)) for row in rows]
    made = ArrowRows(SCHEMA).table(rows)
    assert made.equals(pa.Table.from_pylist(dicts, SCHEMA), check_metadata=True)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_has_the_columns_of_the_lake(name):
    empty = ArrowRows(TABLES[name].schema).table([])
    assert empty.num_rows == 0
    assert empty.schema.equals(TABLES[name].schema, check_metadata=True)


def test_the_day_of_publication_may_be_a_further_column():
    schema = pa.schema([pa.field("amount", pa.decimal128(12, 3))])
    day = dt.date(2025, 2, 18)
    table = ArrowRows(schema, has_published_on=True).table([(Decimal("1.5"), day)])
    assert table.to_pylist() == [{"amount": Decimal("1.500"), PUBLISHED_ON: day}]


def test_a_decimal_of_more_places_than_the_column_is_refused():
    schema = pa.schema([pa.field("amount", pa.decimal128(12, 3))])
    with pytest.raises(pa.ArrowInvalid):
        ArrowRows(schema).table([(Decimal("1.0005"),)])
