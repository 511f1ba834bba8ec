"""What `hkflow doctor` shows: the questions it would ask, and what it found. No decisions here."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table as Grid

from orchestration.doctor import Finding
from orchestration.sources.base import Request

_WORDS = {True: "yes", False: "NO", None: "-"}


def print_questions(requests: Sequence[Request], style: str) -> None:
    """Print what a check-up would ask, without asking."""
    asked = [
        {
            "source": request.source,
            "file": request.key,
            "method": request.method,
            "url": request.url,
            "first_session": request.first_session,
            "last_session": request.last_session,
        }
        for request in requests
    ]
    if style == "json":
        _print_json(asked)
        return
    _print_grid(asked)
    click.echo("Nothing was asked. `hkflow doctor --live` asks each of these once.")


def print_findings(findings: Sequence[Finding], style: str) -> None:
    """Print what a check-up found, one line per endpoint, then every problem as a sentence."""
    lines = [
        {
            "source": finding.source,
            "file": finding.key,
            "finding": str(finding.verdict),
            "is_reachable": finding.is_reachable,
            "is_as_expected": finding.is_as_expected,
            "rows": finding.rows,
            "newest": finding.newest,
            "session": finding.session,
        }
        for finding in findings
    ]
    if style == "json":
        _print_json(
            [
                line | {"problem": item.problem, "url": item.url, "is_synthetic": item.is_synthetic}
                for line, item in zip(lines, findings, strict=True)
            ]
        )
        return
    _print_grid(lines)
    for finding in findings:
        if finding.problem:
            click.echo(f"{finding.verdict}: {finding.problem}")
    if any(finding.is_synthetic for finding in findings):
        click.echo("SYNTHETIC answers: a sandbox gave them, not the publishers.")
    fine = sum(finding.is_fine for finding in findings)
    click.echo(f"{fine} of {len(findings)} endpoints are fine; nothing was kept.")


def _print_json(lines: Sequence[Mapping[str, Any]]) -> None:
    click.echo(json.dumps(lines, indent=1, ensure_ascii=False, default=_json_value))


def _json_value(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the answer")


def _print_grid(lines: Sequence[Mapping[str, Any]]) -> None:
    """Print a grid as wide as it needs to be where nobody watches, so that no name is cut."""
    grid = Grid(*(_heading(name) for name in (lines[0] if lines else ())))
    for line in lines:
        grid.add_row(*(_cell(value) for value in line.values()))
    sink = io.StringIO()
    width = None if sys.stdout.isatty() else 10_000
    Console(file=sink, width=width, markup=False, highlight=False).print(grid)
    click.echo(sink.getvalue(), nl=False)


def _heading(name: str) -> str:
    return name.removeprefix("is_").replace("_", " ")


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    return f"{value:,}" if isinstance(value, int) else str(value)
