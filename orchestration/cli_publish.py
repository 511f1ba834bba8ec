"""`hkflow publish`: the current snapshot to where BI tools read it. Thin, as `cli` is."""

from __future__ import annotations

import click

from orchestration.settings import settings


@click.command()
@click.option(
    "--to",
    "target",
    type=click.Choice(["postgres"]),
    required=True,
    help="Where to: the server of HKFLOW_POSTGRES_DSN.",
)
@click.option("--again", is_flag=True, help="Also where readers already have this snapshot.")
@click.option(
    "--keep",
    "kept",
    type=click.IntRange(0, 50),
    default=2,
    show_default=True,
    help="Older versions to leave on the server.",
)
def publish(target: str, again: bool, kept: int) -> None:
    """Publish the current snapshot to PostgreSQL, switched as one; readers notice nothing.

    Needs the extra: .venv/bin/pip install -e '.[bi]'. Setting up the server: docs/bi.md.
    Example: HKFLOW_POSTGRES_DSN=postgresql://... hkflow publish --to postgres
    """
    from orchestration.publishing.errors import PublishError
    from orchestration.publishing.postgres.publish import publish as publish_to_postgres
    from orchestration.publishing.snapshot import current

    configured = settings()
    if not configured.postgres_dsn:
        raise click.UsageError(
            f"--to {target} needs HKFLOW_POSTGRES_DSN; set it as .env.example shows, e.g. "
            "postgresql://hkflow_publisher:PASSWORD@localhost:5432/hkflow"
        )
    try:
        done = publish_to_postgres(
            current(configured.zones.snapshots),
            configured.postgres_dsn,
            schema=configured.postgres_schema,
            reader=configured.postgres_reader,
            kept=kept,
            again=again,
        )
    except PublishError as error:
        raise click.ClickException(str(error)) from None
    for note in done.notes:
        click.echo(f"note: {note}")
    if done.is_unchanged:
        click.echo(
            f"nothing new: readers of the schema {done.schema} already have snapshot "
            f"{done.snapshot_id}; --again publishes it anew"
        )
        return
    click.echo(
        f"published snapshot {done.snapshot_id} to the schema {done.schema}: {done.marts} marts, "
        f"{done.rows:,} rows in {done.seconds:.1f} s; the role {done.reader} may read them"
    )
