"""The web UI, started headless and asked by GraphQL."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from orchestration.defs.extract import lake_key
from orchestration.settings import PROJECT_ROOT
from orchestration.sources import SOURCES

QUERY = """{ assetNodes { assetKey { path } groupName dependencyKeys { path }
             assetChecksOrError { ... on AssetChecks { checks { name } } } } }"""


FEEDS = [
    "/".join(lake_key(source.name, table).path) for source in SOURCES for table in source.tables
]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _ask(port: int) -> dict:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        data=json.dumps({"query": QUERY}).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["data"]


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "dagster_webserver", "-m", "orchestration.definitions"]
        + ["--host", "127.0.0.1", "--port", str(port)],
        cwd=PROJECT_ROOT,
        env=os.environ | {"DAGSTER_HOME": str(tmp_path_factory.mktemp("home"))},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                answer = _ask(port)
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert time.monotonic() < deadline and server.poll() is None, "no web server"
                time.sleep(0.5)
        yield {"/".join(node["assetKey"]["path"]): node for node in answer["assetNodes"]}
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _downstream(nodes: dict, start: str) -> set[str]:
    found, frontier = set(), {start}
    while frontier:
        frontier = {
            key
            for key, node in nodes.items()
            if {"/".join(dep["path"]) for dep in node["dependencyKeys"]} & frontier
        } - found
        found |= frontier
    return found


@pytest.mark.parametrize("feed", FEEDS)
def test_every_lake_table_reaches_a_published_mart(nodes, feed):
    reached = _downstream(nodes, feed)
    assert any(key.startswith("published/") for key in reached), reached


def test_every_suite_shows_as_a_check(nodes):
    for feed in FEEDS:
        checks = nodes[feed]["assetChecksOrError"]["checks"]
        assert "suite" in {check["name"] for check in checks}, feed
    for key in (key for key in nodes if key.startswith("published/")):
        checks = nodes[key]["assetChecksOrError"]["checks"]
        assert "suite" in {check["name"] for check in checks}, key


def test_groups_are_the_layers(nodes):
    groups = {node["groupName"] for node in nodes.values()}
    assert groups == {"extract", "staging", "intermediate", "marts", "publish"}
