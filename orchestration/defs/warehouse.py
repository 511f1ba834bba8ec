"""The dbt project as Dagster assets and checks: every model an asset, every data test a check."""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtProject,
    dbt_assets,
)
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration.defs.extract import lake_key
from orchestration.defs.marts import layer, manifest
from orchestration.publishing.claims_engine import carry_engine, write_engine
from orchestration.publishing.companions import DOCS
from orchestration.publishing.layout import write_layout
from orchestration.publishing.lineage import is_published, write_lineage
from orchestration.publishing.snapshot import current
from orchestration.settings import settings
from orchestration.sources import feeds
from orchestration.warehouse import staged_file
from orchestration.warehouse_docs import write_docs
from orchestration.warehouse_layout import carried_tables, layout_of
from orchestration.warehouse_steps import build_what_changed


class LayerTranslator(DagsterDbtTranslator):
    """Keys are `<layer>/<model>`, groups are layers, domains are tags."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return `lake/<table>` for sources, `<layer>/<model>` for models and seeds."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(["lake", dbt_resource_props["name"]])
        return dg.AssetKey([layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Return the spec; a model of one publisher depends on what that publisher gives."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        publisher = str(manifest_node(manifest, unique_id)["fqn"][-2])
        deps = [
            lake_key(publisher, dep.asset_key.path[1]) if _is_shared(dep.asset_key) else dep
            for dep in spec.deps
        ]
        return spec.replace_attributes(deps=deps)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the layer of a model."""
        return layer(dbt_resource_props)

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the model's own tags and its domain."""
        tags = dict(super().get_tags(dbt_resource_props))
        if dbt_resource_props["resource_type"] == "model":
            tags["domain"] = str(dbt_resource_props["fqn"][2])
        return tags


def manifest_node(manifest: Mapping[str, Any], unique_id: str) -> Mapping[str, Any]:
    """Return a node or source of the manifest."""
    return manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]


def _is_shared(key: dg.AssetKey) -> bool:
    return key.path[0] == "lake" and len(feeds(key.path[1])) > 1


_TRANSLATOR = LayerTranslator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))


@dbt_assets(manifest=manifest(), dagster_dbt_translator=_TRANSLATOR)
def _described(context: dg.AssetExecutionContext):
    """Carry the specs that dagster-dbt derives from the manifest; it is never run."""


@dg.multi_asset(
    name="build_warehouse",
    specs=list(_described.specs),
    check_specs=list(_described.check_specs),
    can_subset=True,
    required_resource_keys={"options"},
    pool="warehouse",
)
def WAREHOUSE(  # noqa: N802 - a Dagster definition, not a function to call
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Build and test all models in one dbt invocation, into a file that no reader opens.

    A selection narrows what is reported, never what is built: marts are a function of the whole
    lake. Nothing is built where readers already have what this lake and this code give.
    """
    chosen, zones = context.selected_asset_keys, settings().zones
    if is_published(zones):
        unchanged = {"unchanged_since_snapshot": current(zones.snapshots).id}
        for key in _in_order():
            if key in chosen:
                yield dg.MaterializeResult(asset_key=key, metadata=unchanged)
        return
    target = staged_file(zones, context.run_id, context.retry_number)
    write_lineage(target, zones)
    built = build_what_changed(zones, target, carried_tables(manifest()))
    yield from (check for check in _checks(built.results) if check.asset_key in chosen)
    if built.failures:
        raise dg.Failure(built.failures, allow_retries=False)
    write_layout(target, layout_of(manifest(), target, built.first_day, built.base))
    if built.base:
        carry_engine(target, zones.snapshots / built.base)
    else:
        write_engine(target, built.results)
    write_docs(target, target.with_name(DOCS))
    for result in built.results:
        if result.node.resource_type in ("model", "seed"):
            key = _TRANSLATOR.get_asset_key(manifest()["nodes"][result.node.unique_id])
            if key in chosen:
                metadata = {"execution_seconds": result.execution_time}
                yield dg.MaterializeResult(asset_key=key, metadata=metadata)


def _in_order() -> list[dg.AssetKey]:
    """Return the keys of all models and seeds, each after those it is made of."""
    upstream = {spec.key: {dep.asset_key for dep in spec.deps} for spec in _described.specs}
    return [key for key in TopologicalSorter(upstream).static_order() if key in upstream]


def _checks(results: list[Any]) -> Iterator[dg.AssetCheckResult]:
    for result in results:
        key = get_asset_check_key_for_test(manifest(), _TRANSLATOR, result.node.unique_id, None)
        if key is None or key not in _CHECK_KEYS or str(result.status) == "skipped":
            continue
        is_warning = str(result.status) == "warn"
        yield dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=str(result.status) == "pass",
            severity=dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR,
            metadata={"failing_rows": int(result.failures or 0)},
        )


_CHECK_KEYS = {spec.key for spec in _described.check_specs}
