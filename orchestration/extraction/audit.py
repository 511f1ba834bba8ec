"""The suites in the data's way: which payloads may reach the lake, and the quarantine of the rest.

It asks `expectations.runner` for verdicts; thresholds live in `expectations/suites`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_lake.files import write_atomically
from data_lake.merge import FETCHED_AT
from expectations.runner import SUITES, Verdict, validate

LAKE_SUITES = SUITES / "lake"
_TIMES = ("published_at", "known_at")


@dataclass(frozen=True)
class Audit:
    """Verdicts by table over the rows that passed, and the payloads (by hash) that did not."""

    verdicts: dict[str, Verdict]
    frames: dict[str, pa.Table]
    failures: dict[str, Verdict]
    rejected: dict[str, str]


def audit(frames: dict[str, pa.Table]) -> Audit:
    """Judge the rows of one source, table by table, and drop every payload with a critical failure.

    A file that is wrong in one place is trusted in none: all rows of a failing payload go. Where
    the rows fail together although each payload passes alone, the whole table goes.
    """
    rejected: dict[str, str] = {}
    failures: dict[str, Verdict] = {}
    judged = {name: _each_body_once(rows) for name, rows in frames.items() if rows.num_rows}
    verdicts = {name: _verdict(name, rows) for name, rows in judged.items()}
    for name, verdict in verdicts.items():
        if verdict.passed:
            continue
        failures[name] = verdict
        culprits = _named(verdict, judged[name]) or _culprits(name, judged[name])
        everything = dict.fromkeys(_payloads(frames[name]), verdict.reason)
        rejected |= {sha: f"{name}: {why}" for sha, why in (culprits or everything).items()}
    if not rejected:
        return Audit(verdicts, frames, failures, rejected)
    bad = pa.array(list(rejected), pa.string())
    good = {
        name: rows.filter(pc.invert(pc.is_in(rows["payload_sha256"], value_set=bad)))
        for name, rows in frames.items()
    }
    again = audit(good)
    return Audit(again.verdicts, again.frames, failures | again.failures, rejected | again.rejected)


def quarantine(
    zone: Path, source: str, frames: dict[str, pa.Table], rejected: dict[str, str]
) -> list[Path]:
    """Keep the rows of rejected payloads, and why, under `<zone>/<source>/<payload>/`."""
    kept = []
    for sha, reason in rejected.items():
        folder = zone / source / sha[:12]
        for name, rows in frames.items():
            of_payload = rows.filter(pc.equal(rows["payload_sha256"], sha))
            if of_payload.num_rows:
                sink = io.BytesIO()
                pq.write_table(of_payload, sink, compression="zstd")
                write_atomically(folder / f"{name}.parquet", sink.getvalue())
        record = {"payload_sha256": sha, "reason": reason, "at": dt.datetime.now(dt.UTC)}
        content = json.dumps(record, default=str, indent=1, ensure_ascii=False)
        write_atomically(folder / "reason.json", content.encode())
        kept.append(folder)
    return kept


def _each_body_once(rows: pa.Table) -> pa.Table:
    """Leave out the rows of a body that came back after another one: they are the same rows."""
    bodies = rows.select(["payload_sha256", FETCHED_AT]).group_by(["payload_sha256"])
    spread = bodies.aggregate([(FETCHED_AT, "min"), (FETCHED_AT, "max")])
    if spread[f"{FETCHED_AT}_min"].equals(spread[f"{FETCHED_AT}_max"]):
        return rows
    import duckdb

    same = [name for name in rows.column_names if name not in (FETCHED_AT, *_TIMES)]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("bodies", rows.append_column("row", pa.array(range(rows.num_rows))))
        first = connection.execute(
            f'select "row" from bodies qualify {FETCHED_AT} = '
            f'min({FETCHED_AT}) over (partition by {", ".join(same)}) order by "row"'
        ).to_arrow_table()
    return rows.take(first["row"])


def _verdict(name: str, rows: pa.Table) -> Verdict:
    return validate(rows.drop_columns([FETCHED_AT]), LAKE_SUITES / f"{name}.json")


def _payloads(rows: pa.Table) -> list[str]:
    return pc.unique(rows["payload_sha256"]).to_pylist()


def _named(verdict: Verdict, rows: pa.Table) -> dict[str, str]:
    """Return the payloads of the rows that the verdict points at, if it points at any."""
    shas = rows["payload_sha256"]
    return {
        shas[row].as_py(): failure.message
        for failure in verdict.critical
        for row in failure.unexpected_rows
    }


def _culprits(name: str, rows: pa.Table) -> dict[str, str]:
    culprits = {}
    for sha in _payloads(rows):
        verdict = _verdict(name, rows.filter(pc.equal(rows["payload_sha256"], sha)))
        if not verdict.passed:
            culprits[sha] = verdict.reason
    return culprits
