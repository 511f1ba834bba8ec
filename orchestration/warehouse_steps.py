"""A build that carries on from the last publish where it can, and one of everything where it fails.

What can be carried on is `publishing.carried`'s matter, building is `warehouse`'s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_lake.tables.base import Table
from data_lake.zones import Zones
from orchestration.publishing.carried import begin_anew, carry_on
from orchestration.warehouse import WarehouseError, build, failures


@dataclass(frozen=True)
class Built:
    """What a build came to."""

    results: list[Any]
    """dbt's, of every node."""
    failures: str
    """Why it must not be published; empty where nothing failed."""
    first_day: dt.date | None
    """The first day that was made anew; None where everything was."""
    base: str | None
    """The id of the snapshot that the days before it are in."""


def build_what_changed(zones: Zones, target: Path, tables: Sequence[Table]) -> Built:
    """Build the warehouse into a file, only the days that changed where the last one can be had.

    A build that carries on and fails, for whatever reason, is followed by one of everything: what
    fails there too is a failure. `tables` are the lake's that models which carry on are made of.

    Raises:
        WarehouseError: dbt itself failed in a build of everything.
    """
    first_day, base = carry_on(zones, target, tables)
    if first_day:
        with suppress(WarehouseError):
            results = build(zones, target, first_changed_day=first_day)
            if not failures(target, results):
                return Built(results, "", first_day, base)
        begin_anew(zones, target, tables)
    results = build(zones, target)
    return Built(results, failures(target, results), None, None)
