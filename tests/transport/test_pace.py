"""Waits and pieces: pacing, back-off and bounded decompression hold for all inputs."""

from __future__ import annotations

import datetime as dt
import gzip
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.transport.body import BodyError, BodyTooLargeError, read_body
from orchestration.transport.pace import (
    HostPacer,
    backoff_seconds,
    is_loopback,
    retry_after_seconds,
    within,
)

NOW = dt.datetime(2025, 2, 18, 9, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_this_machine_is_never_made_to_wait(host, fake_time):
    pacer = HostPacer(fake_time.clock, fake_time.sleep)
    pacer.wait(host, 5)
    pacer.wait(host, 5)
    assert is_loopback(host)
    assert fake_time.slept == []


def test_each_host_has_its_own_pace(fake_time):
    pacer = HostPacer(fake_time.clock, fake_time.sleep)
    for host in ("www.hkex.com.hk", "fred.stlouisfed.org", "www.hkex.com.hk", "www.hkex.com.hk"):
        pacer.wait(host, 1.5)
    assert fake_time.slept == [1.5, 1.5]


def test_threads_that_come_together_are_given_turns_one_after_the_other():
    slept: list[float] = []
    pacer = HostPacer(lambda: 0.0, slept.append)
    threads = [threading.Thread(target=pacer.wait, args=("a.test", 2.0)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == [2.0, 4.0, 6.0, 8.0, 10.0]


@given(st.floats(0.01, 5), st.floats(5, 60), st.integers(1, 30), st.floats(0, 1))
def test_a_back_off_is_positive_and_below_its_cap(first, cap, attempt, chance):
    wait = backoff_seconds(first, cap, attempt, chance)
    assert 0 < wait <= cap
    assert backoff_seconds(first, cap, attempt + 1, chance) >= wait


@given(st.text(max_size=60))
def test_no_retry_after_header_is_negative_or_breaks(text):
    wait = retry_after_seconds(text, NOW)
    assert wait is None or wait >= 0


@given(st.binary(max_size=3000), st.integers(1, 400), st.booleans())
def test_a_body_is_the_same_however_it_is_cut_into_chunks(body, size, packed):
    sent = gzip.compress(body) if packed else body
    chunks = [sent[start : start + size] for start in range(0, len(sent), size)]
    assert read_body(chunks, "gzip" if packed else "", 3000) == body


@given(st.binary(min_size=1, max_size=2000), st.integers(1, 400), st.booleans())
def test_no_body_passes_a_cap_below_its_length(body, size, packed):
    sent = gzip.compress(body) if packed else body
    chunks = [sent[start : start + size] for start in range(0, len(sent), size)]
    with pytest.raises(BodyTooLargeError):
        read_body(chunks, "GZip" if packed else "identity", len(body) - 1)


@given(st.binary(max_size=500), st.data())
def test_no_cut_gzip_body_is_taken_for_a_whole_one(body, data):
    sent = gzip.compress(body)
    cut = data.draw(st.integers(0, len(sent) - 1))
    with pytest.raises(BodyError, match="cut short"):
        read_body([sent[:cut]], "gzip", 1000)


def test_work_that_fails_in_time_fails_with_its_own_error():
    def work() -> None:
        raise KeyError("own")

    with pytest.raises(KeyError, match="own"):
        within(1, work)
    assert within(1, lambda: 42) == 42
