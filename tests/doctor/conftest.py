"""A server of all publishers on loopback, of which a test may break one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from orchestration.doctor import check_up, live_transport
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.market import Market
from orchestration.sandbox.server import answer
from orchestration.sources import SOURCES
from orchestration.transport.sandbox import SandboxTransport
from tests.doctor.endpoints import NOW


@dataclass(eq=False)
class Faulty:
    """Publishers in the sandbox, of which one is broken: `asks` before, `breaks` after it answers.

    `asks` rewrites target and form, as if another file lay at the address; `breaks` the answer, and
    None drops the connection.
    """

    market: Market
    url: str = ""
    where: str = "no endpoint"
    asks: Callable[[str], str] = str
    breaks: Callable[[Answer], Answer | None] = replace
    asked: list[str] = field(default_factory=list)
    rendered: dict[tuple[str | bytes, ...], Answer] = field(default_factory=dict)

    def healthy(self, *asked: str | bytes) -> Answer:
        if asked not in self.rendered:
            self.rendered[asked] = answer(self.market, *asked)
        return self.rendered[asked]

    def reset(self) -> None:
        self.where, self.asks, self.breaks, self.asked = "no endpoint", str, replace, []

    def answer(self, method: str, target: str, form: bytes) -> Answer | None:
        self.asked.append(f"{method} {target}")
        if self.where not in target:
            return self.healthy(method, target, form)
        form = self.asks(form.decode()).encode()
        return self.breaks(self.healthy(method, self.asks(target), form))


@pytest.fixture(scope="module")
def market():
    return Market()


@pytest.fixture(scope="module")
def running(market):
    faulty = Faulty(market)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            form = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answered = faulty.answer(self.command, self.path, form)
            if answered is None:
                self.connection.close()
                return
            self.send_response(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            self.send_header("X-HKFlow-Synthetic", "1")
            self.end_headers()
            self.wfile.write(answered.body)

        do_POST = do_GET  # noqa: N815 - named by http.server

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    faulty.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield faulty
    server.shutdown()
    server.server_close()


@pytest.fixture
def faulty(running):
    running.reset()
    return running


@pytest.fixture(scope="module")
def sandbox():
    return SandboxTransport()


@pytest.fixture
def findings(faulty):
    """Check up on publishers, all unless some are named; the findings by endpoint."""

    def ask(*names):
        asked = [source for source in SOURCES if not names or source.name in names]
        with live_transport(faulty.url, "") as transport:
            found = check_up(asked, transport, NOW)
        return {f"{item.source}/{item.key}": item for item in found}

    return ask
