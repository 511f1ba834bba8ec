"""How the marts of a staged file are laid out: their keys, their days, and which of those are new.

A build lays this beside its staged file, as publishing knows neither dbt nor its manifest. A mart
that carries on has days: its figures before `first_days` are those of the snapshot `base`, and were
judged when that was published.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_BESIDE = "layout.json"


@dataclass(frozen=True)
class Layout:
    """Keys and days of marts, by their names; without any, all of every mart is new.

    `keys` gives the columns that no two rows share, in the order rows are kept in. `days` gives
    the column with the day of a mart that carries on, `first_days` the first day made anew, and
    `base` the id of the snapshot that the days before it are in.
    """

    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    first_days: Mapping[str, dt.date] = field(default_factory=dict)
    base: str | None = None


def write_layout(staged: Path, layout: Layout) -> None:
    """Lay a layout beside a staged file."""
    content = {
        "keys": {mart: list(columns) for mart, columns in layout.keys.items()},
        "days": dict(layout.days),
        "first_days": {mart: day.isoformat() for mart, day in layout.first_days.items()},
        "base": layout.base,
    }
    staged.with_name(_BESIDE).write_text(json.dumps(content, indent=1), encoding="utf-8")


def read_layout(staged: Path) -> Layout:
    """Return the layout beside a staged file; where there is none, everything is new."""
    path = staged.with_name(_BESIDE)
    if not path.is_file():
        return Layout()
    content = json.loads(path.read_text(encoding="utf-8"))
    first_days = {mart: dt.date.fromisoformat(day) for mart, day in content["first_days"].items()}
    return Layout(content["keys"], content["days"], first_days, content["base"])
