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
    new one with `base`, from the month of that day on.

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
    first = mart.first_day.replace(day=1) if mart.first_day and before else None
    parts = _parts_before(before, first) if before and first else {}
    verdicts: list[Verdict] = []
    for rows in _slices(connection, mart, first):
        parts |= _digests(rows, mart.day_column)
        if rows.num_rows:
            verdicts.append(judge(rows, suite))
    count = count_rows(connection, mart)
    entry = Mart(
        name=mart.name,
        schema=mart.schema,
        rows=count,
        content_sha256=_digest_of(parts),
        status=PASSED if count else NO_DATA,
        verdict=_told(verdicts, count, before, first) if count else "no rows to judge",
        warnings=_warnings(verdicts, before),
        parts=parts if mart.day_column else {},
    )
    return entry, next((each for each in verdicts if not each.passed), None)


def _parts_before(before: Mart, first: dt.date) -> dict[str, str]:
    return {month: digest for month, digest in before.parts.items() if month < f"{first:%Y-%m}"}


def _slices(
    connection: duckdb.DuckDBPyConnection, mart: StagedMart, first: dt.date | None
) -> Iterator[pa.Table]:
    """Yield the rows to judge, at most a year of them at a time where the mart has days."""
    if mart.day_column is None:
        yield read_mart(connection, mart)
        return
    for year in years_of(connection, mart):
        start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
        if first is None or end >= first:
            yield read_mart(connection, mart, max(start, first or start), end)


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
    verdicts: Sequence[Verdict], count: int, before: Mart | None, first: dt.date | None
) -> str:
    """Return one sentence on all verdicts: the gravest, or that none has a failure."""
    refused = [each for each in verdicts if not each.passed]
    noted = refused or [each for each in verdicts if each.warnings]
    if noted:
        return noted[0].reason
    if before and first:
        return f"all expectations hold for {count:,} rows, those before {first} by an earlier audit"
    return verdicts[0].reason if len(verdicts) == 1 else f"all expectations hold for {count:,} rows"


def _warnings(verdicts: Sequence[Verdict], before: Mart | None) -> tuple[dict[str, Any], ...]:
    """Return the warnings of all verdicts, and of the days that were judged before."""
    new = [_plain(each) for verdict in verdicts for each in verdict.warnings]
    known = {(each["expectation"], each["column"]) for each in new}
    old = before.warnings if before else ()
    return (*new, *(each for each in old if (each["expectation"], each["column"]) not in known))


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
