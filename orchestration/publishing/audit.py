"""The audit between the staged file and its readers: every mart is judged, a failing file is kept.

The judge is handed in, so that nothing here knows the validation library.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from data_lake.files import write_atomically
from orchestration.publishing.build import StagedMart, content_sha256, read_mart
from orchestration.publishing.errors import AuditFailed, PublishError
from orchestration.publishing.manifest import NO_DATA, PASSED, Mart

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
    connection: duckdb.DuckDBPyConnection, marts: Sequence[StagedMart], suites: Path, judge: Judge
) -> Audited:
    """Hold every mart with rows against its suite.

    Raises:
        PublishError: a mart has no suite, or no mart has a row.
    """
    found: list[Mart] = []
    failures: dict[str, Verdict] = {}
    for mart in marts:
        suite = suites / f"{mart.name}.json"
        if not suite.is_file():
            raise PublishError(f"mart {mart.name} has no suite; write {suite}")
        rows = read_mart(connection, mart)
        mart_found = Mart(
            mart.name, mart.schema, rows.num_rows, content_sha256(rows), NO_DATA, "no rows to judge"
        )
        if rows.num_rows:
            verdict = judge(rows, suite)
            warnings = tuple(_plain(each) for each in verdict.warnings)
            mart_found = replace(
                mart_found, status=PASSED, verdict=verdict.reason, warnings=warnings
            )
            if not verdict.passed:
                failures[mart.name] = verdict
        found.append(mart_found)
    if all(mart.status == NO_DATA for mart in found):
        raise PublishError("no mart has a single row; there is nothing to publish")
    return Audited(tuple(found), failures)


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
