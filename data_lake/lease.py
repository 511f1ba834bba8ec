"""A lock between machines: an object that whoever holds it creates, renews and marks as released.

Taken by a conditional put, so that of two at once one wins. A holder renews it while it lives; one
that was not renewed in time is free to take. Time is the server's, so that clocks of machines do
not matter. What the lock guards is not known here.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import threading
import time
from contextlib import suppress
from uuid import uuid4

from data_lake.files import LakeLockedError
from data_lake.objects import ChangedError, Kept, ObjectStore, ObjectStoreError

LEASE_SECONDS = 20.0
"""Shorter than writers wait: what a killed run held is free before the next run gives up."""
_RENEWED_EVERY_SECONDS = 5.0
_ASKED_EVERY_SECONDS = 1.0


class Lease:
    """One hold on a lock object, by this process, once."""

    def __init__(self, store: ObjectStore, key: str) -> None:
        self.store = store
        self.key = key
        self._owner = {
            "owner": f"{socket.gethostname()}:{os.getpid()}",
            "hold": uuid4().hex,
            "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "lease_seconds": LEASE_SECONDS,
        }
        self._etag = ""
        self._renewals = 0
        self._is_lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def acquire(self, timeout_seconds: float) -> None:
        """Take the lock and keep renewing it in the background.

        Raises:
            LakeLockedError: somebody else still holds it after `timeout_seconds`.
            ObjectStoreError: the server cannot be asked, or does not honour conditions.
        """
        deadline = time.monotonic() + timeout_seconds
        while not self._take():
            if time.monotonic() > deadline:
                raise LakeLockedError(self._sentence())
            time.sleep(_ASKED_EVERY_SECONDS)
        if not self.store.keeps_conditions(self.key):
            raise ObjectStoreError(
                f"{self.store.place}: the server ignores If-None-Match, so that runs of two "
                "machines could overwrite each other; use one that honours conditional writes"
            )
        self._thread.start()

    def release(self) -> None:
        """Let go; where the server is out of reach the lock lapses by itself."""
        self._ended.set()
        self._thread.join()
        with suppress(ObjectStoreError):
            self.store.put(self.key, self._content(is_released=True), self._etag)

    def check(self) -> None:
        """Make sure that nobody else took the lock.

        Raises:
            ObjectStoreError: somebody did, since this process did not renew it in time.
        """
        if self._is_lost:
            raise ObjectStoreError(
                f"{self.store.place}: another run took over the lock {self.key}, since this one "
                f"was not heard of for {LEASE_SECONDS:g} seconds; run again"
            )

    def _take(self) -> bool:
        held = self.store.get(self.key)
        if held is not None and not _is_free(held):
            return False
        try:
            expected = held.etag if held else None
            self._etag = self.store.put(self.key, self._content(), expected)
        except ChangedError:
            return False
        return True

    def _keep(self) -> None:
        while not self._ended.wait(_RENEWED_EVERY_SECONDS):
            self._renewals += 1
            try:
                self._etag = self.store.put(self.key, self._content(), self._etag)
            except ChangedError:
                self._is_lost = True
                return
            except ObjectStoreError:
                continue  # the server may come back before anybody else wants the lock

    def _content(self, *, is_released: bool = False) -> bytes:
        record = self._owner | {"renewals": self._renewals, "is_released": is_released}
        return json.dumps(record, indent=1).encode()

    def _sentence(self) -> str:
        held = self.store.get(self.key)
        record = json.loads(held.content) if held else {}
        return (
            f"{self.store.place} is locked by another run ({record.get('owner', 'unknown')}, since "
            f"{record.get('since', 'unknown')}); wait for it to end, then try again"
        )


def _is_free(held: Kept) -> bool:
    record = json.loads(held.content)
    return record["is_released"] or held.age_seconds > record["lease_seconds"]
