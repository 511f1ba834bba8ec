"""Compiling the engine's models with dbt, without a warehouse: none of them asks it anything."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orchestration.publishing.claims_engine import TAG, is_engine
from orchestration.warehouse import PROJECT


def compiled_models(project: Path = PROJECT) -> tuple[dict[str, str], ...]:
    """Return schema, name and SQL of every model of the engine, each after what it reads."""
    found = _compiled(project, f"tag:{TAG},resource_type:model")
    nodes = {node.unique_id: node for node in found if is_engine(node)}
    return tuple(
        {"schema": nodes[name].schema, "name": nodes[name].alias, "sql": nodes[name].compiled_code}
        for name in _ordered(nodes)
    )


def compiled_history(before: Path | None, project: Path = PROJECT) -> str:
    """Return the SQL of the history of verdicts, added to that of a file."""
    history = "fct_claim_verdict_history"
    found = _compiled(project, history, HKFLOW_VERDICT_HISTORY=str(before or ""))
    return next(str(node.compiled_code) for node in found if node.name == history)


def _compiled(project: Path, select: str, **environment: str) -> list[Any]:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    before = dict(os.environ)
    with TemporaryDirectory() as folder:
        os.environ |= environment | {
            "HKFLOW_WAREHOUSE": str(Path(folder) / "hkflow.duckdb"),
            "DBT_TARGET_PATH": str(Path(folder) / "target"),
            "DBT_LOG_PATH": str(Path(folder) / "logs"),
        }
        try:
            outcome = dbtRunner().invoke(
                [
                    *("-q", "compile", "--no-introspect", "--select", select),
                    *("--project-dir", str(project), "--profiles-dir", str(project)),
                    *("--log-level", "none"),
                ]
            )
        finally:
            DuckDBConnectionManager.close_all_connections()
            os.environ.clear()
            os.environ |= before
    assert outcome.result is not None, outcome.exception
    return [result.node for result in outcome.result.results]


def _ordered(nodes: dict[str, object]) -> list[str]:
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        for needed in nodes[name].depends_on.nodes:  # type: ignore[attr-defined]
            if needed in nodes and needed not in done:
                visit(needed)
        done[name] = None

    for name in sorted(nodes):
        if name not in done:
            visit(name)
    return list(done)
