"""The HTTP transport against a server of raw sockets: what is asked, accepted and retried."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest

from orchestration.transport import Missing, TransportError
from orchestration.transport.http import HttpTransport
from orchestration.transport.limits import Limits
from orchestration.transport.pace import HostPacer

NOW = dt.datetime(2025, 2, 18, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def http(server, fake_time):
    """Open a transport whose waits are noted, not slept."""

    def build(**options):
        return HttpTransport(
            server.url,
            limits=Limits(**{"deadline_seconds": 1000, "read_seconds": 5} | options),
            clock=fake_time.clock,
            sleep=fake_time.sleep,
            now=lambda: NOW,
            chance=lambda: 0.0,
        )

    return build


def only(payloads):
    (payload,) = payloads
    return payload


def test_a_body_comes_back_with_status_lower_case_headers_and_time(server, answer, http, ask):
    server.actions = [answer("200 OK", b"tabData = []", Last_Modified="Tue, 18 Feb 2025")]
    payload = only(http().fetch(ask()))
    assert (payload.body, payload.status, payload.fetched_at) == (b"tabData = []", 200, NOW)
    assert payload.headers["last-modified"] == "Tue, 18 Feb 2025"
    assert not payload.is_synthetic
    assert b"user-agent: hkflow/" in server.requests[0].lower()


def test_one_base_url_stands_for_every_host_as_the_first_path_segment(server, answer, http, ask):
    server.actions = [answer("200 OK", b"x")]
    http().fetch(ask("https://fred.stlouisfed.org/graph/f.csv", params={"id": "DEX HK&1"}))
    line = server.requests[0].split(b"\r\n")[0]
    assert line == b"GET /fred.stlouisfed.org/graph/f.csv?id=DEX+HK%261 HTTP/1.1"


def test_a_base_url_per_host_replaces_that_host_only(server, answer, ask):
    server.actions = [answer("200 OK", b"x")]
    transport = HttpTransport(base_urls={"www.hkex.com.hk": server.url + "/mirror/"})
    transport.fetch(ask("https://www.hkex.com.hk/a/b.js?v=1", params={"w": "2"}))
    assert server.requests[0].startswith(b"GET /mirror/a/b.js?v=1&w=2 HTTP/1.1")
    assert transport.address("https://other.test/c") == "https://other.test/c"


@pytest.mark.parametrize("symbol", ["%5EHSI", "^HSI", "HKD=X"])
def test_symbols_with_signs_reach_the_server_whole(symbol, server, answer, http, ask):
    server.actions = [answer("200 OK", b"x")]
    http().fetch(ask(f"https://query2.finance.yahoo.com/v8/{symbol}"))
    path = server.requests[0].split()[1].replace(b"^", b"%5E").replace(b"%3D", b"=")
    assert path.endswith(b"/v8/" + symbol.replace("^", "%5E").encode())


def test_a_form_is_posted_url_encoded(server, answer, http, ask):
    server.actions = [answer("200 OK", b"x")]
    http().fetch(ask(method="POST", form={"txtShareholdingDate": "2025/02/18", "sortBy": "a b"}))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /www.hkex.com.hk/eng/csm/x.js ")
    assert b"content-type: application/x-www-form-urlencoded" in head.lower()
    assert body == b"txtShareholdingDate=2025%2F02%2F18&sortBy=a+b"


def test_a_json_body_is_posted_as_json(server, answer, http, ask):
    server.actions = [answer("200 OK", b"x")]
    http().fetch(ask(method="POST", json_body={"q": "1"}))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head.lower()
    assert body.replace(b" ", b"") == b'{"q":"1"}'


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("0", False), ("true", False)])
def test_only_the_header_value_1_marks_a_body_synthetic(value, expected, server, answer, http, ask):
    server.actions = [answer("200 OK", b"x", X_HKFlow_Synthetic=value)]
    payload = only(http().fetch(ask()))
    assert payload.is_synthetic is expected
    assert payload.headers["x-hkflow-synthetic"] == value


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_a_file_that_is_not_there_is_missing_and_not_asked_again(status, server, answer, http, ask):
    server.actions = [answer(status, b"<html>")]
    with pytest.raises(Missing, match=r"www\.hkex\.com\.hk .*HTTP 4(04|10)"):
        http().fetch(ask())
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 Forbidden", "204 Empty", "304 Same"])
def test_other_statuses_fail_at_once(status, server, answer, http, ask):
    server.actions = [answer(status)]
    with pytest.raises(TransportError, match=f"HTTP {status[:3]}; check"):
        http().fetch(ask())
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["429 Slow", "500 E", "502 E", "503 E", "504 E"])
def test_busy_statuses_are_tried_again_after_doubling_waits(
    status, server, answer, http, ask, fake_time
):
    server.actions = [answer(status), answer(status), answer(status), answer("200 OK", b"x")]
    assert only(http().fetch(ask())).body == b"x"
    assert fake_time.slept == [1.0, 2.0, 4.0]


def test_attempts_are_limited_and_the_last_status_is_named(server, answer, http, ask):
    server.actions = [answer("503 Busy")]
    with pytest.raises(TransportError, match=r"hkex\.com\.hk .* HTTP 503 .*run again later"):
        http(attempts=3).fetch(ask())
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Tue, 18 Feb 2025 09:30:20 GMT", 20.0),
        ("Tue, 18 Feb 2020 09:30:20 GMT", 0.0),
        ("99999999999999999999", 120.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 120.0),
        ("-5", 1.0),
        ("soon", 1.0),
    ],
)
def test_retry_after_is_honoured_up_to_a_cap_and_nonsense_is_ignored(
    header, wait, server, answer, http, ask, fake_time
):
    server.actions = [answer("429 Slow", Retry_After=header), answer("200 OK", b"x")]
    http().fetch(ask())
    assert fake_time.slept == [wait]


def test_no_wait_goes_beyond_the_deadline(server, answer, http, ask, fake_time):
    server.actions = [answer("503 Busy", Retry_After="60")]
    with pytest.raises(TransportError, match="HTTP 503"):
        http(deadline_seconds=30).fetch(ask())
    assert fake_time.slept == []


def test_a_redirect_on_the_same_server_is_followed(server, answer, http, ask):
    server.actions = [answer("302 Found", Location="/moved?a=1"), answer("200 OK", b"x")]
    assert only(http().fetch(ask(method="POST", form={"a": "b"}))).body == b"x"
    assert server.requests[1].startswith(b"GET /moved?a=1 ")


def test_a_permanent_redirect_keeps_method_and_form(server, answer, http, ask):
    server.actions = [answer("308 Moved", Location="/moved"), answer("200 OK", b"x")]
    http().fetch(ask(method="POST", form={"a": "b"}))
    assert server.requests[1].startswith(b"POST /moved ")
    assert server.requests[1].endswith(b"a=b")


@pytest.mark.parametrize(
    "location",
    [
        "http://evil.test/x",
        "//evil.test/x",
        "http://localhost:{port}/x",
        "ftp://127.0.0.1/x",
    ],
)
def test_a_redirect_to_another_host_is_refused(location, server, answer, http, ask):
    server.actions = [answer("301 Moved", Location=location.format(port=server.port))]
    with pytest.raises(TransportError, match="other hosts are not followed"):
        http().fetch(ask())
    assert len(server.requests) == 1


def test_a_redirect_that_leads_nowhere_is_an_error(server, answer, http, ask):
    server.actions = [answer("302 Found")]
    with pytest.raises(TransportError, match=r"redirected \(HTTP 302\) to nowhere"):
        http().fetch(ask())


def test_a_redirect_loop_ends(server, answer, http, ask):
    server.actions = [answer("302 Found", Location="/again")]
    with pytest.raises(TransportError, match="redirected more than 3 times"):
        http().fetch(ask())
    assert len(server.requests) == 4


def test_credentials_stay_out_of_every_message_and_of_the_kept_headers(server, answer, http, ask):
    request = ask(
        "https://user:hunter2@www.hkex.com.hk/token-abc/x.js?api_key=hunter3",
        params={"key": "hunter4"},
        headers={"Authorization": "hunter5"},
    )
    for action in (answer("503 E"), answer("403 E"), answer("302 F", Location="http://e.test/")):
        server.actions = [action]
        with pytest.raises(TransportError) as caught:
            http(attempts=1).fetch(request)
        assert not any(word in str(caught.value) for word in ("hunter", "token-abc"))
    server.actions = [answer("200 OK", b"x", Set_Cookie="session=hunter6")]
    assert "hunter" not in str(only(http().fetch(request)).headers)


def test_a_header_that_cannot_be_sent_fails_without_being_quoted(server, http, ask):
    request = ask(headers={"Authorization": "hunter2\r\nX: y"})
    with pytest.raises(TransportError, match="check the request's headers") as caught:
        http().fetch(request)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("url", ["file:///etc/passwd", "www.hkex.com.hk/x", "", "http://x:y/"])
def test_only_http_addresses_are_asked(url, ask):
    with pytest.raises(TransportError, match="http://"):
        HttpTransport().fetch(ask(url))


def test_requests_to_one_host_are_spaced_and_retries_are_requests(server, answer, ask, fake_time):
    server.actions = [answer("503 E"), answer("200 OK", b"x")]
    transport = HttpTransport(
        server.url,
        limits=Limits(first_backoff_seconds=0.25),
        pacer=HostPacer(fake_time.clock, fake_time.sleep, exempt=lambda host: False),
        clock=fake_time.clock,
        sleep=fake_time.sleep,
        chance=lambda: 0.0,
    )
    transport.fetch(ask())
    transport.fetch(ask())
    assert fake_time.slept == [0.25, 0.75, 1.0]


def test_a_gzip_body_is_expanded(server, answer, http, ask):
    body = gzip.compress(b"first ") + gzip.compress(b"second")
    server.actions = [answer("200 OK", body, Content_Encoding="gzip")]
    assert only(http().fetch(ask())).body == b"first second"
    assert b"accept-encoding: gzip\r\n" in server.requests[0].lower()
