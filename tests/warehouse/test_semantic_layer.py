"""Metrics are asked of a published snapshot by name; the answer is that of the mart's rows."""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration import calendar
from orchestration.warehouse import DATABASE, environment
from tests.warehouse.conftest import Build
from tests.warehouse.dbt import copied_project
from tests.warehouse.lake_rows import southbound

MF = shutil.which("mf") or shutil.which("mf", path=str(Path(sys.executable).parent))
pytestmark = pytest.mark.skipif(
    MF is None, reason="MetricFlow is not installed; install the extra `semantic`"
)
SESSIONS = [
    day
    for day in calendar.all_sessions("CONNECT")
    if dt.date(2025, 1, 2) <= day <= dt.date(2025, 2, 7)
]


@pytest.fixture(scope="module")
def published(build: Build, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a project whose published file has two channels and two months."""
    from dbt.cli.main import dbtRunner

    flows = [
        southbound(day, channel, "900.00", str(Decimal("850.00") - extra))
        for day in SESSIONS
        for channel, extra in (("SSE", Decimal(0)), ("SZSE", Decimal(5)))
    ]
    warehouse = build({"southbound_daily": flows}, select="+fct_southbound_daily +dim_date")
    folder = tmp_path_factory.mktemp("semantic")
    project = copied_project(folder)
    place = ["--project-dir", str(project), "--profiles-dir", str(project), "--log-level", "none"]
    with environment({"HKFLOW_WAREHOUSE": DATABASE}):
        parsed = dbtRunner().invoke(["-q", "parse", *place])
    assert parsed.success, parsed.exception
    snapshot = folder / "marts.duckdb"
    shutil.copy(warehouse.file, snapshot)
    snapshot.chmod(0o444)
    return {
        "HKFLOW_DBT_TARGET": "published",
        "HKFLOW_PUBLISHED": str(snapshot),
        "DBT_PROFILES_DIR": str(project),
        "PROJECT": str(project),
    }


def asked(published: dict[str, str], *arguments: str) -> list[dict[str, str]]:
    """Return the rows that `mf query` writes."""
    answer = Path(published["PROJECT"]).parent / "answer.csv"
    subprocess.run(
        [str(MF), "query", *arguments, "--csv", str(answer)],
        cwd=published["PROJECT"],
        env=os.environ | published,
        check=True,
        capture_output=True,
        timeout=300,
    )
    with answer.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_net_buy_by_month_counts_each_channel_once(published: dict[str, str]) -> None:
    rows = asked(published, "--metrics", "southbound_net_buy", "--group-by", "metric_time__month")
    months = {row["metric_time__month"][:7]: float(row["southbound_net_buy"]) for row in rows}
    counts = {
        month: sum(day.strftime("%Y-%m") == month for day in SESSIONS)
        for month in ("2025-01", "2025-02")
    }
    assert months == {month: 105.0 * count for month, count in counts.items()}


def test_a_ratio_is_that_of_the_sums(published: dict[str, str]) -> None:
    [row] = asked(published, "--metrics", "southbound_net_buy_share")
    assert float(row["southbound_net_buy_share"]) == pytest.approx(105 / (900 + 850 + 900 + 845))
