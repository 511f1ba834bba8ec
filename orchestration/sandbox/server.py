"""A real HTTP server in front of the sandbox: one local address stands for every publisher.

`https://<host>/<path>` is served at `/<host>/<path>`. Here lives the way from an HTTP request to a
renderer and back; which addresses a publisher has is told by each renderer's `HOSTS` and `route`.
Every answer carries `X-HKFlow-Synthetic: 1`, so that no client can take it for real data.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from orchestration.sandbox import MODULES, RENDERERS
from orchestration.sandbox.answer import Answer

if TYPE_CHECKING:
    from orchestration.sandbox.market import Market

LOG = logging.getLogger(__name__)
SYNTHETIC_HEADER = "X-HKFlow-Synthetic"
FORM_CAP_BYTES = 1024 * 1024
IDLE_SECONDS = 30
HOSTS = tuple(sorted({host for module in MODULES for host in module.HOSTS}))


def _plain(status: int, text: str) -> Answer:
    return Answer(status, f"{text}\n".encode(), {"content-type": "text/plain; charset=utf-8"})


def _fields(text: str) -> dict[str, str]:
    """Return the fields of a posted body: a JSON object, or a URL-encoded form.

    Raises:
        ValueError: the text is neither.
    """
    if text.lstrip().startswith("{"):
        return {name: str(value) for name, value in json.loads(text).items()}
    return dict(parse_qsl(text, keep_blank_values=True))


def answer(market: Market, method: str, target: str, form: bytes = b"") -> Answer:
    """Return what the publisher named by the target's first path segment would answer.

    `target` is the path and query of the request line; `form` a URL-encoded body.
    """
    parts = urlsplit("//sandbox" + target)
    host, _, rest = parts.path.lstrip("/").partition("/")
    try:
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        filled = _fields(form.decode("utf-8"))
    except ValueError:
        return _plain(400, "The query or the form is not URL-encoded text.")
    for module in MODULES:
        if host not in module.HOSTS:
            continue
        request = module.route(method, "/" + unquote(rest), asked, filled)
        if request is not None:
            return RENDERERS[request.source](market, request)
    known = ", ".join(f"/{name}/" for name in HOSTS)
    return _plain(404, f"HK Flow's sandbox has nothing here; it answers below: {known}")


class _Handler(BaseHTTPRequestHandler):
    """Passes one HTTP request to the renderers; the server holds market and lock."""

    server: _Server  # ty: ignore[incompatible-mutable-override] - what it is called with
    protocol_version = "HTTP/1.1"
    server_version = "hkflow-sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS

    def do_GET(self) -> None:  # noqa: N802 - named by http.server
        """Answer a GET."""
        self._answer(b"")

    do_HEAD = do_GET  # noqa: N815 - named by http.server

    def do_POST(self) -> None:  # noqa: N802 - named by http.server
        """Answer a POST of a URL-encoded form of known length."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length[:20]) > FORM_CAP_BYTES:
            self.close_connection = True
            self._send(
                _plain(413 if length.isdigit() else 411, "Send a form of known, small size.")
            )
            return
        self._answer(self.rfile.read(int(length)))

    def _answer(self, form: bytes) -> None:
        method = "GET" if self.command == "HEAD" else self.command
        try:
            with self.server.lock:
                rendered = answer(self.server.market, method, self.path, form)
        except Exception:
            LOG.exception("the sandbox could not render %s %s", method, self.path)
            rendered = _plain(500, "The sandbox failed; its log says why.")
        self._send(rendered)

    def _send(self, rendered: Answer) -> None:
        self.send_response(rendered.status)
        for name, value in rendered.headers.items():
            self.send_header(name, value)
        self.send_header(SYNTHETIC_HEADER, "1")
        self.send_header("Content-Length", str(len(rendered.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(rendered.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by http.server
        """Log a request at debug level: the console belongs to the operator."""
        LOG.debug(format, *args)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, market: Market, host: str, port: int) -> None:
        super().__init__((host, port), _Handler)
        self.market = market
        # The market keeps what it has computed; one request at a time is enough for a sandbox.
        self.lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Log what went wrong with one client, most often one that hung up."""
        LOG.debug("a client of the sandbox was lost", exc_info=True)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


@contextmanager
def serve(market: Market, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a market in the background; yields the base URL. Port 0 takes a free one.

    Raises:
        OSError: the address cannot be bound.
    """
    server = _Server(market, host, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run_server(host: str = "127.0.0.1", port: int = 8123, seed: int | None = None) -> None:
    """Serve until SIGINT or SIGTERM, after one line that says where. For the main thread only.

    Raises:
        OSError: the address cannot be bound.
    """
    from orchestration.sandbox.market import Market

    market = Market() if seed is None else Market(seed)
    stopped = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in signals}
    try:
        with serve(market, host, port) as url:
            print(f"HK Flow sandbox serves synthetic data at {url} (Ctrl-C stops it)", flush=True)
            stopped.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
