"""The four zones under one root, by name. The only place that knows their folder names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Zones:
    """The folders a warehouse lives in."""

    root: Path

    @property
    def landing(self) -> Path:
        """Return where kept payloads are."""
        return self.root / "landing"

    @property
    def lake(self) -> Path:
        """Return where the tables are."""
        return self.root / "lake"

    @property
    def quarantine(self) -> Path:
        """Return where rows that failed their suite are."""
        return self.root / "quarantine"

    @property
    def snapshots(self) -> Path:
        """Return where published marts are."""
        return self.root / "snapshots"
