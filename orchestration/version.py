"""Which code made a figure: the package's version and hashes of the files that decide it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from orchestration.settings import PROJECT_ROOT

_READING = (
    "data_lake/**/*.py",
    "expectations/**/*.json",
    "expectations/**/*.py",
    "orchestration/calendar*",
    "orchestration/extraction/*.py",
    "orchestration/sources/*.py",
)
_BUILDING = (
    "dbt_project/macros/**/*",
    "dbt_project/models/**/*",
    "dbt_project/seeds/**/*",
    "dbt_project/tests/**/*",
    "dbt_project/*.yml",
    "orchestration/publishing/*.py",
    "orchestration/warehouse*.py",
    "requirements.lock",
)


_INSTALLED = ("duckdb", "dbt-core", "dbt-duckdb", "exchange-calendars", "great-expectations")
"""Libraries that decide figures; what is installed may not be what is locked."""


def _hash_of(patterns: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in PROJECT_ROOT.glob(pattern)}):
        if path.is_file() and not _is_compiled(path):
            digest.update(str(path.relative_to(PROJECT_ROOT)).encode())
            digest.update(path.read_bytes())
    digest.update(repr([_release_of(name) for name in _INSTALLED]).encode())
    return digest.hexdigest()[:12]


def _is_compiled(path: Path) -> bool:
    return "__pycache__" in path.parts


@cache
def reader_version() -> str:
    """Return a hash of all that decides which rows a payload gives to the lake."""
    return _hash_of(_READING)


@cache
def code_version() -> str:
    """Return `<version>+<hash>` of all that decides a published figure."""
    return f"{_release_of('hkflow')}+{_hash_of((*_READING, *_BUILDING))}"


def _release_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "0"
