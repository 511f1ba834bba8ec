"""A server of raw sockets on loopback: it sends exactly the bytes a test wrote down."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest

from orchestration.sources.base import Request

Action = bytes | Callable[[socket.socket], None]


class RawServer:
    """Answers the n-th connection with the n-th action, the last one again and again."""

    def __init__(self) -> None:
        self.actions: list[Action] = []
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                self.requests.append(_read_request(connection))
                action = self.actions[min(len(self.requests), len(self.actions)) - 1]
                if callable(action):
                    action(connection)
                else:
                    connection.sendall(action)
                    connection.shutdown(socket.SHUT_WR)
                    connection.recv(1)
            except OSError:
                return


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            raise OSError("closed")
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while lengths and len(body) < lengths[0]:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def server() -> Iterator[RawServer]:
    raw = RawServer()
    yield raw
    with contextlib.suppress(OSError):
        raw.close()


@pytest.fixture
def answer() -> Callable[..., bytes]:
    """Build one HTTP answer; `length` overrides the true Content-Length."""

    def build(status: str, body: bytes = b"", length: int | None = None, **headers: str) -> bytes:
        size = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    return build


@pytest.fixture
def reset() -> Callable[[socket.socket], None]:
    """An action that breaks the connection with a TCP reset."""

    def action(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return action


@pytest.fixture
def ask() -> Callable[..., Request]:
    """Build a request to a publisher; keyword arguments replace its fields."""

    def build(url: str = "https://www.hkex.com.hk/eng/csm/x.js", **fields: object) -> Request:
        day = dt.date(2025, 2, 18)
        source = str(fields.pop("source", "hkex_stock_connect"))
        key = str(fields.pop("key", "2025-02-18.js"))
        return Request(source, key, url, day, day, **fields)

    return build


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()
