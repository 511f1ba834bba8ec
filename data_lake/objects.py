"""Objects on S3, or on a server that speaks its language: get, put on a condition, list, delete.

The only importer of boto3, and only once a lake on S3 is used. Where, who and how to reach it is
boto3's own matter (`AWS_*` variables, profiles, roles). What the objects mean is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import Any

PARALLEL_REQUESTS = 16
_CONNECT_TIMEOUT_SECONDS = 5
_READ_TIMEOUT_SECONDS = 60
_ATTEMPTS = 4
_KEYS_PER_DELETION = 1000
_PLACE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._=/-]*))?\Z")
_REFUSED = {"AccessDenied", "Forbidden", "403", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
_REFUSED |= {"ExpiredToken", "InvalidToken", "AuthorizationHeaderMalformed"}
_ABSENT = {"NoSuchKey", "404"}
_UNMET = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409", *_ABSENT}


class ObjectStoreError(Exception):
    """Objects cannot be read or written; the message is one sentence that says what to do."""


class ChangedError(ObjectStoreError):
    """An object is not what the writer had read: somebody else wrote it since."""


@dataclass(frozen=True)
class Place:
    """A bucket and a prefix in it (without slashes at its ends; may be empty)."""

    bucket: str
    prefix: str

    @classmethod
    def parse(cls, text: str) -> Place:
        """Return the place that `s3://bucket/prefix` names.

        Raises:
            ValueError: it names none.
        """
        found = _PLACE.match(text)
        prefix = (found[2] or "").strip("/") if found else ""
        if found is None or any(part in ("", ".", "..") for part in prefix.split("/") if prefix):
            raise ValueError(f"{text!r} is no place on S3; write for example s3://bucket/prefix")
        return cls(found[1], prefix)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


@dataclass(frozen=True)
class Kept:
    """An object as read. `age_seconds` is by the server's own clock, in whole seconds."""

    content: bytes
    etag: str
    age_seconds: float


class ObjectStore:
    """The objects under one place; keys are relative to it. Safe to use from several threads."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def get(self, key: str) -> Kept | None:
        """Return an object; None where there is none."""
        try:
            with self._told():
                answer = self._client.get_object(Bucket=self.place.bucket, Key=self._full(key))
                content = answer["Body"].read()
        except ChangedError:
            return None
        now = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        age = (parsedate_to_datetime(now) - answer["LastModified"]).total_seconds() if now else 0.0
        return Kept(content, answer["ETag"], age)

    def put(self, key: str, content: bytes, expected: str | None) -> str:
        """Write an object if its ETag is the expected one (None: if there is no object).

        Returns the new ETag. An object that already has this content counts as written: an answer
        may get lost and the request be sent again.

        Raises:
            ChangedError: the object is another one.
        """
        try:
            return self._put(key, content, expected)
        except ChangedError:
            found = self.get(key)
            if found is None or found.content != content:
                raise
            return found.etag

    def keeps_conditions(self, key: str) -> bool:
        """Return whether the server refuses to create an object that is there, as it must."""
        found = self.get(key)
        try:
            self._put(key, found.content if found else b"", None)
        except ChangedError:
            return True
        return False

    def under(self, folder: str) -> Iterator[tuple[str, str]]:
        """Yield key and ETag of every object under a folder."""
        for page in self._pages(folder):
            for item in page.get("Contents", ()):
                yield self._relative(item["Key"]), item["ETag"]

    def upload(self, path: Path, key: str) -> None:
        """Write a file of any size, whatever was there."""
        with self._told():
            self._client.upload_file(str(path), self.place.bucket, self._full(key))

    def download(self, key: str, path: Path) -> None:
        """Read an object of any size into a file.

        Raises:
            ObjectStoreError: it is not there, or cannot be read.
        """
        with self._told():
            self._client.download_file(self.place.bucket, self._full(key), str(path))

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects; those that are gone already count as removed."""
        for first in range(0, len(keys), _KEYS_PER_DELETION):
            some = [{"Key": self._full(key)} for key in keys[first : first + _KEYS_PER_DELETION]]
            with self._told():
                self._client.delete_objects(
                    Bucket=self.place.bucket, Delete={"Objects": some, "Quiet": True}
                )

    @cached_property
    def _client(self) -> Any:
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=_CONNECT_TIMEOUT_SECONDS,
            read_timeout=_READ_TIMEOUT_SECONDS,
            retries={"mode": "standard", "max_attempts": _ATTEMPTS},
            max_pool_connections=PARALLEL_REQUESTS,
        )
        return boto3.session.Session().client("s3", config=config)

    def _put(self, key: str, content: bytes, expected: str | None) -> str:
        condition = {"IfNoneMatch": "*"} if expected is None else {"IfMatch": expected}
        with self._told():
            full = self._full(key)
            answer = self._client.put_object(
                Bucket=self.place.bucket, Key=full, Body=content, **condition
            )
        return answer["ETag"]

    def _pages(self, folder: str) -> Iterator[dict[str, Any]]:
        with self._told():
            pages = self._client.get_paginator("list_objects_v2")
            yield from pages.paginate(Bucket=self.place.bucket, Prefix=f"{self._full(folder)}/")

    def _full(self, key: str) -> str:
        return f"{self.place.prefix}/{key}" if self.place.prefix else key

    def _relative(self, full: str) -> str:
        return full.removeprefix(f"{self.place.prefix}/") if self.place.prefix else full

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the client raises into one sentence."""
        from boto3.exceptions import Boto3Error
        from botocore import exceptions as botocore

        try:
            yield
        except botocore.ClientError as error:
            raise self._refusal(error.response.get("Error", {})) from None
        except (botocore.ConnectionError, botocore.HTTPClientError) as error:
            url = self._client.meta.endpoint_url
            raise ObjectStoreError(
                f"{self.place}: the server at {url} cannot be reached or does not answer "
                f"({type(error).__name__}); see that it is up and AWS_ENDPOINT_URL is right"
            ) from None
        except (botocore.BotoCoreError, Boto3Error, ValueError) as error:
            told = " ".join(str(error).split()).rstrip(".")
            raise ObjectStoreError(
                f"{self.place}: {told}; see AWS_ACCESS_KEY_ID and the other AWS_* variables"
            ) from None

    def _refusal(self, error: dict[str, str]) -> ObjectStoreError:
        code, message = error.get("Code", ""), error.get("Message", "").rstrip(".")
        if code in _UNMET:
            return ChangedError(
                f"{self.place} was changed by another machine since this one read it; run again"
            )
        if code == "NoSuchBucket":
            return ObjectStoreError(
                f"{self.place}: there is no bucket {self.place.bucket}; create it or correct "
                "HKFLOW_LAKE"
            )
        if code in _REFUSED:
            return ObjectStoreError(
                f"{self.place}: the server refuses the credentials ({code}); see that "
                "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_PROFILE may read and write there"
            )
        return ObjectStoreError(f"{self.place}: the server answers {code}: {message}")
