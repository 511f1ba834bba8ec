"""How long to wait: between two requests to a host, before a retry, and for an answer at most.

Pure of any HTTP client; clocks and sleeps are given by the caller where a test needs its own.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import ipaddress
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class HostPacer:
    """Spaces the requests to each host; safe to share between threads."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        exempt: Callable[[str], bool] = is_loopback,
    ) -> None:
        self._clock, self._sleep, self._exempt = clock, sleep, exempt
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, seconds_between: float) -> None:
        """Sleep until the host may be asked again, `seconds_between` after the last request."""
        if self._exempt(host):
            return
        with self._lock:
            now = self._clock()
            turn = max(now, self._free_at.get(host, now))
            self._free_at[host] = turn + seconds_between
        if turn > now:
            self._sleep(turn - now)


PROCESS_PACER = HostPacer()
"""One pace per host for the whole process, however many transports it opens."""


def retry_after_seconds(value: str | None, now: dt.datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, or None where it says nothing usable.

    The header holds seconds or an HTTP date; a date in the past is 0.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())


def backoff_seconds(first: float, cap: float, attempt: int, chance: float) -> float:
    """Return the wait before the retry that follows `attempt` (1, 2, ...), in seconds.

    It doubles from `first` up to `cap`; `chance` (0 to 1) shortens it by up to a half, so that
    many clients that failed together do not come back together.
    """
    return min(cap, first * 2 ** (attempt - 1)) * (1 - chance / 2)


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Return what `work` returns, or give up on it after `seconds`.

    Socket time-outs are per read and name look-ups have none: only a second thread can bound the
    whole. The thread given up on is a daemon; closing its connection ends it.

    Raises:
        TimeoutError: the time ran out.
    """
    outcome: Future[Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: B036 - handed over to the thread that waits
            outcome.set_exception(error)

    threading.Thread(target=run, name="hkflow-fetch", daemon=True).start()
    return outcome.result(timeout=max(0.0, seconds))
