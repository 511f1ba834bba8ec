"""The transport that asks the publishers themselves, politely and on its guard.

The only module that imports the HTTP client. Here live addresses, statuses, redirects and
retries; waiting is in `pace.py`, reading a body in `body.py`. Nothing about one publisher.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

import httpx

from orchestration.sources.base import Payload, Request
from orchestration.transport import pace
from orchestration.transport.base import Missing, Transport, TransportError
from orchestration.transport.body import BodyError, BodyTooLargeError, read_body, too_large
from orchestration.transport.form_page import hidden_inputs
from orchestration.transport.limits import Limits, user_agent

SYNTHETIC_HEADER = "x-hkflow-synthetic"
"""A server that sends `1` here serves simulated data: the sandbox's own server does."""
RETRIED = frozenset({429, 500, 502, 503, 504})
GONE = frozenset({404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
logging.getLogger("httpx").setLevel(logging.WARNING)  # its INFO lines print whole queries
PROBLEMS: dict[type[httpx.TransportError], str] = {
    httpx.ConnectTimeout: "did not accept a connection in time",
    httpx.ConnectError: "could not be reached",
    httpx.TimeoutException: "stopped answering",
    httpx.RemoteProtocolError: "broke off its answer",
    httpx.NetworkError: "dropped the connection",
}


class _TryAgainError(Exception):
    """This attempt failed in a way that another may not."""

    def __init__(self, problem: str, wait_seconds: float | None = None) -> None:
        super().__init__(problem)
        self.wait_seconds = wait_seconds


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class HttpTransport(Transport):
    """Fetches over HTTP: paced per host, capped, bounded in time, never led to another host.

    `base_url` stands for every publisher: `https://host/path` is asked at `<base_url>/host/path`.
    `base_urls` replaces single hosts: `https://host/path` is asked at `<base_urls[host]>/path`.
    """

    name: ClassVar[str] = "http"

    def __init__(
        self,
        base_url: str | None = None,
        base_urls: Mapping[str, str] | None = None,
        *,
        limits: Limits | None = None,
        contact: str = "",
        pacer: pace.HostPacer = pace.PROCESS_PACER,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], dt.datetime] = _utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._base_url, self._base_urls = base_url, dict(base_urls or {})
        self.knows_the_past = base_url is not None
        self._limits = limits or Limits()
        self._agent = user_agent(contact)
        self._pacer, self._clock, self._sleep = pacer, clock, sleep
        self._now, self._chance = now, chance

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context(trust_env=False)

    def address(self, url: str) -> str:
        """Return where a publisher's URL is really asked, after the base URL overrides.

        Raises:
            TransportError: the URL or its override is not an http(s) address.
        """
        try:
            asked = httpx.URL(url)
            base = self._base_urls.get(asked.host)
            if base is None and self._base_url:
                base = f"{self._base_url.rstrip('/')}/{asked.host}"
            if base is not None:
                asked = httpx.URL(base.rstrip("/") + asked.raw_path.decode("ascii"))
        except httpx.InvalidURL:
            asked = httpx.URL("")
        if asked.scheme not in ("http", "https") or not asked.host:
            raise TransportError(
                "a request needs an address that starts with http:// or https://; "
                "check the source's url and the base url override."
            )
        return str(asked)

    def fetch(self, request: Request) -> Sequence[Payload]:
        """Return the one answer of the publisher, after its form's page where it has one.

        Raises:
            Missing: the publisher answered 404 or 410.
            TransportError: no whole answer came within the limits; names host, status and remedy.
        """
        if request.form_page is None:
            return [self._answer(request)]
        bare = replace(request, method="GET", params={}, form={}, json_body={}, form_page=None)
        page = self._answer(replace(bare, url=request.form_page))
        form = {**hidden_inputs(page.body), **request.form}
        return [replace(self._answer(replace(request, form=form)), request=request)]

    def _answer(self, request: Request) -> Payload:
        url = httpx.URL(self.address(request.url)).copy_merge_params(dict(request.params))
        limits = self._limits
        self._pacer.wait(url.host, limits.seconds_between_requests)
        ends_at = self._clock() + limits.deadline_seconds
        # A client of its own: closing it ends an attempt that ran out of time, and no other.
        with httpx.Client(
            verify=self._tls,
            timeout=httpx.Timeout(limits.read_seconds, connect=limits.connect_seconds),
            follow_redirects=False,
            trust_env=False,
        ) as client:
            for attempt in range(1, limits.attempts + 1):
                remaining = ends_at - self._clock()
                try:
                    return pace.within(remaining, lambda: self._attempt(client, request, url))
                except TimeoutError:
                    problem = f"gave no whole answer within {limits.deadline_seconds:g} s"
                    break
                except _TryAgainError as error:
                    problem, wait = f"{error} (attempt {attempt})", self._wait(attempt, error)
                if attempt == limits.attempts or self._clock() + wait >= ends_at:
                    break
                self._sleep(wait)
                self._pacer.wait(url.host, limits.seconds_between_requests)
        raise _failure(request, problem, "run again later")

    def _wait(self, attempt: int, error: _TryAgainError) -> float:
        limits = self._limits
        if error.wait_seconds is not None:
            return min(error.wait_seconds, limits.retry_after_cap_seconds)
        first, cap = limits.first_backoff_seconds, limits.backoff_cap_seconds
        return pace.backoff_seconds(first, cap, attempt, self._chance())

    def _attempt(self, client: httpx.Client, request: Request, url: httpx.URL) -> Payload:
        method = request.method
        try:
            for _ in range(self._limits.redirects + 1):
                with client.stream(method, url, **self._sent(request, method)) as response:
                    if response.status_code not in REDIRECTS:
                        return self._payload(request, response)
                    url = _next_hop(request, response)
                    if response.status_code not in (307, 308):
                        method = "GET"
        except httpx.TransportError as error:
            known = (text for kind, text in PROBLEMS.items() if isinstance(error, kind))
            problem = next(known, None)
        else:
            redirects = self._limits.redirects
            raise _failure(request, f"redirected more than {redirects} times", "check the url")
        # Raised outside the handler: the client's own words may quote a header or a query, and
        # those may hold a credential.
        if problem is None:
            raise _failure(request, "could not be asked at all", "check the request's headers")
        raise _TryAgainError(problem)

    def _sent(self, request: Request, method: str) -> dict[str, Any]:
        headers = {"user-agent": self._agent, "accept": "*/*"}
        headers |= {name.lower(): value for name, value in request.headers.items()}
        headers["accept-encoding"] = "gzip"  # the one encoding that `read_body` can bound
        sent: dict[str, Any] = {"headers": headers}
        if method != "GET" and request.form:
            sent["data"] = dict(request.form)
        elif method != "GET" and request.json_body:
            sent["json"] = dict(request.json_body)
        return sent

    def _payload(self, request: Request, response: httpx.Response) -> Payload:
        status, headers = response.status_code, response.headers
        if status in GONE:
            raise Missing(f"{_place(request)} has no such file (HTTP {status}).")
        if status in RETRIED:
            asked_wait = pace.retry_after_seconds(headers.get("retry-after"), self._now())
            raise _TryAgainError(f"answered HTTP {status}", asked_wait)
        if status != 200:
            remedy = "check access rights, the publisher's terms and the request"
            raise _failure(request, f"answered HTTP {status}", remedy)
        cap = self._limits.body_cap_bytes
        try:
            announced = headers.get("content-length", "")
            if announced.isdigit() and int(announced[:20]) > cap:
                raise too_large(cap)
            body = read_body(response.iter_raw(), headers.get("content-encoding", ""), cap)
        except BodyTooLargeError as error:
            raise _failure(request, f"sent {error}", "check the url or raise the cap") from None
        except BodyError as error:
            raise _TryAgainError(f"sent {error}") from None
        kept = {name: value for name, value in headers.items() if name != "set-cookie"}
        is_synthetic = headers.get(SYNTHETIC_HEADER) == "1"
        return Payload(request, body, status, kept, self._now(), is_synthetic)


def _place(request: Request) -> str:
    """Name host and key: paths and queries may hold what no message should repeat."""
    return f"{httpx.URL(request.url).host} ({request.source}/{request.key})"


def _failure(request: Request, problem: str, remedy: str) -> TransportError:
    return TransportError(f"{_place(request)} {problem}; {remedy}.")


def _next_hop(request: Request, response: httpx.Response) -> httpx.URL:
    """Return where a redirect leads, which must be the same server."""
    here = response.request.url
    target = response.next_request.url if response.next_request else httpx.URL("")
    if (target.scheme, target.host, target.port) != (here.scheme, here.host, here.port):
        problem = f"redirected (HTTP {response.status_code}) to {target.host or 'nowhere'}"
        remedy = "other hosts are not followed: check the source's url"
        raise _failure(request, problem, remedy)
    return target
