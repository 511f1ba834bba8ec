"""Telling people how far long work is: bars on a terminal, plain lines elsewhere.

A run sets one reporter; the work asks for `current()`. No other output goes through here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn


class Reporter(Protocol):
    """Something that can show the progress of named steps."""

    def start(self, step: str, total: int | None) -> None:
        """Begin a step of `total` units; None where the number is not known."""

    def advance(self, step: str) -> None:
        """Count one unit of a step."""

    def finish(self, step: str, note: str) -> None:
        """End a step and say what came of it."""


class SilentReporter:
    """Shows nothing."""

    def start(self, step: str, total: int | None) -> None:
        """Do nothing."""

    def advance(self, step: str) -> None:
        """Do nothing."""

    def finish(self, step: str, note: str) -> None:
        """Do nothing."""


class LineReporter:
    """Writes one line to standard error when a step ends."""

    def start(self, step: str, total: int | None) -> None:
        """Do nothing: the end of the step is what a log wants."""

    def advance(self, step: str) -> None:
        """Do nothing."""

    def finish(self, step: str, note: str) -> None:
        """Write the step and its note."""
        print(f"{step}: {note}", file=sys.stderr, flush=True)


class BarReporter:
    """Draws rich bars on a terminal; a finished step stays as a line."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def start(self, step: str, total: int | None) -> None:
        """Draw a bar."""
        self._bars.start()
        self._tasks[step] = self._bars.add_task(step, total=total)

    def advance(self, step: str) -> None:
        """Move a bar on."""
        self._bars.advance(self._tasks[step])

    def finish(self, step: str, note: str) -> None:
        """Replace a bar by a line."""
        self._bars.remove_task(self._tasks.pop(step))
        if not self._tasks:
            self._bars.stop()
        self._console.print(f"[green]done[/] {step}: {note}", highlight=False)


_current: Reporter = SilentReporter()


def current() -> Reporter:
    """Return the reporter of this run."""
    return _current


@contextmanager
def reporting(reporter: Reporter) -> Iterator[None]:
    """Use a reporter for the work inside the block."""
    global _current  # noqa: PLW0603 - one run per process shows its progress
    before, _current = _current, reporter
    try:
        yield
    finally:
        _current = before
