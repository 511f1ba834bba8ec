"""The HTTP transport against servers that stall, break off, lie about lengths or send too much."""

from __future__ import annotations

import gzip
import socket
import time

import pytest

from orchestration.transport import TransportError
from orchestration.transport.http import HttpTransport
from orchestration.transport.limits import Limits

MEGABYTE = 1024 * 1024


@pytest.fixture
def http(server):
    """Open a transport in real time, with short waits."""

    def build(**options):
        quick = {"deadline_seconds": 5, "read_seconds": 2, "first_backoff_seconds": 0.001}
        return HttpTransport(server.url, limits=Limits(**quick | options))

    return build


def drip(head: bytes, piece: bytes):
    """Return an action that sends a piece every 50 ms for as long as anyone listens."""

    def action(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(piece)
            time.sleep(0.05)

    return action


@pytest.mark.parametrize(
    "action",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
        drip(b"", b""),
    ],
    ids=["body", "headers", "silence"],
)
def test_a_drip_feed_ends_at_the_total_deadline(action, server, http, ask):
    server.actions = [action]
    begun = time.monotonic()
    with pytest.raises(TransportError, match=r"no whole answer within 0\.4 s"):
        http(deadline_seconds=0.4).fetch(ask())
    assert time.monotonic() - begun < 2
    assert len(server.requests) == 1


def test_a_server_that_falls_silent_trips_the_read_time_out(server, http, ask):
    server.actions = [lambda connection: time.sleep(1)]
    with pytest.raises(TransportError, match=r"stopped answering \(attempt 2\)"):
        http(read_seconds=0.1, attempts=2).fetch(ask())


def test_a_reset_connection_is_tried_again(server, answer, reset, http, ask):
    server.actions = [reset, answer("200 OK", b"x")]
    assert http().fetch(ask())[0].body == b"x"


def test_a_connection_that_is_always_reset_is_an_error(server, reset, http, ask):
    server.actions = [reset]
    with pytest.raises(TransportError, match="dropped the connection"):
        http(attempts=2).fetch(ask())
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"",
        b"\x00\x01\x02 not http at all\r\n\r\n",
    ],
    ids=["short of its length", "inside a chunk", "no last chunk", "headers", "empty", "binary"],
)
def test_an_answer_cut_short_is_never_a_payload(cut, server, http, ask):
    server.actions = [cut]
    with pytest.raises(TransportError, match="broke off its answer"):
        http(attempts=2).fetch(ask())
    assert len(server.requests) == 2


@pytest.mark.parametrize("keep", [0, 5, 20, -9, -1])
def test_a_gzip_body_cut_short_is_an_error_even_without_a_length(keep, server, http, ask):
    body = gzip.compress(bytes(range(256)) * 40)[:keep]
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    server.actions = [head + body]
    with pytest.raises(TransportError, match="gzip body that is cut short"):
        http(attempts=1).fetch(ask())


@pytest.mark.parametrize(
    ("encoding", "body", "message"),
    [("gzip", b"plain text", "broken gzip"), ("br", b"\x0b\x02", "encoded as 'br'")],
)
def test_an_encoding_that_is_wrong_or_unasked_is_an_error(
    encoding, body, message, server, answer, http, ask
):
    server.actions = [answer("200 OK", body, Content_Encoding=encoding)]
    with pytest.raises(TransportError, match=message):
        http(attempts=1).fetch(ask())


def test_a_body_of_exactly_the_cap_passes_and_one_byte_more_does_not(server, answer, http, ask):
    for packed in (False, True):
        for size, passes in ((1000, True), (1001, False)):
            body = gzip.compress(b"a" * size) if packed else b"a" * size
            encoding = "gzip" if packed else "identity"
            server.actions = [answer("200 OK", body, Content_Encoding=encoding)]
            if passes:
                assert len(http(body_cap_bytes=1000).fetch(ask())[0].body) == size
            else:
                with pytest.raises(TransportError, match="more than the cap of 1,000 bytes"):
                    http(body_cap_bytes=1000).fetch(ask())


def test_an_announced_length_over_the_cap_is_refused_before_a_byte_is_read(server, http, ask):
    server.actions = [drip(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", b"")]
    with pytest.raises(TransportError, match="more than the cap of 67,108,864 bytes"):
        http().fetch(ask())
    assert len(server.requests) == 1


def test_a_gzip_bomb_stops_at_the_cap_without_filling_memory(server, answer, http, ask):
    import tracemalloc

    layer = gzip.compress(bytes(64 * MEGABYTE), 9)
    server.actions = [answer("200 OK", layer, Content_Encoding="gzip")]
    tracemalloc.start()
    try:
        with pytest.raises(TransportError, match="more than the cap"):
            http(body_cap_bytes=MEGABYTE).fetch(ask())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * MEGABYTE


def test_an_endless_chunked_body_stops_at_the_cap(server, http, ask):
    chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"

    def action(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(1000):
            connection.sendall(chunk)

    server.actions = [action]
    with pytest.raises(TransportError, match="more than the cap"):
        http(body_cap_bytes=MEGABYTE).fetch(ask())


def test_a_host_that_nobody_serves_is_an_error_that_names_it(server, http, ask):
    server.close()
    with pytest.raises(TransportError, match=r"www\.hkex\.com\.hk .* could not be reached"):
        http(attempts=2).fetch(ask())
