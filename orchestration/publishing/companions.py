"""What a build lays beside its staged file for the snapshot to carry to readers.

Names and copying only: what is in the files is the matter of those who write them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.publishing.claims_engine import ENGINE

DOCS = "dbt-docs.html"
_COMPANIONS = (ENGINE, DOCS)


def copy_companions(staged: Path, folder: Path) -> None:
    """Copy the companions that stand beside a staged file into a snapshot's folder."""
    for name in _COMPANIONS:
        beside = staged.with_name(name)
        if beside.is_file():
            shutil.copyfile(beside, folder / name)
