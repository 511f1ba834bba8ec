"""What the manifest says of marts that carry on: their tables, keys and first new days."""

import datetime as dt

import duckdb
import pytest

from orchestration.warehouse_layout import carried_tables, layout_of

DAY = dt.date(2025, 2, 18)


def model(name, parents=(), **meta):
    return (
        f"model.hkflow.{name}",
        {
            "name": name,
            "resource_type": "model",
            "relation_name": f'"core"."{name}"',
            "config": {"meta": meta},
        },
        list(parents),
    )


@pytest.fixture
def manifest():
    """A mart that carries on, one that looks ahead, the long one, and one that is built anew."""
    models = [
        model("stg_bars", ["source.hkflow.lake.daily_bars"]),
        model("fct_prices", ["model.hkflow.stg_bars"], day_column="trade_date"),
        model("fct_pairs", ["model.hkflow.fct_prices"], day_column="seen_on", days_before=30),
        model("dim_days", ["source.hkflow.lake.exchange_calendar"]),
        model("figures", ["source.hkflow.lake.etf_nav"], day_column="day", changes="changes"),
        model("changes"),
    ]
    return {
        "nodes": {name: node for name, node, _ in models},
        "sources": {
            f"source.hkflow.lake.{name}": {"name": name}
            for name in ("daily_bars", "exchange_calendar", "etf_nav")
        },
        "parent_map": {name: parents for name, _, parents in models},
    }


@pytest.fixture
def staged(tmp_path):
    file = tmp_path / "hkflow.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "CREATE SCHEMA core; CREATE TABLE core.changes AS SELECT DATE '2025-02-03' "
            "AS first_period_end UNION ALL SELECT DATE '2025-02-17'"
        )
    return file


def test_tables_are_those_that_marts_are_made_of_which_ask_what_changed_in_the_lake(manifest):
    assert [table.name for table in carried_tables(manifest)] == ["daily_bars"]


def test_first_new_day_is_the_lakes_or_sooner_or_what_the_mart_itself_found(manifest, staged):
    layout = layout_of(manifest, staged, DAY, "base")
    assert layout.base == "base"
    assert layout.days == {"fct_prices": "trade_date", "fct_pairs": "seen_on", "figures": "day"}
    assert layout.first_days == {
        "fct_prices": DAY,
        "fct_pairs": dt.date(2025, 1, 19),
        "figures": dt.date(2025, 2, 3),
    }


def test_all_days_are_new_where_everything_was_built(manifest, staged):
    layout = layout_of(manifest, staged, None, None)
    assert (layout.first_days, layout.base) == ({}, None)
