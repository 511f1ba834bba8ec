"""Which code made a figure: the package's version and a hash of the files that decide it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from orchestration.settings import PROJECT_ROOT

_DECIDING = (
    "data_lake/**/*.py",
    "orchestration/**/*.py",
    "expectations/**/*.json",
    "expectations/**/*.py",
    "dbt_project/models/**/*",
    "dbt_project/macros/**/*",
    "dbt_project/seeds/**/*",
)


@cache
def code_version() -> str:
    """Return `<version>+<hash of code, models, seeds and suites>`."""
    digest = hashlib.sha256()
    for pattern in _DECIDING:
        for path in sorted(PROJECT_ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(PROJECT_ROOT)).encode())
                digest.update(path.read_bytes())
    try:
        release = version("hkflow")
    except PackageNotFoundError:
        release = "0"
    return f"{release}+{digest.hexdigest()[:12]}"
