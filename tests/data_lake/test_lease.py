import threading
import time

import pytest

from data_lake import lease
from data_lake.files import LakeLockedError
from data_lake.lease import Lease
from data_lake.objects import ObjectStore, ObjectStoreError, Place

KEY = "locks/lake.json"


class CarelessStore(ObjectStore):
    """A server that ignores conditions, as those do that do not know them."""

    def _put(self, key, content, expected):
        return self._client.put_object(Bucket=self.place.bucket, Key=key, Body=content)["ETag"]


@pytest.fixture
def store(bucket) -> ObjectStore:
    return ObjectStore(Place(bucket, ""))


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(lease, "LEASE_SECONDS", 2.0)
    monkeypatch.setattr(lease, "_RENEWED_EVERY_SECONDS", 0.3)
    monkeypatch.setattr(lease, "_ASKED_EVERY_SECONDS", 0.1)


def test_second_is_refused_in_one_sentence_that_names_the_first(store, quick):
    first = Lease(store, KEY)
    first.acquire(0)
    with pytest.raises(LakeLockedError, match=r"is locked by another run \(.+:\d+, since 20"):
        Lease(store, KEY).acquire(0.3)
    first.release()


def test_second_waits_until_the_first_lets_go(store, quick):
    first, second = Lease(store, KEY), Lease(store, KEY)
    first.acquire(0)
    threading.Timer(0.7, first.release).start()
    begun = time.monotonic()
    second.acquire(10)
    assert time.monotonic() - begun >= 0.6
    second.check()
    second.release()


def test_lock_that_is_renewed_is_not_taken_over(store, quick):
    first = Lease(store, KEY)
    first.acquire(0)
    with pytest.raises(LakeLockedError):
        Lease(store, KEY).acquire(5)
    first.check()
    first.release()


def test_lock_of_a_dead_run_is_taken_over_and_the_dead_cannot_go_on(store, quick, monkeypatch):
    first, second = Lease(store, KEY), Lease(store, KEY)
    monkeypatch.setattr(lease, "_RENEWED_EVERY_SECONDS", 6.0)
    first.acquire(0)
    monkeypatch.setattr(lease, "_RENEWED_EVERY_SECONDS", 0.3)
    second.acquire(5)
    first._thread.join(10)
    with pytest.raises(ObjectStoreError, match="took over the lock"):
        first.check()
    first.release()
    second.check()
    second.release()


def test_of_many_at_once_one_gets_it(store, quick):
    holds = [Lease(store, KEY) for _ in range(6)]
    got: list[Lease] = []

    def try_it(hold: Lease) -> None:
        try:
            hold.acquire(0)
        except LakeLockedError:
            return
        got.append(hold)

    threads = [threading.Thread(target=try_it, args=(hold,)) for hold in holds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = got
    winner.release()


def test_server_that_ignores_conditions_is_refused(bucket, quick):
    with pytest.raises(ObjectStoreError, match="ignores If-None-Match"):
        Lease(CarelessStore(Place(bucket, "")), KEY).acquire(0)
