"""What publishing to PostgreSQL takes: the default snapshot, and one of 2.4 million rows.

`python -m tests.benchmarks.postgres ZONES` measures the snapshot of zones that are there.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, process_time

import duckdb

from orchestration.publishing.catalog import current
from orchestration.publishing.manifest import Snapshot
from orchestration.publishing.postgres.publish import publish
from orchestration.publishing.snapshot import publish as publish_snapshot
from tests.benchmarks.measure import HKFLOW, cost_of
from tests.publishing.postgres.conftest import set_up
from tests.publishing.postgres.server import Server, binary, start
from tests.publishing.staging import FACTS, judge

LARGE_ROWS = 2_400_000
LONGEST = "mart_metric_observations"


def postgres_costs(zones: Path | None = None) -> Iterator[tuple[str, str, str]]:
    """Yield (what, goal, measured) of each measurement; none where no server is installed."""
    if binary("initdb") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        if zones is None:
            zones = root / "zones"
            cost_of(
                (*HKFLOW, "run"),
                {"HKFLOW_LAKE": str(zones), "DAGSTER_HOME": str(root / "dagster")},
            )
        server = start(root / "server")
        try:
            set_up(server)
            small = current(zones / "snapshots")
            for snapshot, goal in ((small, "5 s"), (_enlarged(small, root / "large"), "15 s")):
                what = f"publishing {snapshot.rows:,} rows to PostgreSQL"
                yield what, goal, _measured(snapshot, server)
        finally:
            server.stop()


def _measured(snapshot: Snapshot, server: Server) -> str:
    """Publish twice, so that the server is warm; return the second time's figures."""
    dsn = server.url("hkflow_publisher", "publisher-password", "hkflow")
    for _ in range(2):
        began, cpu = monotonic(), process_time()
        done = publish(snapshot, dsn, again=True)
        cpu = process_time() - cpu
    return f"{monotonic() - began:.1f} s ({cpu:.1f} CPU s here), {done.marts} marts"


def _enlarged(small: Snapshot, folder: Path) -> Snapshot:
    """Publish a snapshot whose longest mart is repeated, under other keys, up to 2.4 M rows."""
    suites, staged = folder / "suites", folder / "staged.duckdb"
    suites.mkdir(parents=True)
    [long] = [mart for mart in small.marts if mart.name == LONGEST]
    times = -(-(LARGE_ROWS - small.rows + long.rows) // long.rows)
    with duckdb.connect(str(staged)) as connection:
        connection.execute(f"ATTACH '{small.database}' AS s (READ_ONLY)")
        for mart in small.marts:
            (suites / f"{mart.name}.json").write_text("{}")
            table = f"{mart.schema}.{mart.name}"
            rows = f"FROM s.{table}"
            if mart.name == LONGEST:
                other = "window_length + 1000 * i"
                rows = (
                    f"SELECT s.* REPLACE (({other})::INTEGER AS window_length) "
                    f"FROM s.{table} AS s, range({times}) AS t(i)"
                )
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {mart.schema}")
            connection.execute(f"CREATE TABLE {table} AS {rows}")
    made = publish_snapshot(staged, folder / "snapshots", suites, FACTS, judge)
    shutil.rmtree(suites)
    return made


if __name__ == "__main__":
    for line in postgres_costs(Path(sys.argv[1])):
        print(" | ".join(line))
