"""What a user asked a run to do, checked before any work begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from orchestration.extraction.run import default_range
from orchestration.sources import SOURCES, feeds

EARLIEST = dt.date(2014, 11, 17)
"""First session of Stock Connect; nothing here reaches further back."""


class UsageError(Exception):
    """The command was used wrongly; the message says what to write instead."""


@dataclass(frozen=True)
class RunRequest:
    """A checked request: a range of days, sources by name, and where bytes come from."""

    first: dt.date
    last: dt.date
    sources: tuple[str, ...]
    transport: str
    archive: Path | None

    @classmethod
    def from_words(
        cls,
        first: dt.date | None,
        last: dt.date | None,
        *,
        transport: str,
        archive: Path | None,
        selected: str | None,
    ) -> RunRequest:
        """Return the request that a user's words make.

        Raises:
            UsageError: the range is empty, too early or in the future, a name is no source or
                table, or the archive does not fit the transport or does not exist.
        """
        from_day, to_day = _range(first, last)
        if archive is not None and transport != "archive":
            raise UsageError("--archive goes with --transport archive; add it, or drop --archive")
        if archive is not None and not archive.is_dir():
            raise UsageError(f"the archive folder {archive} does not exist")
        return cls(from_day, to_day, _sources(selected), transport, archive)


def _range(first: dt.date | None, last: dt.date | None) -> tuple[dt.date, dt.date]:
    usual_first, usual_last = default_range()
    if first is None and last is not None and last < usual_first:
        raise UsageError(
            f"--to {last} is before {usual_first}, where a run begins; give --from too"
        )
    from_day = first or usual_first
    to_day = last or (max(usual_last, from_day) if first is None else _default_end(from_day))
    if from_day > to_day:
        raise UsageError(f"--from {from_day} is after --to {to_day}; swap them")
    if from_day < EARLIEST:
        raise UsageError(f"--from {from_day} is before {EARLIEST}, the first day data exist for")
    if from_day > dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1):
        raise UsageError(f"--from {from_day} is in the future")
    return from_day, to_day


def _default_end(from_day: dt.date) -> dt.date:
    _, usual_last = default_range()
    return usual_last if from_day <= usual_last else dt.datetime.now(dt.UTC).date()


def _sources(selected: str | None) -> tuple[str, ...]:
    everything = tuple(source.name for source in SOURCES)
    if selected is None:
        return everything
    by_table = {table: feeds(table) for source in SOURCES for table in source.tables}
    chosen = []
    for word in (part.strip() for part in selected.split(",")):
        if word not in everything and word not in by_table:
            raise UsageError(
                f"{word!r} is no source and no lake table; sources: {', '.join(everything)}; "
                f"tables: {', '.join(sorted(by_table))}"
            )
        chosen += [word] if word in everything else [source.name for source in by_table[word]]
    return tuple(dict.fromkeys(chosen))
