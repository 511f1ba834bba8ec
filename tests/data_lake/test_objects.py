import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from data_lake.objects import ChangedError, ObjectStore, ObjectStoreError, Place
from tests.data_lake.s3_server import free_ports


@pytest.fixture
def store(bucket) -> ObjectStore:
    return ObjectStore(Place(bucket, "some/prefix"))


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("s3://bucket", ""),
        ("s3://bucket/", ""),
        ("s3://bucket/p", "p"),
        ("s3://bucket/p/q=1/", "p/q=1"),
    ],
)
def test_place_is_read_from_its_text(text, prefix):
    assert Place.parse(text) == Place("bucket", prefix)


@pytest.mark.parametrize(
    "text", ["s3:", "s3://", "s3://B_", "s3://bucket/../x", "s3://bucket/a//b", "s3://bucket/a b"]
)
def test_text_that_is_no_place_is_refused(text):
    with pytest.raises(ValueError, match="s3://bucket/prefix"):
        Place.parse(text)


def test_object_is_created_once_and_replaced_only_by_who_read_it(store):
    first = store.put("a", b"1", None)
    with pytest.raises(ChangedError, match="changed by another machine"):
        store.put("a", b"2", None)
    second = store.put("a", b"2", first)
    with pytest.raises(ChangedError):
        store.put("a", b"3", first)
    with pytest.raises(ChangedError):
        store.put("absent", b"3", second)
    assert store.get("a").content == b"2"
    assert store.get("absent") is None


def test_same_content_again_counts_as_written(store):
    assert store.put("a", b"1", None) == store.put("a", b"1", None)


def test_of_many_writers_at_once_one_wins(store):
    base = store.put("a", b"0", None)

    def write(number: int) -> bool:
        try:
            store.put("a", b"by %d" % number, base)
        except ChangedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(8))) == 1


def test_prefix_bounds_what_is_listed_and_keys_are_relative_to_it(bucket):
    outer, inner = ObjectStore(Place(bucket, "a")), ObjectStore(Place(bucket, "a/b"))
    outer.put("zone/x", b"", None)
    etags = {key: inner.put(key, b"", None) for key in ("zone/y", "zone/deeper/z")}
    assert [key for key, _ in outer.under("zone")] == ["zone/x"]
    assert dict(inner.under("zone")) == etags
    inner.delete([key for key, _ in inner.under("zone")])
    assert not list(inner.under("zone")) and list(outer.under("zone"))


def test_server_that_is_down_is_one_sentence(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_ports(1)[0]}")
    with pytest.raises(ObjectStoreError, match="cannot be reached.*AWS_ENDPOINT_URL"):
        ObjectStore(Place(bucket, "")).get("a")


def test_refused_credentials_are_one_sentence(bucket, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(ObjectStoreError, match="refuses the credentials.*AWS_SECRET_ACCESS_KEY"):
        ObjectStore(Place(bucket, "")).put("a", b"", None)


def test_missing_credentials_are_one_sentence(bucket, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(ObjectStoreError, match="credentials; see AWS_ACCESS_KEY_ID"):
        ObjectStore(Place(bucket, "")).get("a")


def test_missing_bucket_is_one_sentence(bucket):
    store = ObjectStore(Place("no-such-bucket", "p"))
    with pytest.raises(ObjectStoreError, match="no bucket no-such-bucket; create it"):
        store.get("a")
    with pytest.raises(ObjectStoreError, match="no bucket no-such-bucket; create it"):
        list(store.under("lake"))


def test_local_lake_imports_nothing_of_s3(tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\nfrom data_lake.files import write_atomically\n"
        "import orchestration.publishing.snapshot\nfrom orchestration.settings import settings\n"
        "write_atomically(settings().zones.lake / 'a', b'')\n"
        "print({'boto3', 'botocore', 'sqlite3', 'data_lake.working_copy'} & set(sys.modules))"
    )
    environment = {"HKFLOW_LAKE": str(tmp_path), "PATH": ""}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    assert (tmp_path / "lake" / "a").exists()
