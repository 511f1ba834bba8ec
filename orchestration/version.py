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


def _hash_of(patterns: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in PROJECT_ROOT.glob(pattern)}):
        if path.is_file() and not _is_compiled(path):
            digest.update(str(path.relative_to(PROJECT_ROOT)).encode())
            digest.update(path.read_bytes())
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
    try:
        release = version("hkflow")
    except PackageNotFoundError:
        release = "0"
    return f"{release}+{_hash_of((*_READING, *_BUILDING))}"
