"""One multi-asset per source, made by one factory: a new source needs no line here."""

from collections.abc import Iterator

import dagster as dg

from data_lake.files import LakeLockedError
from data_lake.objects import ObjectStoreError
from data_lake.store import StoreError
from data_lake.tables import TABLES
from data_lake.tables.base import Table
from expectations.runner import SuiteError
from orchestration.defs.partitions import MONTHS
from orchestration.defs.resources import RunOptions
from orchestration.extraction.run import Extracted, extract
from orchestration.settings import settings
from orchestration.sources import SOURCES, feeds
from orchestration.sources.base import Source
from orchestration.transport.archive import ArchiveNotFound
from orchestration.transport.base import TransportError

SUITE = "suite"
RETRY = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)
_SHOWN = 5


def lake_key(source: str, table: str) -> dg.AssetKey:
    """Return the asset key of what a source gives to a lake table.

    It is `lake/<table>`, and `lake/<table>/<source>` where several sources feed the table.
    """
    return dg.AssetKey(["lake", table] if len(feeds(table)) == 1 else ["lake", table, source])


def _spec(source: Source, table: Table) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(
            field.name,
            str(field.type),
            description=(field.metadata or {}).get(b"description", b"").decode(),
            constraints=dg.TableColumnConstraints(nullable=field.nullable),
        )
        for field in table.stored_schema
    ]
    return dg.AssetSpec(
        lake_key(source.name, table.name),
        group_name="extract",
        kinds={"python", "parquet"},
        tags={"source": source.name, "evidence_grade": source.evidence_grade},
        description="\n\n".join([table.grain, *table.warnings]),
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=columns),
            "home": dg.MetadataValue.url(source.home),
            "license": source.license,
        },
    )


def extract_assets(source: Source) -> dg.AssetsDefinition:
    """Return the multi-asset that brings a source's tables up to date, month by month."""
    tables = [TABLES[name] for name in source.tables]

    @dg.multi_asset(
        name=f"extract_{source.name}",
        specs=[_spec(source, table) for table in tables],
        check_specs=[
            dg.AssetCheckSpec(SUITE, asset=lake_key(source.name, table.name)) for table in tables
        ],
        partitions_def=MONTHS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=RETRY,
        pool=source.name,
    )
    def body(
        context: dg.AssetExecutionContext, options: RunOptions
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        outcome = _extract(source, context.partition_keys, options)
        yield from _check_results(outcome)
        _raise_for_rejections(outcome, options.strict)
        for table in tables:
            yield _materialized(outcome, table)

    return body


def _extract(source: Source, months: list[str], options: RunOptions) -> Extracted:
    first, last = options.days(months)
    try:
        with options.open() as transport:
            return extract(
                source, first, last, transport, settings().zones, refetch=options.refetch
            )
    except (StoreError, LakeLockedError, ObjectStoreError, SuiteError) as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    except (ArchiveNotFound, OSError) as error:
        raise dg.Failure(f"{source.name}: {error}", allow_retries=False) from None
    except TransportError as error:
        raise dg.Failure(f"{source.name}: {error}") from None


def _check_results(outcome: Extracted) -> Iterator[dg.AssetCheckResult]:
    for table, verdict in outcome.verdicts.items():
        is_warning = verdict.passed and bool(verdict.warnings)
        yield dg.AssetCheckResult(
            asset_key=lake_key(outcome.source, table),
            check_name=SUITE,
            passed=verdict.passed and not verdict.warnings,
            severity=dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR,
            description=verdict.reason,
            metadata={"rows": verdict.rows, "suite": verdict.suite},
        )
    for table in outcome.rows_held.keys() - outcome.verdicts.keys():
        yield dg.AssetCheckResult(
            asset_key=lake_key(outcome.source, table),
            check_name=SUITE,
            passed=True,
            description="no new rows to judge",
        )


def _raise_for_rejections(outcome: Extracted, strict: bool) -> None:
    if outcome.rejections:
        shown = [f"{item.key}: {item.reason}" for item in outcome.rejections[:_SHOWN]]
        more = len(outcome.rejections) - len(shown)
        raise dg.Failure(
            f"{outcome.source}: {len(outcome.rejections)} payloads quarantined. "
            + "; ".join(shown)
            + (f"; and {more} more" if more else ""),
            metadata={"quarantined": [item.key for item in outcome.rejections]},
            allow_retries=False,
        )
    if strict and outcome.missing:
        keys = ", ".join(key for key, _ in outcome.missing[:_SHOWN])
        raise dg.Failure(
            f"{outcome.source}: {len(outcome.missing)} payloads missing ({keys}) and --strict is "
            "set; run without --strict to record them as gaps",
            allow_retries=False,
        )


def _materialized(outcome: Extracted, table: Table) -> dg.MaterializeResult:
    months = outcome.written.get(table.name, [])
    gaps = [gap for gap in outcome.gaps if gap.table == table.name]
    dropped = {why: n for (name, why), n in outcome.dropped.items() if name == table.name}
    return dg.MaterializeResult(
        asset_key=lake_key(outcome.source, table.name),
        metadata={
            "dagster/row_count": outcome.rows_held[table.name],
            "rows_added": sum(month.rows_added for month in months),
            "months_changed": [month.month for month in months if month.is_changed],
            "content_sha256": {month.month: month.sha256 for month in months},
            "missing_sessions": {
                gap.entity or table.name: [day.isoformat() for day in gap.sessions] for gap in gaps
            },
            "rows_left_out": dropped,
            "source": outcome.source,
            "payloads_missing": [key for key, _ in outcome.missing],
            "payloads_superseded": [item.key for item in outcome.superseded],
        },
    )


EXTRACTS = [extract_assets(source) for source in SOURCES]
