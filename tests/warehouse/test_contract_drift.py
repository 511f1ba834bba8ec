"""The lake's tables and what dbt says of them: the same names, types, order and keys."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from data_lake.tables import TABLES

PROJECT = Path(__file__).parents[2] / "dbt_project"


def read(file: Path) -> dict:
    """Return what a file of dbt's says, by the parser in C: there is much of it."""
    return yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)


SOURCES = read(PROJECT / "models/staging/_lake__sources.yml")
DECLARED = {table["name"]: table for table in SOURCES["sources"][0]["tables"]}
MARTS = [
    model
    for file in sorted((PROJECT / "models" / "marts").rglob("*.yml"))
    for model in read(file)["models"]
]
DUCKDB_TYPES = {
    pa.date32(): "date",
    pa.string(): "varchar",
    pa.bool_(): "boolean",
    pa.int8(): "tinyint",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.timestamp("us", "UTC"): "timestamp with time zone",
}


def duckdb_type(arrow_type: pa.DataType) -> str:
    if pa.types.is_decimal(arrow_type):
        return f"decimal({arrow_type.precision},{arrow_type.scale})"
    return DUCKDB_TYPES[arrow_type]


def test_dbt_declares_every_table_of_the_lake_and_no_other() -> None:
    assert sorted(DECLARED) == sorted(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_columns_and_types_are_those_of_the_stored_schema(name: str) -> None:
    stored = [(field.name, duckdb_type(field.type)) for field in TABLES[name].stored_schema]
    declared = [(column["name"], column["data_type"]) for column in DECLARED[name]["columns"]]
    assert declared == stored
    assert all(column["description"] for column in DECLARED[name]["columns"])


@pytest.mark.parametrize("name", sorted(TABLES))
def test_key_and_asset_key_are_those_of_the_table(name: str) -> None:
    meta = DECLARED[name]["config"]["meta"]
    assert tuple(meta["key"]) == TABLES[name].key
    assert meta["dagster"]["asset_key"] == ["lake", name]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_staging_model_reads_the_table(name: str) -> None:
    publisher = DECLARED[name]["config"]["meta"]["publisher"]
    model = PROJECT / "models" / "staging" / publisher / f"stg_{publisher}__{name}.sql"
    assert f"'{name}'" in model.read_text("utf-8")


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart["name"])
def test_a_mart_says_its_grain_and_describes_every_column(mart: dict) -> None:
    assert mart["description"].startswith("One row per")
    assert mart["config"]["meta"]["owner"]
    assert "unique_combination" in mart["data_tests"][0]
    assert all(column["description"] and column["data_type"] for column in mart["columns"])
    if mart["name"].startswith("fct_"):
        names = {column["name"] for column in mart["columns"]}
        assert {"evidence_grade", "is_synthetic", "known_at"} <= names


def test_the_securities_are_the_stocks_and_funds_that_bars_are_asked_for() -> None:
    from orchestration.sources._chart_symbols import HK_FUNDS, OTHER_STOCKS, TECH_STOCKS

    with (PROJECT / "seeds/core/security.csv").open(encoding="utf-8", newline="") as lines:
        seeded = list(csv.DictReader(lines))
    tech = {each["yahoo_symbol"] for each in seeded if each["is_hstech"] == "true"}
    assert tech == set(TECH_STOCKS)
    assert {each["yahoo_symbol"] for each in seeded} - tech == {*HK_FUNDS, *OTHER_STOCKS}


def _declared() -> list[dict]:
    files = [
        *sorted((PROJECT / "models").rglob("*.yml")),
        *sorted((PROJECT / "seeds").rglob("*.yml")),
    ]
    said = [read(file) for file in files]
    return [node for file in said for kind in ("models", "seeds") for node in file.get(kind, [])]


@pytest.mark.parametrize("node", _declared(), ids=lambda node: node["name"])
def test_columns_with_rules_are_held_to_them(node: dict) -> None:
    has_rules = any(
        "rules" in column.get("config", {}).get("meta", {}) for column in node.get("columns", [])
    )
    assert ("columns_hold" in node.get("data_tests", [])) == has_rules
