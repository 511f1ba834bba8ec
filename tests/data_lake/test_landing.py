import datetime as dt
import hashlib

import pytest

from data_lake.landing import Landing, UnsafeKeyError

NOON = dt.datetime(2025, 2, 18, 4, tzinfo=dt.UTC)


def keep(landing, body, hours, key="2025-02-18.js"):
    facts = {
        "fingerprint": "f",
        "status": 200,
        "headers": {},
        "is_synthetic": False,
        "world": "real",
        "url": "https://example.org/x.js",
    }
    sha256 = hashlib.sha256(body).hexdigest()
    at = NOON + dt.timedelta(hours=hours)
    return landing.keep("source", key, body, sha256=sha256, fetched_at=at, facts=facts)


def test_body_is_kept_once_and_every_fetch_is_noted(tmp_path):
    landing = Landing(tmp_path)
    for hour in range(3):
        keep(landing, b"same", hour)
    folder = tmp_path / "source" / "2025-02-18.js"
    assert len(list(folder.glob("*.gz"))) == 1
    assert len(list(folder.glob("*.json"))) == 3
    assert landing.body("source", "2025-02-18.js", hashlib.sha256(b"same").hexdigest()) == b"same"


def test_bodies_come_in_the_order_they_were_seen_and_returning_ones_again(tmp_path):
    landing = Landing(tmp_path)
    for hour, body in enumerate([b"a", b"a", b"b", b"a"]):
        keep(landing, body, hour)
    kept = landing.bodies("source", "2025-02-18.js")
    assert [item.body for item in kept] == [b"a", b"b", b"a"]
    assert [item.first_fetch.fetched_at.hour for item in kept] == [4, 6, 7]


def test_newest_names_the_last_fetch_and_since_when_its_body_stands(tmp_path):
    landing = Landing(tmp_path)
    for hour, body in enumerate([b"a", b"b", b"b"]):
        keep(landing, body, hour)
    last, first = landing.newest("source", "2025-02-18.js", "f")
    assert last.fetched_at == NOON + dt.timedelta(hours=2)
    assert first.fetched_at == NOON + dt.timedelta(hours=1)
    assert landing.newest("source", "2025-02-18.js", "another question") is None


@pytest.mark.parametrize(
    "key", ["../x", "a/b", "..", "", ".hidden", "x" * 200, "a\x00b", "/etc/passwd", "a..b"]
)
def test_key_that_could_leave_its_folder_is_refused(tmp_path, key):
    with pytest.raises(UnsafeKeyError):
        Landing(tmp_path).folder("source", key)


@pytest.mark.parametrize("key", ["0700.HK.json", "^HSI.json", "HKD=X.json", "2025-02-18.js"])
def test_ordinary_keys_are_folders(tmp_path, key):
    assert Landing(tmp_path).folder("source", key) == tmp_path / "source" / key


def test_names_of_the_notes_tell_when_which_body_was_seen(tmp_path):
    landing = Landing(tmp_path)
    for hour, body in enumerate([b"a", b"b", b"a"]):
        keep(landing, body, hour)
    seen = landing.seen("source", "2025-02-18.js")
    fetches = landing.fetches("source", "2025-02-18.js")
    assert seen == [(fetch.fetched_at, fetch.sha256) for fetch in fetches]
    assert landing.seen("source", "unknown.js") == []


def test_a_body_sent_for_several_keys_is_found_under_each(tmp_path):
    landing = Landing(tmp_path)
    for key in ("b.js", "a.js"):
        keep(landing, b"the same page", 0, key=key)
    sha256 = hashlib.sha256(b"the same page").hexdigest()
    assert landing.keys_of("source", sha256) == ["a.js", "b.js"]
