"""Compiling the engine's models with dbt, without a warehouse: none of them asks it anything."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from orchestration.publishing.claims_engine import TAG, is_engine
from orchestration.warehouse import DATABASE
from tests.warehouse.dbt import Dbt


def compiled_models() -> tuple[dict[str, str], ...]:
    """Return schema, name and SQL of every model of the engine, each after what it reads."""
    found = _compiled(f"tag:{TAG},resource_type:model")
    nodes = {node.unique_id: node for node in found if is_engine(node)}
    return tuple(
        {"schema": nodes[name].schema, "name": nodes[name].alias, "sql": nodes[name].compiled_code}
        for name in _ordered(nodes)
    )


def compiled_history(before: Path | None) -> str:
    """Return the SQL of the history of verdicts, added to that of a file."""
    history = "fct_claim_verdict_history"
    found = _compiled(history, HKFLOW_VERDICT_HISTORY=str(before or ""))
    return next(str(node.compiled_code) for node in found if node.name == history)


def _compiled(select: str, **environment: str) -> list[Any]:
    with TemporaryDirectory() as folder:
        results = Dbt(Path(folder)).invoke(
            *("compile", "--no-introspect", "--select", select),
            **(environment | {"HKFLOW_WAREHOUSE": str(Path(folder) / DATABASE)}),
        )
    return [result.node for result in results]


def _ordered(nodes: dict[str, Any]) -> list[str]:
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        for needed in nodes[name].depends_on.nodes:
            if needed in nodes and needed not in done:
                visit(needed)
        done[name] = None

    for name in sorted(nodes):
        if name not in done:
            visit(name)
    return list(done)
