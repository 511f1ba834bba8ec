"""The audit of the staged marts and the switch of the snapshot, as assets `published/<mart>`."""

import shutil
from collections.abc import Iterator

import dagster as dg

from expectations.runner import SUITES, SuiteError, validate
from orchestration.defs.marts import mart_keys
from orchestration.publishing.carried import keep
from orchestration.publishing.errors import PublishError
from orchestration.publishing.lineage import is_published, read_lineage
from orchestration.publishing.snapshot import Snapshot, current, publish
from orchestration.report.write import write_report
from orchestration.settings import settings
from orchestration.warehouse import staged_file

SUITE = "suite"


def published_key(mart: str) -> dg.AssetKey:
    """Return the asset key of a published mart."""
    return dg.AssetKey(["published", mart])


@dg.multi_asset(
    name="publish_snapshot",
    specs=[
        dg.AssetSpec(
            published_key(mart),
            deps=[key],
            group_name="publish",
            kinds={"duckdb", "parquet"},
            description=f"{mart} in the current snapshot: audited, read-only, switched as one",
        )
        for mart, key in mart_keys().items()
    ],
    check_specs=[dg.AssetCheckSpec(SUITE, asset=published_key(mart)) for mart in mart_keys()],
    required_resource_keys={"options"},
    pool="warehouse",
)
def publish_snapshot(
    context: dg.AssetExecutionContext,
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Audit what this run built and make it the current snapshot, or keep the old one."""
    snapshot, is_new = _snapshot(context)
    for mart in snapshot.marts:
        yield dg.AssetCheckResult(
            asset_key=published_key(mart.name),
            check_name=SUITE,
            passed=not mart.warnings,
            severity=dg.AssetCheckSeverity.WARN,
            description=mart.verdict,
            metadata={"rows": mart.rows} if is_new else {},
        )
        yield dg.MaterializeResult(
            asset_key=published_key(mart.name),
            metadata={
                "dagster/row_count": mart.rows,
                "snapshot": snapshot.id,
                **({} if is_new else {"unchanged_since_snapshot": snapshot.id}),
            },
        )


def _snapshot(context: dg.AssetExecutionContext) -> tuple[Snapshot, bool]:
    """Return the snapshot that readers now get, and whether this run made it."""
    zones = settings().zones
    staged = staged_file(zones, context.run_id, context.retry_number)
    if not staged.exists() and is_published(zones):
        return current(zones.snapshots), False
    if not staged.exists():
        raise dg.Failure(
            "this run built no warehouse; select the dbt models together with published/*",
            allow_retries=False,
        )
    facts = {"run_id": context.run_id, **read_lineage(staged)}
    try:
        suites = SUITES / "marts"
        made = publish(staged, zones.snapshots, suites, facts, validate, report=write_report)
        keep(staged, made, zones.snapshots)
        return made, True
    except (PublishError, SuiteError) as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    finally:
        shutil.rmtree(staged.parent, ignore_errors=True)
