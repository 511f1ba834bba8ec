"""The audit between the staged file and its readers: every mart is judged, a failing file is kept.

The judge is handed in, so that nothing here knows the validation library.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from data_lake.files import write_atomically
from orchestration.publishing.build import (
    StagedMart,
    content_sha256,
    count_rows,
    read_mart,
    years_of,
)
from orchestration.publishing.errors import AuditFailed, PublishError
from orchestration.publishing.manifest import NO_DATA, PASSED, Mart, Snapshot

if TYPE_CHECKING:
    import duckdb

_POSITIONS_KEPT = 20
"""Row positions that are written down per failure: what a person reads, not all of them."""


class Verdict(Protocol):
    """What a judge must say about a mart."""

    @property
    def passed(self) -> bool:
        """Return whether the mart may be read."""

    @property
    def reason(self) -> str:
        """Return one sentence on what failed."""

    @property
    def critical(self) -> Sequence[Any]:
        """Return the failures that block, as dataclasses."""

    @property
    def warnings(self) -> Sequence[Any]:
        """Return the failures that do not, as dataclasses."""


Judge = Callable[[pa.Table, Path], Verdict]


@dataclass(frozen=True)
class Audited:
    """All marts of a staged file, and the verdicts of those that may not be read."""

    marts: tuple[Mart, ...]
    failures: dict[str, Verdict]

    @property
    def content_sha256(self) -> str:
        """Return one hash of the content of all marts."""
        digests = "".join(mart.name + mart.content_sha256 for mart in self.marts)
        return hashlib.sha256(digests.encode()).hexdigest()


def audit_marts(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[StagedMart],
    suites: Path,
    judge: Judge,
    base: Snapshot | None = None,
) -> Audited:
    """Hold every mart with rows against its suite.

    A mart that carries on is judged a year at a time, and where it shares the days before its first
    new one with `base`, from the month of that day on, or from its year where that had warnings.

    Raises:
        PublishError: a mart has no suite, or no mart has a row.
    """
    known = {mart.name: mart for mart in base.marts} if base else {}
    found: list[Mart] = []
    failures: dict[str, Verdict] = {}
    for mart in marts:
        suite = suites / f"{mart.name}.json"
        if not suite.is_file():
            raise PublishError(f"mart {mart.name} has no suite; write {suite}")
        before = known.get(mart.name) if mart.first_day else None
        entry, refusal = _audited(connection, mart, before, judge, suite)
        found.append(entry)
        if refusal:
            failures[mart.name] = refusal
    if all(mart.status == NO_DATA for mart in found):
        raise PublishError("no mart has a single row; there is nothing to publish")
    return Audited(tuple(found), failures)


def _audited(
    connection: duckdb.DuckDBPyConnection,
    mart: StagedMart,
    before: Mart | None,
    judge: Judge,
    suite: Path,
) -> tuple[Mart, Verdict | None]:
    """Return a mart's entry in the manifest, and the first verdict that refuses it."""
    first = _first_judged(mart.first_day, before) if mart.first_day and before else None
    parts = _parts_before(before, first) if before and first else {}
    verdicts: dict[str, Verdict] = {}
    for since, rows in _slices(connection, mart, first):
        parts |= _digests(rows, mart.day_column)
        if rows.num_rows:
            verdicts[since] = judge(rows, suite)
    refused = next((each for each in verdicts.values() if not each.passed), None)
    warnings = _warnings(verdicts, before, first)
    count = count_rows(connection, mart)
    entry = Mart(
        name=mart.name,
        schema=mart.schema,
        rows=count,
        content_sha256=_digest_of(parts),
        status=PASSED if count else NO_DATA,
        verdict=_told(refused, warnings, count, first) if count else "no rows to judge",
        warnings=warnings,
        parts=parts if mart.day_column else {},
    )
    return entry, refused


def _first_judged(first_day: dt.date, before: Mart) -> dt.date:
    """Return the beginning of the month, or of a year that was warned of: it is judged as one."""
    years_warned_of = {each.get("since", "")[:4] for each in before.warnings}
    is_warned_of = f"{first_day.year}" in years_warned_of
    return first_day.replace(month=1, day=1) if is_warned_of else first_day.replace(day=1)


def _parts_before(before: Mart, first: dt.date) -> dict[str, str]:
    return {month: digest for month, digest in before.parts.items() if month < f"{first:%Y-%m}"}


def _slices(
    connection: duckdb.DuckDBPyConnection, mart: StagedMart, first: dt.date | None
) -> Iterator[tuple[str, pa.Table]]:
    """Yield rows to judge and since when they are, a year at a time where the mart has days."""
    if mart.day_column is None:
        yield "", read_mart(connection, mart)
        return
    for year in years_of(connection, mart):
        start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
        if first is None or end >= first:
            since = max(start, first or start)
            yield since.isoformat(), read_mart(connection, mart, since, end)


def _digests(rows: pa.Table, day_column: str | None) -> dict[str, str]:
    """Return a hash of the rows of each month, or of all rows under an empty name."""
    if day_column is None:
        return {"": content_sha256(rows)}
    months = pc.floor_temporal(rows[day_column], unit="month")
    return {
        f"{month:%Y-%m}": content_sha256(rows.filter(pc.equal(months, month)))
        for month in sorted(pc.unique(months).to_pylist())
    }


def _digest_of(parts: Mapping[str, str]) -> str:
    if set(parts) == {""}:
        return parts[""]
    named = "".join(part + digest for part, digest in sorted(parts.items()))
    return hashlib.sha256(named.encode()).hexdigest()


def _told(
    refused: Verdict | None, warnings: Sequence[dict[str, Any]], count: int, first: dt.date | None
) -> str:
    """Return one sentence on all verdicts: the gravest failure, or that there is none."""
    if refused:
        return refused.reason
    if warnings:
        others = len(warnings) - 1
        return warnings[0]["message"] + (f" (and {others} more failures)" if others else "")
    known = f", those before {first} by an earlier audit" if first else ""
    return f"all expectations hold for {count:,} rows{known}"


def _warnings(
    verdicts: Mapping[str, Verdict], before: Mart | None, first: dt.date | None
) -> tuple[dict[str, Any], ...]:
    """Return the warnings of all verdicts, and those of days that are not judged again.

    Each says in `since` from which day on the rows were that it is about, where a mart has days.
    """
    new = [
        _plain(each) | ({"since": since} if since else {})
        for since, verdict in verdicts.items()
        for each in verdict.warnings
    ]
    if not before or not first:
        return tuple(new)
    old = [each for each in before.warnings if each.get("since", "") < first.isoformat()]
    return (*old, *new)


def reject(staged: Path, folder: Path, failures: Mapping[str, Verdict]) -> AuditFailed:
    """Move the staged file to a folder beside why it failed; return the error to raise."""
    content = {
        mart: {"reason": verdict.reason, "failures": [_plain(each) for each in verdict.critical]}
        for mart, verdict in failures.items()
    }
    body = json.dumps(content, indent=1, ensure_ascii=False, default=str)
    write_atomically(folder / "failures.json", body.encode())
    shutil.move(staged, folder / staged.name)
    mart, verdict = next(iter(failures.items()))
    others = f"; {len(failures) - 1} more marts failed" if len(failures) > 1 else ""
    return AuditFailed(
        f"mart {mart} failed its audit: {verdict.reason}{others}; readers keep what they had and "
        f"the rejected file is in {folder}"
    )


def _plain(failure: Any) -> dict[str, Any]:
    content = asdict(failure)
    content["unexpected_rows"] = list(content.get("unexpected_rows", ()))[:_POSITIONS_KEPT]
    return content
