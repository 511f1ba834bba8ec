"""The archive transport: plain folders and landing zones give back what was kept, and no more."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os

import pytest

from orchestration.transport import Missing, TransportError, open_transport
from orchestration.transport.archive import ArchiveNotFound, ArchiveTransport


def keep(root, request, body, fetched_at, **facts):
    """Write one fetch into a landing zone by hand, in its documented layout."""
    folder = root / request.source / request.key
    folder.mkdir(parents=True, exist_ok=True)
    sha = hashlib.sha256(body).hexdigest()
    (folder / f"{sha}.gz").write_bytes(gzip.compress(body, mtime=0))
    record = {
        "url": request.url,
        "method": "GET",
        "params": {},
        "form": {},
        "status": 200,
        "headers": {"last-modified": "Tue, 18 Feb 2025 09:30:00 GMT"},
        "fetched_at": fetched_at,
        "sha256": sha,
        "is_synthetic": False,
        "fingerprint": request.fingerprint,
    }
    stamp = dt.datetime.fromisoformat(fetched_at).strftime("%Y%m%dT%H%M%S%fZ")
    (folder / f"{stamp}-{sha[:12]}.json").write_text(json.dumps(record | facts))


@pytest.mark.parametrize("key", ["2025-02-18.js", "^HSI.json", "HKD=X.json", "0700.HK.json"])
def test_a_plain_file_is_one_real_payload_dated_by_its_modification(key, tmp_path, ask):
    path = tmp_path / "yahoo_chart" / key
    path.parent.mkdir()
    path.write_bytes(b"\x00bytes")
    os.utime(path, (1739871000, 1739871000))
    (payload,) = ArchiveTransport(tmp_path).fetch(ask(source="yahoo_chart", key=key))
    assert (payload.body, payload.status, payload.is_synthetic) == (b"\x00bytes", 200, False)
    assert payload.fetched_at == dt.datetime(2025, 2, 18, 9, 30, tzinfo=dt.UTC)


def test_a_landing_zone_gives_each_change_once_oldest_first(tmp_path, ask):
    request = ask()
    keep(tmp_path, request, b"second", "2025-02-19T09:00:00+00:00", is_synthetic=True)
    keep(tmp_path, request, b"first", "2025-02-18T10:00:00+00:00")
    keep(tmp_path, request, b"first", "2025-02-18T11:00:00+00:00")
    payloads = ArchiveTransport(tmp_path).fetch(request)
    assert [payload.body for payload in payloads] == [b"first", b"second"]
    assert [payload.is_synthetic for payload in payloads] == [False, True]
    assert payloads[0].fetched_at == dt.datetime(2025, 2, 18, 10, tzinfo=dt.UTC)
    assert payloads[0].headers["last-modified"] == "Tue, 18 Feb 2025 09:30:00 GMT"


def test_kept_refusals_are_not_replayed_as_data(tmp_path, ask):
    keep(tmp_path, ask(), b"<html>busy", "2025-02-18T10:00:00+00:00", status=503)
    with pytest.raises(Missing):
        ArchiveTransport(tmp_path).fetch(ask())


@pytest.mark.parametrize("made", ["nothing", "source folder", "empty landing folder"])
def test_what_was_never_kept_is_missing(made, tmp_path, ask):
    request = ask()
    if made != "nothing":
        (tmp_path / request.source).mkdir()
    if made == "empty landing folder":
        (tmp_path / request.source / request.key).mkdir()
    with pytest.raises(Missing, match=r"hkex_stock_connect/2025-02-18\.js"):
        ArchiveTransport(tmp_path).fetch(request)


@pytest.mark.parametrize(
    "key",
    ["../secret", "..", ".", "", "a/b", "a\\b", "/etc/passwd", "a..b", "a\x00b", ".hidden", "a\n"],
)
def test_a_key_never_leaves_its_folder(key, tmp_path, ask):
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "archive" / "hkex_stock_connect").mkdir(parents=True)
    transport = ArchiveTransport(tmp_path / "archive")
    with pytest.raises(TransportError, match="not a usable name"):
        transport.fetch(ask(key=key))
    with pytest.raises(TransportError, match="not a usable name"):
        transport.fetch(ask(source=key))


def test_a_changed_body_is_refused(tmp_path, ask):
    request = ask()
    keep(tmp_path, request, b"true", "2025-02-18T10:00:00+00:00")
    (path,) = (tmp_path / request.source / request.key).glob("*.gz")
    path.write_bytes(gzip.compress(b"false"))
    with pytest.raises(TransportError, match="was changed after it was kept"):
        ArchiveTransport(tmp_path).fetch(request)


@pytest.mark.parametrize(
    ("pattern", "content"),
    [("*.gz", b"not gzip"), ("*.gz", None), ("*.json", b"{"), ("*.json", b"{}")],
    ids=["broken body", "lost body", "cut record", "empty record"],
)
def test_a_damaged_landing_zone_is_an_error_that_names_the_key(pattern, content, tmp_path, ask):
    request = ask()
    keep(tmp_path, request, b"body", "2025-02-18T10:00:00+00:00")
    (path,) = (tmp_path / request.source / request.key).glob(pattern)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(TransportError, match=r"hkex_stock_connect/2025-02-18\.js cannot be read"):
        ArchiveTransport(tmp_path).fetch(request)


def test_a_wrong_folder_is_told_apart_from_a_gap(tmp_path):
    with pytest.raises(ArchiveNotFound, match="no archive folder at .*nowhere"):
        open_transport("archive", archive=tmp_path / "nowhere")
    with pytest.raises(TransportError, match="name one"):
        open_transport("archive")


def test_an_unknown_transport_is_refused_with_the_known_names():
    with pytest.raises(TransportError, match="sandbox, http, archive"):
        open_transport("ftp")


def test_transports_close_twice_without_harm(tmp_path):
    for name in ("archive", "http", "sandbox"):
        with open_transport(name, archive=tmp_path) as transport:
            assert transport.name == name
        transport.close()
