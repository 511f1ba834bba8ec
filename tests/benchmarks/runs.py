"""What runs cost: the default one from nothing, the same again, and one new day on a long lake.

The goals in CPU seconds are of one machine; the first row tells how much slower this one is.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import HKFLOW, Cost, cost_of

LAST_DAY = "2025-02-27"
NEW_DAY = "2025-02-28"
CALIBRATION = "import great_expectations"
GOALS_MACHINE_CPU_SECONDS = 2.8
"""What the calibration cost on the machine on which the goals were set."""


def run_costs() -> Iterator[tuple[str, str, str]]:
    """Yield (what, goal, measured) of each measurement."""
    yield _calibration()
    with tempfile.TemporaryDirectory() as folder:
        home = {"HKFLOW_LAKE": f"{folder}/zones", "DAGSTER_HOME": f"{folder}/dagster"}
        first = _run(home)
        lake = Path(home["HKFLOW_LAKE"]) / "lake"
        before = {path: path.stat().st_mtime_ns for path in lake.rglob("*.parquet")}
        again = _run(home)
        after = {path: path.stat().st_mtime_ns for path in lake.rglob("*.parquet")}
    changed = sum(before.get(path) != stamp for path, stamp in after.items())
    what = "default run (sandbox, 2024-01-02..2025-02-28, all sources), cold, empty lake"
    yield what, "40 CPU s, 1,500 MB", _shown(first)
    yield (
        "the same again, nothing new",
        "12 CPU s, 0 lake files",
        f"{_shown(again)}, {changed} files",
    )
    yield _one_new_day()


def _calibration() -> tuple[str, str, str]:
    """Return what a fixed piece of work costs here: the least of five, of whole processes."""
    command = (sys.executable, "-c", CALIBRATION)
    seconds = min(cost_of(command, {}).cpu_seconds for _ in range(5))
    return (
        f"calibration: `{CALIBRATION}` alone, in the same session",
        f"{GOALS_MACHINE_CPU_SECONDS} CPU s where the goals were set",
        f"{seconds:.1f} CPU s: goals in CPU s times {seconds / GOALS_MACHINE_CPU_SECONDS:.2f} here",
    )


def _one_new_day() -> tuple[str, str, str]:
    costs = {years: _new_day_on(years) for years in (1, 10)}
    ratio = costs[10].cpu_seconds / costs[1].cpu_seconds
    return (
        "one new day with 10 years of lake against 1 year",
        "ratio 1.2",
        f"ratio {ratio:.2f} ({_shown(costs[10])} against {_shown(costs[1])})",
    )


def _new_day_on(years: int) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        home = {"HKFLOW_LAKE": f"{folder}/zones", "DAGSTER_HOME": f"{folder}/dagster"}
        _run(home, "--from", f"{2025 - years}-02-28", "--to", LAST_DAY)
        return _run(home, "--from", NEW_DAY, "--to", NEW_DAY)


def _run(home: dict[str, str], *words: str) -> Cost:
    return cost_of((*HKFLOW, "run", *words), home)


def _shown(cost: Cost) -> str:
    return f"{cost.cpu_seconds:.1f} CPU s, {cost.peak_megabytes:,.0f} MB"
