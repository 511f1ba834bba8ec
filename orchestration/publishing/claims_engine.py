"""`claims-engine.json`: the compiled claims engine beside a snapshot's files.

`hkflow verify claims.yml` runs the SQL of a build of everything over the snapshot's marts. This
module takes it from dbt's results and lays it down; running it is `orchestration.claims`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.manifest import Snapshot, is_damaged

ENGINE = "claims-engine.json"
TAG = "claims_engine"


def write_engine(staged: Path, results: Iterable[Any]) -> Path | None:
    """Write the engine beside a staged file from the results of dbt that built it.

    The models of tag `claims_engine` come in the order of the build. Seeds they read come with
    their rows, other models by name: those are marts. Returns None where no model has the tag.

    Raises:
        duckdb.Error: the staged file lacks a seed that dbt says it built.
    """
    nodes = {result.node.unique_id: result.node for result in results}
    models = [node for node in nodes.values() if is_engine(node)]
    if not models:
        return None
    own = {node.unique_id for node in models}
    read = [nodes[name] for name in dict.fromkeys(_read_by(models)) if name not in own]
    seeds = [node for node in read if node.resource_type == "seed"]
    marts = [node for node in read if node.resource_type == "model"]
    with duckdb.connect(str(staged), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        tables = [_name(node) | _content(connection, node) for node in seeds]
    plan = {
        "catalog": models[0].database,
        "models": [_name(node) | _query(node) for node in models],
        "tables": tables,
        "marts": [_name(node) for node in marts],
    }
    path = staged.with_name(ENGINE)
    path.write_text(json.dumps(plan, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def carry_engine(staged: Path, snapshot: Path) -> None:
    """Lay the engine of the snapshot that a build went on from beside its staged file.

    The same code and seeds make the same engine, and that of a full build goes over all figures, as
    a reader's run must: the build that goes on reads the changed ones alone.

    Raises:
        OSError: the snapshot has no engine.
    """
    shutil.copyfile(snapshot / ENGINE, staged.with_name(ENGINE))


def has_engine(snapshot: Snapshot) -> bool:
    """Return whether a snapshot has an engine that is as it was published."""
    return ENGINE in snapshot.files and not is_damaged(snapshot, ENGINE)


def is_engine(node: Any) -> bool:
    """Return whether a node of dbt's results is a model of the engine."""
    return node.resource_type == "model" and TAG in node.tags


def _read_by(models: Iterable[Any]) -> Iterator[str]:
    for node in models:
        yield from (name for name in node.depends_on.nodes if not name.startswith("test."))


def _name(node: Any) -> dict[str, Any]:
    return {"schema": node.schema, "name": node.alias}


def _query(node: Any) -> dict[str, Any]:
    """Return the SQL of a model, and the types its contract casts the columns to."""
    columns = node.columns.values() if node.config.contract.enforced else ()
    typed = [{"name": column.name, "type": column.data_type} for column in columns]
    return {"sql": node.compiled_code, "columns": typed}


def _content(connection: duckdb.DuckDBPyConnection, node: Any) -> dict[str, Any]:
    table = f'"{node.schema}"."{node.alias}"'
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    rows = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {table} ORDER BY ALL").fetchall()
    columns = [{"name": name, "type": kind} for name, kind, *_ in described]
    return {"columns": columns, "rows": [list(row) for row in rows]}
