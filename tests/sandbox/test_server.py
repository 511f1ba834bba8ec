"""The sandbox's HTTP server: over the wire it says what the sandbox transport says in process."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from orchestration.sandbox import MODULES, RENDERERS
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sandbox.server import serve
from orchestration.sources import SOURCES, hkex_stock_connect
from orchestration.sources.base import Request
from orchestration.transport import Missing
from orchestration.transport.http import HttpTransport
from orchestration.transport.sandbox import SandboxTransport

ROOT = Path(__file__).parents[2]
SESSIONS = [dt.date(2025, 2, day) for day in (13, 14, 18)]
MODULE_OF = {module.__name__.rpartition(".")[2]: module for module in MODULES}


def one_of_each() -> list[Request]:
    """Return requests of every source: each kind of address it asks."""
    kinds = {}
    for source in SOURCES:
        for request in source.requests(SESSIONS):
            asked = (request.url, tuple(request.params.items()))
            kinds.setdefault((source.name, asked), request)
    daily = [r for r in kinds.values() if r.source != "yahoo_chart"]
    vendor = [r for r in kinds.values() if r.key in ("^HSI.json", "HKD=X.json", "KWEB.json")]
    return [*daily, *vendor]


@pytest.fixture(scope="module")
def sandbox():
    return SandboxTransport()


@pytest.fixture(scope="module")
def url(sandbox):
    with serve(sandbox.market) as address:
        yield address


def get(url, target, method="GET", body=None, headers=None):
    """Ask the server by hand; returns status, headers (lower case) and body."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request(method, target, body=body, headers=headers or {})
        response = connection.getresponse()
        seen = {name.lower(): value for name, value in response.getheaders()}
        return response.status, seen, response.read()
    finally:
        connection.close()


def test_every_renderer_has_hosts_and_every_source_is_sampled():
    assert {source.name for source in SOURCES} == set(RENDERERS) == set(MODULE_OF)
    assert {request.source for request in one_of_each()} == set(RENDERERS)
    for module in MODULES:
        assert module.HOSTS


@pytest.mark.parametrize("request_", one_of_each(), ids=lambda r: f"{r.source}/{r.key}")
def test_http_against_the_server_equals_the_sandbox_transport(request_, url, sandbox):
    (expected,) = sandbox.fetch(request_)
    (payload,) = HttpTransport(url).fetch(request_)
    assert payload.sha256 == expected.sha256
    assert payload.is_synthetic
    assert expected.is_synthetic
    for name, value in expected.headers.items():
        assert payload.headers[name] == value


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_routes_rebuild_every_request_of_their_source(source):
    module = MODULE_OF[source.name]
    for request in source.requests(SESSIONS):
        parts = urlsplit(request.url)
        assert parts.hostname in module.HOSTS
        path = parts.path.replace("%5E", "^")
        filled = {**request.form, **request.json_body}
        rebuilt = module.route(request.method, path, request.params, filled)
        assert rebuilt.fingerprint == request.fingerprint
        assert (rebuilt.source, rebuilt.key) == (request.source, request.key)
        if source.name not in ("hkex_calendar", "ishares_fund"):  # addresses without a first day
            assert rebuilt.first_session == request.first_session
            assert rebuilt.last_session == request.last_session


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", ""), ("GET", "/no/such/page"), ("GET", "/eng/stat/d990231e.htm")],
)
def test_addresses_that_a_publisher_does_not_have_are_no_requests(method, path, module):
    assert module.route(method, path, {}, {}) is None


def test_what_is_asked_by_get_does_not_answer_a_post():
    for source in SOURCES:
        module = MODULE_OF[source.name]
        request = source.requests(SESSIONS)[0]
        if request.method == "POST":
            continue
        assert module.route("POST", urlsplit(request.url).path, request.params, {}) is None


@pytest.mark.parametrize(
    "path",
    [
        "/www.hkex.com.hk/eng/csm/DailyStat/data_tab_daily_20250216e.js",
        "/www.hkex.com.hk/eng/csm/DailyStat/data_tab_daily_20250231e.js",
        "/www.hkex.com.hk/eng/stat/smstat/dayquot/d250216e.htm",
        "/kraneshares.com/csv/02_17_2025_kweb_holdings.csv",
        "/kraneshares.com/csv/13_45_2025_kweb_holdings.csv",
        "/fred.stlouisfed.org/graph/fredgraph.csv?id=NOSUCH&cosd=2025-02-13&coed=2025-02-18",
        "/query2.finance.yahoo.com/v8/finance/chart/NOSUCH?period1=0&period2=86400",
        "/www.example.org/",
        "/",
        "/../../etc/passwd",
    ],
)
def test_what_does_not_exist_is_a_404_that_still_says_synthetic(path, url):
    status, headers, _ = get(url, path)
    assert status == 404
    assert headers["x-hkflow-synthetic"] == "1"


def test_a_404_of_the_server_is_missing_for_both_transports(url, sandbox):
    (request,) = hkex_stock_connect.SOURCE.requests([dt.date(2025, 2, 16)])
    for transport in (sandbox, HttpTransport(url)):
        with pytest.raises(Missing, match=r"2025-02-16\.js"):
            transport.fetch(request)


def test_head_tells_the_length_and_sends_no_body(url):
    target = "/www.hkex.com.hk/eng/csm/DailyStat/data_tab_daily_20250218e.js"
    _, of_get, body = get(url, target)
    status, of_head, nothing = get(url, target, "HEAD")
    assert (status, nothing) == (200, b"")
    assert of_head["content-length"] == of_get["content-length"] == str(len(body))
    assert of_head["last-modified"] == of_get["last-modified"]


def test_a_posted_form_reaches_the_route_decoded(url, monkeypatch):
    seen = []

    def route(method, path, query, form):
        seen.append((method, path, query, form))
        return Request("fred", "k", "http://x.test", dt.date.min, dt.date.max)

    monkeypatch.setattr(MODULE_OF["fred"], "route", route)
    monkeypatch.setitem(RENDERERS, "fred", lambda market, request: Answer(200, b"posted", {}))
    form = urlencode({"date": "2025/02/18", "name": "騰訊", "empty": ""})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    status, _, body = get(url, "/fred.stlouisfed.org/a%20b?q=%5EHSI", "POST", form, kind)
    assert (status, body) == (200, b"posted")
    expected = {"date": "2025/02/18", "name": "騰訊", "empty": ""}
    assert seen == [("POST", "/a b", {"q": "^HSI"}, expected)]


@pytest.mark.parametrize(
    ("length", "status"), [("2000000", 413), ("9" * 30, 413), ("abc", 411), ("-1", 411)]
)
def test_a_form_without_a_sensible_length_is_refused_unread(length, status, url):
    host, port = urlsplit(url).hostname, urlsplit(url).port
    with socket.create_connection((host, port), timeout=10) as connection:
        head = f"POST /fred.stlouisfed.org/ HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(f"HTTP/1.1 {status} ".encode())


def test_a_renderer_that_fails_is_a_500_without_details(url, monkeypatch):
    def broken(market, request):
        raise RuntimeError("inner detail")

    monkeypatch.setitem(RENDERERS, "hkex_stock_connect", broken)
    target = "/www.hkex.com.hk/eng/csm/DailyStat/data_tab_daily_20250218e.js"
    status, _, body = get(url, target)
    assert status == 500
    assert b"inner detail" not in body


def test_the_server_listens_on_loopback_only_and_frees_its_port():
    with serve(Market()) as first:
        host, port = urlsplit(first).hostname, urlsplit(first).port
        assert host == "127.0.0.1"
        assert get(first, "/")[0] == 404
    with serve(Market(), port=port) as second:
        assert second == first
    with pytest.raises(ConnectionRefusedError):
        get(first, "/")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_server_prints_one_line_and_stops_cleanly_on_a_signal(number):
    code = "from orchestration.sandbox.server import run_server; run_server(port=0)"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        assert get(address, "/")[0] == 404
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, rest, errors) == (0, "", "")
