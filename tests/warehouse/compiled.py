"""The project compiled once and then run as plain SQL: what a test of a model's figures needs.

dbt spends twenty times on a node what DuckDB spends on its SQL. So its statements are compiled
once, on a lake whose tables are all there and empty, and a test runs those it selects on a lake
of its own. What dbt itself adds (contracts, comments, hooks) is in `test_empty_lake.py`.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from data_lake.files import exclusive_lock
from data_lake.tables import TABLES
from tests.warehouse.dbt import DATABASE, Dbt, Warehouse

ASKED_AS_OF = "1999-12-31T23:59:59+00:00"
"""Stands in the statements for the date that a test asks about."""
_COMPILING_TIMEOUT_SECONDS = 300.0


@dataclass(frozen=True)
class Statement:
    """One node of the project, compiled."""

    name: str
    kind: str
    """What it makes: a table, a view, a seed, or a test."""
    folder: str
    schema: str
    sql: str
    reads: list[str]
    severity: str = ""


class CompiledProject:
    """The statements of the project in an order in which they can run, and its seeds loaded."""

    def __init__(self, folder: Path) -> None:
        """Compile into a folder that several processes may share, unless one of them has."""
        self._folder = folder
        self._lake = folder / "lake"
        self._statements: dict[bool, list[Statement]] = {}
        folder.mkdir(exist_ok=True)
        with exclusive_lock(folder / ".lock", _COMPILING_TIMEOUT_SECONDS):
            if not self._kept(is_dated=True).exists():
                self._compile()
        for is_dated in (False, True):
            kept = json.loads(self._kept(is_dated=is_dated).read_bytes())
            self._statements[is_dated] = [Statement(**each) for each in kept]

    def build(self, place: Path, lake: Path, as_of: str = "", select: str = "") -> Warehouse:
        """Make the models that are selected, and run the tests that read nothing else.

        `select` has names, `+name` and `+path:folder` as dbt knows them; seeds are always there.
        """
        filled = [each.name for each in lake.iterdir() if any(each.glob("*/*.parquet"))]
        chosen = _selected(self._statements[bool(as_of)], select.split())
        shutil.copy(self._folder / DATABASE, place / DATABASE)
        built = Warehouse(place / DATABASE, {}, {})
        with duckdb.connect(str(built.file)) as connection:
            connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
            for each in chosen:
                sql = each.sql.replace(ASKED_AS_OF, as_of)
                for name in filled:
                    sql = sql.replace(f"{self._lake}/{name}/", f"{lake}/{name}/")
                status, message = _done(connection, each, sql)
                built.statuses[each.name], built.messages[each.name] = status, message
        return built

    def _kept(self, *, is_dated: bool) -> Path:
        return self._folder / f"statements_{'as_of' if is_dated else 'now'}.json"

    def _compile(self) -> None:
        for name, table in TABLES.items():
            file = self._lake / name / "month=none" / "none.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(table.stored_schema.empty_table(), file)
        dbt = Dbt(self._folder)
        place = {
            "HKFLOW_WAREHOUSE": str(self._folder / DATABASE),
            "HKFLOW_LAKE_TABLES": str(self._lake),
        }
        seeds = dbt.invoke("seed", **place)
        assert [str(each.status) for each in seeds] == ["success"] * len(seeds)
        for is_dated, as_of in ((False, ""), (True, ASKED_AS_OF)):
            results = dbt.invoke(
                *("compile", "--exclude", "resource_type:unit_test"),
                **(place | {"HKFLOW_AS_OF": as_of}),
            )
            statements = [asdict(_statement(node)) for node in _ordered(results)]
            self._kept(is_dated=is_dated).write_text(json.dumps(statements), encoding="utf-8")


def _ordered(results: list[Any]) -> list[Any]:
    nodes = {result.node.unique_id: result.node for result in results}
    graph = {
        name: [each for each in node.depends_on.nodes if each in nodes]
        for name, node in nodes.items()
        if hasattr(node.depends_on, "nodes")
    }
    # A test runs before what reads the model it tests, as it would fail before.
    return [nodes[name] for name in TopologicalSorter(graph).static_order() if name in nodes]


def _statement(node: Any) -> Statement:
    is_model = node.resource_type == "model"
    return Statement(
        name=node.name,
        kind=_relation(node.config.materialized) if is_model else str(node.resource_type),
        folder=str(Path(node.original_file_path).parent),
        schema=node.schema,
        sql=str(getattr(node, "compiled_code", "") or ""),
        reads=[
            each.split(".")[2]
            for each in getattr(node.depends_on, "nodes", [])
            if each.startswith("model.")
        ],
        severity=str(getattr(node.config, "severity", "")).lower(),
    )


def _relation(materialized: str) -> str:
    """Return what a build of everything makes of a model: a model that carries on is a table."""
    return "table" if materialized == "incremental" else materialized


def _selected(statements: list[Statement], words: list[str]) -> list[Statement]:
    models = {each.name: each for each in statements if each.kind in ("table", "view")}
    known = models.keys() | {each.name for each in statements}
    chosen = set() if words else set(models)
    for word in words:
        wanted = word.removeprefix("+")
        if wanted.startswith("path:"):
            folder = wanted.removeprefix("path:")
            names = {each.name for each in models.values() if f"{each.folder}/".startswith(folder)}
        else:
            assert wanted in known, f"the project has no {wanted}"
            names = {wanted} & models.keys()
        assert names or wanted in known, f"nothing is in {wanted}"
        chosen |= _with_what_they_read(names, models) if word.startswith("+") else names
    return [
        each
        for each in statements
        if each.name in chosen or (each.kind == "test" and each.reads and chosen >= set(each.reads))
    ]


def _with_what_they_read(names: set[str], models: dict[str, Statement]) -> set[str]:
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(models[name].reads) - found
    return found


def _done(connection: duckdb.DuckDBPyConnection, statement: Statement, sql: str) -> tuple[str, str]:
    try:
        if statement.kind == "test":
            [(count,)] = connection.execute(f"SELECT count(*) FROM ({sql}\n)").fetchall()
            failed = "warn" if statement.severity == "warn" else "fail"
            return (failed if count else "pass"), f"Got {count} results"
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {statement.schema}")
        connection.execute(f"CREATE {statement.kind} {statement.schema}.{statement.name} AS {sql}")
    except duckdb.Error as error:
        return "error", str(error)
    return "success", "OK"
