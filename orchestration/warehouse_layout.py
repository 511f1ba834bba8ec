"""What dbt's manifest says of the marts to those who publish them: keys, days, what is new.

Building is `orchestration.warehouse`, publishing `orchestration.publishing`. A model that carries
on names its day in `config.meta.day_column`: see the project's `macros/carried.sql`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from data_lake.tables import TABLES
from data_lake.tables.base import Table
from orchestration.publishing.lake_days import NO_DAY
from orchestration.publishing.layout import Layout

Manifest = Mapping[str, Any]


def carried_tables(manifest: Manifest) -> list[Table]:
    """Return the lake tables that models which carry on are made of.

    Not those behind a model that finds out for itself what changed in the marts it reads.
    """
    waiting = [
        name
        for name, node in _models(manifest)
        if "day_column" in _meta(node) and "changes" not in _meta(node)
    ]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += manifest["parent_map"].get(name, [])
    names = {manifest["sources"][each]["name"] for each in seen if each in manifest["sources"]}
    return [table for name, table in sorted(TABLES.items()) if name in names]


def layout_of(
    manifest: Manifest, staged: Path, first_day: dt.date | None, base: str | None
) -> Layout:
    """Return how the marts of a built file are laid out.

    `first_day` is the first day that the build made anew, None where it made everything; `base` is
    the snapshot that it went on from.
    """
    days = {
        node["name"]: _meta(node)["day_column"]
        for _, node in _models(manifest)
        if "day_column" in _meta(node)
    }
    firsts: dict[str, dt.date] = {}
    for _, node in _models(manifest):
        if first_day and "changes" in _meta(node):
            firsts[node["name"]] = _first_change(manifest, staged, _meta(node)["changes"])
        elif first_day and "day_column" in _meta(node):
            sooner = dt.timedelta(days=_meta(node).get("days_before", 0))
            firsts[node["name"]] = first_day - sooner
    return Layout(dict(_keys(manifest)), days, firsts, base if first_day else None)


def _models(manifest: Manifest) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, node in manifest["nodes"].items():
        if node["resource_type"] == "model":
            yield name, node


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    return node["config"].get("meta", {})


def _keys(manifest: Manifest) -> Iterator[tuple[str, list[str]]]:
    """Yield each model with a tested key, what it is about first and its days last."""
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        if test.get("name") == "unique_combination":
            model = manifest["nodes"][node["attached_node"]]
            types = {name: column["data_type"] for name, column in model["columns"].items()}
            columns = test["kwargs"]["columns"]
            yield model["name"], sorted(columns, key=lambda name: types.get(name) == "date")


def _first_change(manifest: Manifest, staged: Path, model: str) -> dt.date:
    relation = next(node["relation_name"] for _, node in _models(manifest) if node["name"] == model)
    with duckdb.connect(str(staged), read_only=True) as connection:
        query = f"SELECT min(first_period_end) FROM {relation}"
        return connection.execute(query).fetchall()[0][0] or NO_DAY
