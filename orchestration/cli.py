"""`hkflow`: the command line. Thin: every verb reads its options and calls one plain function.

Exit codes: 0 done, 1 the work failed, 2 the command was used wrongly, 3 `verify --fail-on` fired.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from orchestration import printing
from orchestration.cli_publish import publish
from orchestration.cli_report import report
from orchestration.cli_verify import verify
from orchestration.refusals import OneSentence, make_writable, snapshot_at
from orchestration.settings import SettingsError, prepare_environment, settings

AS_OF = "Answer from what could be known at a time, e.g. 2025-02-18T20:00+08:00."
DATE = click.DateTime(formats=["%Y-%m-%d"])
TRANSPORTS = click.Choice(["sandbox", "http", "archive"])


@click.group(
    cls=OneSentence,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="hkflow", prog_name="hkflow")
def main() -> None:
    """Capital flows into Hong Kong tech stocks: extract, build, audit, publish, query."""
    try:
        prepare_environment()
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


@main.command()
@click.option("--from", "first", type=DATE, help="First day, YYYY-MM-DD.  [default: 2024-01-02]")
@click.option("--to", "last", type=DATE, help="Last day, YYYY-MM-DD.  [default: 2025-02-28]")
@click.option("--transport", type=TRANSPORTS, help="How bytes are got.  [default: sandbox]")
@click.option(
    "--archive", type=click.Path(path_type=Path), help="Folder of payloads for --transport archive."
)
@click.option(
    "--select", "selected", metavar="NAMES", help="Sources or lake tables, comma-separated."
)
@click.option("--refetch", is_flag=True, help="Ask again for what landing already holds.")
@click.option("--strict", is_flag=True, help="Fail when a payload is missing.")
@click.option("--as-of", "as_of", metavar="TIME", help=AS_OF)
def run(
    first: dt.datetime | None,
    last: dt.datetime | None,
    transport: str | None,
    archive: Path | None,
    selected: str | None,
    refetch: bool,
    strict: bool,
    as_of: str | None,
) -> None:
    """Extract a range of days, build the marts, audit them and publish a snapshot.

    Without options it runs the sandbox (synthetic data, no network) over the default range.
    Example: hkflow run --from 2025-02-03 --to 2025-02-28 --select hkex_stock_connect
    """
    if as_of:
        if any((first, last, transport, archive, selected, refetch, strict)):
            raise click.UsageError("--as-of builds from what the lake holds; use it alone")
        _build_as_of(as_of)
        return
    from orchestration import progress
    from orchestration.run_request import RunRequest, UsageError

    try:
        request = RunRequest.from_words(
            first.date() if first else None,
            last.date() if last else None,
            transport=transport or settings().transport,
            archive=archive,
            selected=selected,
        )
    except UsageError as error:
        raise click.UsageError(str(error)) from None
    make_writable(settings().zones)
    from orchestration.runs import run_range

    reporter = progress.BarReporter() if sys.stderr.isatty() else progress.LineReporter()
    with progress.reporting(reporter):
        report = run_range(
            request.first,
            request.last,
            request.sources,
            {
                "transport": request.transport,
                "archive": str(request.archive or ""),
                "refetch": refetch,
                "strict": strict,
            },
        )
    printing.print_run(report, settings().zones)
    if not report.succeeded:
        raise SystemExit(1)


class TakesQuery(click.Command):
    """A command whose argument may begin with a comment, as SQL may, and is no option then."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put a blank before what begins like an option and goes on over several lines."""
        names = tuple(f"{name}=" for option in self.params for name in option.opts)
        return super().parse_args(
            ctx,
            [
                f" {word}"
                if word.startswith("--") and "\n" in word and not word.startswith(names)
                else word
                for word in args
            ],
        )


@main.command(cls=TakesQuery)
@click.argument("query")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "parquet"]),
    help="[default: that of the output's suffix, else table]",
)
@click.option("--output", type=click.Path(path_type=Path), help="File to write; default: stdout.")
@click.option("--as-of", "as_of", metavar="TIME", help=AS_OF)
def sql(query: str, style: str | None, output: Path | None, as_of: str | None) -> None:
    """Run a read-only QUERY on the current snapshot; marts may be named without their schema.

    Example: hkflow sql "select * from fct_southbound_daily order by trade_date desc limit 5"
    """
    from orchestration.publishing.errors import PublishError
    from orchestration.publishing.reader import query as answer
    from orchestration.publishing.snapshot import current

    zones, style = settings().zones, style or printing.style_of(output)
    try:
        chosen = snapshot_at(zones, as_of) if as_of else current(zones.snapshots)
        table = answer(chosen, query)
    except PublishError as error:
        raise click.ClickException(str(error)) from None
    try:
        printing.write_rows(table, style, output)
    except OSError as error:
        raise click.ClickException(f"cannot write {output}: {error.strerror}") from None
    if chosen.world == "sandbox":
        click.echo("SYNTHETIC: these figures are invented by the sandbox", err=True)


def _build_as_of(text: str) -> None:
    snapshot = snapshot_at(settings().zones, text)
    click.echo(f"the marts as known at {snapshot.facts['as_of']} are in {snapshot.path}")
    click.echo("what readers get is unchanged; query it with hkflow sql --as-of")


@main.command()
def status() -> None:
    """Show rows, last session and gaps of every table, the snapshot and the quarantine."""
    from data_lake.shared import refresh
    from orchestration.status import quarantined, table_status

    zones = settings().zones
    refresh(zones.root)
    printing.print_status(table_status(zones), quarantined(zones), zones)


@main.command()
@click.option("--live", is_flag=True, help="Really ask; without it, only show what would be asked.")
@click.option(
    "--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def doctor(live: bool, style: str) -> None:
    """Ask every publisher once whether it still answers, in the format read here, up to date.

    One request per kind of file, at the pace of a run; nothing is kept. Exit code 1 tells of a
    problem. HKFLOW_HTTP_BASE_URL asks one server in place of all publishers.
    """
    from orchestration import printing_doctor
    from orchestration.doctor import check_up, live_transport, questions
    from orchestration.sources import SOURCES

    now = dt.datetime.now(dt.UTC)
    if not live:
        asked = [request for source in SOURCES for request in questions(source, now)]
        printing_doctor.print_questions(asked, style)
        return
    with live_transport(settings().http_base_url, settings().contact) as transport:
        findings = check_up(SOURCES, transport, now)
    printing_doctor.print_findings(findings, style)
    if not all(finding.is_fine for finding in findings):
        raise SystemExit(1)


@main.command()
@click.option("--undo", is_flag=True, help="Take back all rollbacks since the last publish.")
def rollback(undo: bool) -> None:
    """Make the snapshot before the current one current again.

    Runs that bring nothing new leave it so; new figures or new code publish a new snapshot.
    """
    from orchestration.publishing.errors import PublishError
    from orchestration.publishing.snapshot import roll_forward
    from orchestration.publishing.snapshot import rollback as roll_back

    try:
        before, now = (roll_forward if undo else roll_back)(settings().zones.snapshots)
    except PublishError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"current snapshot is now {now} (was {before})")


main.add_command(verify)
main.add_command(publish)
main.add_command(report)


@main.group()
def sandbox() -> None:
    """The simulated market that answers as the publishers do (synthetic data)."""


@sandbox.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8765, show_default=True, help="0 picks a free port.")
def serve(host: str, port: int) -> None:
    """Serve the sandbox over HTTP until interrupted.

    Point a run at it with HKFLOW_HTTP_BASE_URL=http://127.0.0.1:8765 hkflow run --transport http
    """
    from orchestration.sandbox.server import run_server

    try:
        run_server(host, port, settings().sandbox_seed)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from None


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def dev(arguments: tuple[str, ...]) -> None:
    """Open the Dagster web UI on this project; ARGUMENTS go to `dagster dev`."""
    import os

    command: list[Any] = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions"]
    os.execv(sys.executable, [*command, *arguments])


if __name__ == "__main__":
    main()
