"""The marts of the dbt project by their asset keys, as its manifest names them.

It must not import dagster-dbt, nor dbt, whose import costs seconds: a run that builds nothing needs
the keys alone.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import dagster as dg

from orchestration.warehouse import prepared_manifest

_MART_SCHEMAS = ("core", "inflows", "valuations", "sentiment", "claims", "quality")


@cache
def manifest() -> dict[str, Any]:
    """Return the manifest of the dbt project, read once per process."""
    return json.loads(prepared_manifest().read_bytes())


def layer(node: Mapping[str, Any]) -> str:
    """Return the layer of a model; a seed counts as staging."""
    return "staging" if node["resource_type"] == "seed" else str(node["fqn"][1])


def mart_keys() -> dict[str, dg.AssetKey]:
    """Return the asset key of every mart, by the mart's name."""
    return {
        node["name"]: dg.AssetKey([layer(node), node["name"]])
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in _MART_SCHEMAS
    }
