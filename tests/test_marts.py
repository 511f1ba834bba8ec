"""`read_mart`: one function from a mart's name to Arrow, pandas or polars."""

import datetime as dt
import sys

import pandas as pd
import pyarrow as pa
import pytest

from orchestration.as_of import MomentError
from orchestration.marts import mart_names, read_mart
from orchestration.publishing.errors import NoSnapshot, QueryError
from orchestration.publishing.snapshot import publish
from tests.publishing.staging import FACTS, judge, stage, suites


@pytest.fixture(scope="module")
def zones(tmp_path_factory):
    root = tmp_path_factory.mktemp("zones")
    staged = stage(root / "snapshots" / ".staging" / "run.duckdb", 1)
    publish(staged, root / "snapshots", suites(root / "suites"), FACTS, judge)
    return root


@pytest.mark.parametrize("name", ["fct_flow", "inflows.fct_flow"])
def test_whole_mart_comes_as_arrow_with_its_types(zones, name):
    table = read_mart(name, zones=zones)
    assert isinstance(table, pa.Table)
    assert table.num_rows == 500
    assert table.schema.field("net_hkd_mn").type == pa.decimal128(18, 2)


@pytest.mark.parametrize(
    ("first", "last", "rows"),
    [
        ("2025-02-10", "2025-02-18", 9),
        (dt.date(2025, 2, 17), None, 2),
        (None, dt.datetime(2025, 2, 18, 9, 30), 500),
        ("2025-02-18", "2025-02-17", 0),
    ],
)
def test_dates_bound_the_mart_on_both_sides(zones, first, last, rows):
    table = read_mart("fct_flow", first=first, last=last, zones=zones)
    assert table.num_rows == rows


@pytest.mark.parametrize(
    ("securities", "rows"), [("00700", 1), (["00700", "09988"], 1), ([], 0), ("x' OR 1=1 --", 0)]
)
def test_securities_are_chosen_by_code(zones, securities, rows):
    assert read_mart("fct_price", securities=securities, zones=zones).num_rows == rows


def test_pandas_and_polars_hold_the_same_rows(zones):
    polars = pytest.importorskip("polars")
    table = read_mart("fct_price", zones=zones)
    as_pandas = read_mart("fct_price", to="pandas", zones=zones)
    as_polars = read_mart("fct_price", to="polars", zones=zones)
    assert isinstance(as_pandas, pd.DataFrame)
    assert isinstance(as_polars, polars.DataFrame)
    assert as_pandas.to_dict("records") == as_polars.to_dicts() == table.to_pylist()


def test_polars_that_is_not_installed_is_named_with_its_extra(zones, monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ModuleNotFoundError, match="pip install -e"):
        read_mart("fct_price", to="polars", zones=zones)


def test_empty_mart_keeps_its_columns(zones):
    assert read_mart("fct_empty", zones=zones).column_names == ["trade_date", "value"]


def test_names_are_listed_with_their_schemas(zones):
    assert mart_names(zones) == [
        "inflows.fct_flow",
        "valuations.fct_empty",
        "valuations.fct_price",
    ]


@pytest.mark.parametrize(
    ("name", "options", "kind", "words"),
    [
        ("fct_flows", {}, QueryError, "did you mean fct_flow"),
        ("sentiment.fct_flow", {}, QueryError, "no mart"),
        ("fct_flow; DROP", {}, QueryError, "no mart"),
        ("zzz", {}, QueryError, "mart_names"),
        ("fct_price", {"first": "2025-01-01"}, QueryError, "no date to choose by"),
        ("fct_flow", {"securities": "00700"}, QueryError, "no security to choose by"),
        ("fct_flow", {"first": "18/02/2025"}, ValueError, "isoformat"),
        ("fct_flow", {"to": "spark"}, ValueError, "arrow, pandas or polars"),
        ("fct_flow", {"as_of": "2025-02-18"}, MomentError, "no offset"),
        ("fct_flow", {"as_of": dt.datetime(2025, 2, 18)}, MomentError, "no offset"),
        ("fct_flow", {"as_of": "2999-01-01T00:00+08:00"}, MomentError, "future"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(zones, name, options, kind, words):
    with pytest.raises(kind, match=words) as caught:
        read_mart(name, zones=zones, **options)
    assert "\n" not in str(caught.value)


def test_nothing_published_yet(tmp_path):
    with pytest.raises(NoSnapshot, match="`hkflow run` makes one"):
        read_mart("fct_flow", zones=tmp_path)
