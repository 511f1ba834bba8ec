"""What the command line shows: run summaries, status and query results. No decisions here."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pyarrow as pa
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from orchestration.report import REPORT

if TYPE_CHECKING:
    from data_lake.zones import Zones
    from orchestration.runs import RunReport
    from orchestration.status import Quarantined, TableStatus

_SHOWN = 3


def print_run(report: RunReport, zones: Zones) -> None:
    """Print what a run read, published and missed, and what to try next."""
    console = Console(highlight=False)
    if report.tables:
        grid = Grid("lake table", "rows", "added", "sessions missing", "rows left out")
        for name, item in sorted(report.tables.items()):
            missing = sum(len(days) for days in item.missing_sessions.values())
            left_out = "; ".join(f"{n} ({why})" for why, n in item.rows_left_out.items())
            grid.add_row(name, f"{item.rows:,}", f"{item.rows_added:,}", f"{missing:,}", left_out)
        console.print(grid)
    if report.marts:
        grid = Grid("published mart", "rows")
        for name, rows in sorted(report.marts.items()):
            grid.add_row(name, f"{rows:,}" if rows else "no data")
        console.print(grid)
    for source, keys in sorted(report.payloads_missing.items()):
        shown = ", ".join(keys[:_SHOWN]) + (" ..." if len(keys) > _SHOWN else "")
        console.print(f"[yellow]gap[/] {source}: {len(keys)} payloads missing: {escape(shown)}")
    for warning in report.warnings:
        console.print(f"[yellow]warning[/] {escape(warning)}")
    for failure in report.failures:
        console.print("[red]failed[/]", escape(failure), soft_wrap=True)
    console.print(_closing(report, zones), soft_wrap=True, markup=False)


def _closing(report: RunReport, zones: Zones) -> str:
    if not report.succeeded and report.snapshot is not None:
        return f"{_published(report, zones)}\nWhat came after failed, as said above."
    if not report.succeeded:
        kept = f"The run failed; {_still_current(zones)}."
        if not any("quarantined" in failure for failure in report.failures):
            return kept
        return f"{kept} `hkflow status` shows what is quarantined; `--refetch` asks again."
    return f"{_published(report, zones)}\nTry: hkflow status{_example(report)}"


def _still_current(zones: Zones) -> str:
    from orchestration.publishing.pointer import current_id

    snapshot = current_id(zones.snapshots)
    return f"readers keep snapshot {snapshot}" if snapshot else "nothing was published before it"


def _example(report: RunReport) -> str:
    """Return a query that answers something, where any mart of a publisher's figures has rows."""
    dated = [name for name, rows in report.marts.items() if rows and name.endswith("_daily")]
    if not dated:
        return ""
    mart = next((name for name in dated if name == "fct_southbound_daily"), min(dated))
    return f'   or   hkflow sql "select * from {mart} order by trade_date desc limit 5"'


def _published(report: RunReport, zones: Zones) -> str:
    from orchestration.publishing.snapshot import rolled_away

    if not report.is_unchanged:
        folder = zones.snapshots / "current"
        return f"Published snapshot {report.snapshot} in {folder}\nReport: {folder / REPORT}"
    news = f"Nothing new; readers keep snapshot {report.snapshot} in {zones.snapshots / 'current'}"
    for newer in rolled_away(zones.snapshots)[:1]:
        news += f"\n{_rolled_back(newer.id)}"
    return news


def _rolled_back(snapshot_id: str) -> str:
    return (
        f"{snapshot_id} was rolled back: what it held stays away until there is something new, or "
        "until `hkflow rollback --undo`."
    )


def print_status(
    tables: Sequence[TableStatus], quarantined: Sequence[Quarantined], zones: Zones
) -> None:
    """Print the extent and gaps of every table, the current snapshot and the quarantine."""
    from data_lake.shared import place_of
    from data_lake.store import LakeStore
    from orchestration.publishing.errors import PublishError
    from orchestration.publishing.snapshot import current, rolled_away

    console = Console(highlight=False)
    world = LakeStore(zones.lake).world() or "empty"
    synthetic = " (SYNTHETIC figures, invented by the sandbox)" if world == "sandbox" else ""
    place = place_of(zones.root)
    lake = f"{place}/lake (copied to {zones.lake})" if place else zones.lake
    console.print(f"lake {lake}: {world}{synthetic}", soft_wrap=True, markup=False)
    grid = Grid("lake table", "rows", "first", "last", "sessions missing")
    for item in tables:
        grid.add_row(
            item.table, f"{item.rows:,}", str(item.first or "-"), str(item.last or "-"), _gaps(item)
        )
    console.print(grid)
    try:
        snapshot = current(zones.snapshots)
    except PublishError as error:
        console.print(f"snapshot: {error}", soft_wrap=True, markup=False)
    else:
        console.print(f"snapshot: {snapshot.id} ({len(snapshot.marts)} marts)")
        for newer in rolled_away(zones.snapshots)[:1]:
            console.print(_rolled_back(newer.id), soft_wrap=True, markup=False)
    still_bad = [item for item in quarantined if not item.is_healed]
    healed = len(quarantined) - len(still_bad)
    note = f" (and {healed} whose files were accepted since)" if healed else ""
    console.print(f"quarantined payloads: {len(still_bad)}{note}")
    for refused in still_bad[-_SHOWN:]:
        console.print(f"  {refused.source}: {refused.reason}", markup=False, soft_wrap=True)


def _gaps(item: TableStatus) -> str:
    total = sum(len(gap.sessions) for gap in item.gaps)
    if not total:
        return "none" if item.rows else "-"
    days = [day for gap in item.gaps for day in gap.sessions]
    shown = ", ".join(sorted({day.isoformat() for day in days})[:_SHOWN])
    return f"{total}: {shown}{' ...' if total > _SHOWN else ''}"


def style_of(output: Path | None) -> str:
    """Return the format that a file's suffix names; `table` for text and where there is none.

    Raises:
        click.BadParameter: it names a format that we do not write.
    """
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    if suffix in ("", "txt"):
        return "table"
    if suffix not in ("csv", "json", "parquet"):
        raise click.BadParameter(
            f"{output}: what ends in .{suffix} is not written; name it .csv, .json, .parquet or "
            ".txt, or say which with --format",
            param_hint="'--output'",
        )
    return suffix


def write_rows(rows: pa.Table, style: str, output: Path | None) -> None:
    """Write query results as a table, CSV, JSON lines' array or Parquet."""
    if style == "parquet":
        import pyarrow.parquet as pq

        sink = io.BytesIO()
        pq.write_table(rows, sink)
        content = sink.getvalue()
    else:
        content = _text(rows, style).encode()
    if output is not None:
        output.write_bytes(content)
        click.echo(f"{rows.num_rows} rows written to {output}", err=True)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _text(rows: pa.Table, style: str) -> str:
    columns = [column.to_pylist() for column in rows.columns]
    lines = list(zip(*columns, strict=True))
    if style == "json":
        records = [dict(zip(rows.column_names, line, strict=True)) for line in lines]
        return json.dumps(records, default=str, indent=1, ensure_ascii=False) + "\n"
    sink = io.StringIO()
    if style == "csv":
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(rows.column_names)
        writer.writerows([_csv_cell(value) for value in line] for line in lines)
        return sink.getvalue()
    grid = Grid(*(escape(name) for name in rows.column_names))
    for line in lines:
        grid.add_row(*("" if value is None else escape(str(value)) for value in line))
    width = None if sys.stdout.isatty() else 10_000
    Console(file=sink, width=width).print(grid)
    return sink.getvalue()


def _csv_cell(value: Any) -> Any:
    """Keep a spreadsheet from running a text cell as a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
