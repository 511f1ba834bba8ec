"""`hkflow report`: names, opens or writes the report of a snapshot. Thin, as `cli` is."""

from __future__ import annotations

from pathlib import Path

import click

from orchestration.settings import settings


@click.command()
@click.option("--open", "is_opened", is_flag=True, help="Open it in the browser.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it anew to this file, which can be sent on: it needs nothing beside it.",
)
@click.option(
    "--as-of", "as_of", metavar="TIME", help="As known at a time, e.g. 2025-02-18T20:00+08:00."
)
def report(is_opened: bool, output: Path | None, as_of: str | None) -> None:
    """Name the report of the current snapshot: one HTML file that answers five questions.

    Who is buying, is it dear, is it overheated, what was claimed, can it be trusted.
    Example: hkflow report --open
    """
    from orchestration.publishing.errors import PublishError
    from orchestration.publishing.snapshot import current
    from orchestration.refusals import snapshot_at
    from orchestration.report import REPORT
    from orchestration.report.write import write_report

    zones = settings().zones
    try:
        snapshot = snapshot_at(zones, as_of) if as_of else current(zones.snapshots)
        path = write_report(snapshot, output) if output else snapshot.path / REPORT
    except PublishError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from None
    if not path.is_file():
        raise click.ClickException(
            f"snapshot {snapshot.id} was published without a report; write one with "
            "hkflow report --output report.html"
        )
    click.echo(path)
    if is_opened and click.launch(str(path)):
        raise click.ClickException(f"no browser could be started; open {path} by hand")
