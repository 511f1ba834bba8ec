"""docs/superset.md run as it stands: Superset installed, set up, started, provisioned and asked."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.publishing.catalog import current
from orchestration.publishing.postgres.publish import publish
from orchestration.publishing.reader import query
from orchestration.settings import PROJECT_ROOT
from tests.acceptance.conftest import MODELS_ALONE, House, dagster_home
from tests.publishing.postgres.conftest import server
from tests.publishing.postgres.server import free_port

__all__ = ["dagster_home", "server"]
PAGE = PROJECT_ROOT / "docs" / "superset.md"
LONGEST_SECONDS = 900
FIGURES = {
    "Southbound net buy by session, HKD million": (
        "select sum(net_buy_hkd_mn) from fct_southbound_daily where channel = 'ALL'",
        "net buy",
    ),
    "Southbound net buy by complete month, HKD million": (
        "select sum(net_buy_hkd_mn) from fct_southbound_monthly "
        "where channel = 'ALL' and is_complete",
        "net buy",
    ),
    "Flow of funds on Chinese shares by complete week, USD million": (
        "select sum(flow_usd) / 1e6 from fct_etf_flow_weekly where is_complete",
        "flow",
    ),
    "Hang Seng TECH, price-earnings ratio": (
        "select sum(pe_ttm) from mart_valuations_daily where subject_id = 'HSTECH.HK'",
        "price-earnings ratio",
    ),
    "Composite sentiment, 0 to 100": (
        "select sum(composite_score) from mart_sentiment_daily",
        "score",
    ),
    "Published figures by verdict": ("select count(*) from mart_claim_verification", "claims"),
}
"""What the figures of each chart add up to, by the snapshot; and what the chart calls them."""

pytestmark = pytest.mark.superset


@pytest.fixture(scope="module")
def snapshot(server, tmp_path_factory):
    """A default run's snapshot, published to the server."""
    made = House(tmp_path_factory.mktemp("zones"))
    done = made.hkflow("run", **MODELS_ALONE)
    assert done.exit_code == 0, done.output
    publish(
        current(made.zones.snapshots),
        server.url("hkflow_publisher", "publisher-password", "hkflow"),
    )
    return current(made.zones.snapshots)


@pytest.fixture(scope="module")
def superset(server, snapshot, tmp_path_factory) -> Iterator[str]:
    """Run the page's commands, the last of them twice; give the address, end the whole group."""
    folder = tmp_path_factory.mktemp("superset")
    (folder / "examples").symlink_to(PROJECT_ROOT / "examples")
    port = free_port()
    blocks = re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    script = "\n".join([*blocks, blocks[-1], "touch ready", "wait"])
    script = script.replace("localhost:5432", f"127.0.0.1:{server.port}")
    script = script.replace("127.0.0.1:8088", f"127.0.0.1:{port}")
    log = (folder / "log").open("wb")
    shell = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + LONGEST_SECONDS
        while not (folder / "ready").exists():
            shown = (folder / "log").read_text(errors="replace")[-3000:]
            assert shell.poll() is None, shown
            assert time.monotonic() < deadline, shown
            time.sleep(1)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.wait(30)


def asked(address: str, path: str, token: str = "", sent: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = json.dumps(sent).encode() if sent else None
    if body:  # without one, Superset takes a body of JSON amiss
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(f"{address}/api/v1/{path}", body, headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def charts(superset: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every chart, asked by REST."""
    login = {"username": "admin", "password": "admin-password", "provider": "db"}
    token = asked(superset, "security/login", sent=login)["access_token"]
    found = asked(superset, "chart/?q=(page_size:100)", token)["result"]
    assert len({chart["slice_name"] for chart in found}) == len(found), "made twice"
    answers = {
        chart["slice_name"]: asked(superset, f"chart/{chart['id']}/data/", token) for chart in found
    }
    return {title: answer["result"][0]["data"] for title, answer in answers.items()}


def test_every_chart_of_the_plan_is_there_once(charts):
    assert set(charts) == set(FIGURES)


@pytest.mark.parametrize("title", FIGURES)
def test_chart_shows_the_figures_of_the_snapshot(charts, snapshot, title):
    sql, label = FIGURES[title]
    [wanted] = query(snapshot, sql).to_pylist()[0].values()
    shown = [row[label] for row in charts[title] if row[label] is not None]
    assert len(shown) > 1
    assert sum(shown) == pytest.approx(float(wanted), rel=1e-9)
