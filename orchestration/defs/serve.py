"""The snapshot on a PostgreSQL server, as the asset `served/postgres`; only where one is set."""

import dagster as dg

from orchestration.defs.marts import mart_keys
from orchestration.defs.publish import published_key
from orchestration.publishing.errors import PublishError
from orchestration.publishing.postgres.publish import publish
from orchestration.publishing.snapshot import current
from orchestration.settings import settings


@dg.asset(
    key=["served", "postgres"],
    deps=[published_key(mart) for mart in mart_keys()],
    group_name="publish",
    kinds={"postgres"},
    pool="warehouse",
)
def publish_postgres(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """All marts in one schema of a PostgreSQL server, switched as one, for BI tools to read."""
    configured = settings()
    try:
        done = publish(
            current(configured.zones.snapshots),
            configured.postgres_dsn or "",
            schema=configured.postgres_schema,
            reader=configured.postgres_reader,
        )
    except PublishError as error:
        raise dg.Failure(
            f"the snapshot is published, but not to PostgreSQL: {error}", allow_retries=False
        ) from None
    for note in done.notes:
        context.log.warning(note)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": done.rows,
            "snapshot": done.snapshot_id,
            "schema": done.schema,
            "version": done.version,
            "seconds": done.seconds,
            "notes": list(done.notes),
            **({"unchanged_since_snapshot": done.snapshot_id} if done.is_unchanged else {}),
        }
    )


def served() -> list[dg.AssetsDefinition]:
    """Return the assets that bring a snapshot to servers; none where no server is set."""
    return [publish_postgres] if settings().postgres_dsn else []
