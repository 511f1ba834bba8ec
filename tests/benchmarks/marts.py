"""What the marts cost on a lake of the whole exchange: to build, to build raw, and to ask.

Run as a module with `build`, `day`, `raw`, `publish` or `ask` and its paths, it does that and
nothing else: each is measured as a process of its own.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from data_lake.zones import Zones
from orchestration.warehouse import DATABASE
from tests.benchmarks.measure import Cost, cost_of, touch_memory
from tests.benchmarks.wide_lake import LAST, hold_back, release

SECURITIES, YEARS = 2600, 10
_PAIRS = 5
"""Machines drift within minutes: of so many pairs the middle one counts, and all are shown."""
MODULE = (sys.executable, "-m", "tests.benchmarks.marts")
LAKE = (sys.executable, "-m", "tests.benchmarks.wide_lake")


def marts_costs(securities: int = SECURITIES, years: int = YEARS) -> Iterator[tuple[str, str, str]]:
    """Yield (what, goal, measured) of each measurement."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for length in (1, years):
            cost_of((*LAKE, str(root / str(length) / "lake"), str(securities), str(length)), {})
        size = f"{securities:,} securities x {years} years"
        product, raw = _pair(root, years)
        yield (
            f"build of all marts, {size}, against the same SQL raw",
            "ratio 1.3, 3,000 MB",
            f"ratio {_ratio((product, raw)):.2f} ({_shown(product)} against {_shown(raw)})",
        )
        copied = _task("publish", *_paths(root, years, "staged", "published"))
        yield f"sorted copy for readers, {size}", "3,000 MB", _shown(copied)
        yield from _asked(root / str(years))
        pairs = sorted(_new_days(root, years), key=_ratio)
        long, short = pairs[_PAIRS // 2]
        all_ratios = ", ".join(f"{_ratio(pair):.2f}" for pair in pairs)
        yield (
            f"marts of one new day, {years} years of {securities:,} securities against 1",
            "ratio 1.2, 3,000 MB",
            f"ratio {_ratio((long, short)):.2f} ({_shown(long)} against {_shown(short)}), "
            f"the middle of {all_ratios}",
        )


def _pair(root: Path, years: int) -> tuple[Cost, Cost]:
    """Return what the product's build costs, and the raw one right after it."""
    return _built(root, years), _task("raw", *_paths(root, years, "staged", "raw"))


def _built(root: Path, years: int) -> Cost:
    folder, staged = root / str(years), root / str(years) / "staged"
    (staged / DATABASE).unlink(missing_ok=True)
    return _task("build", str(folder), str(staged))


def _new_days(root: Path, years: int) -> list[tuple[Cost, Cost]]:
    """Return what the last day costs on marts of many years and of one, `_PAIRS` times in turn."""
    for length in (1, years):
        lake = root / str(length) / "lake"
        hold_back(lake, LAST)
        _built(root, length)
        release(lake)
    return [(_new_day(root, years), _new_day(root, 1)) for _ in range(_PAIRS)]


def _ratio(costs: tuple[Cost, Cost]) -> float:
    first, second = costs
    return first.cpu_seconds / second.cpu_seconds


def _new_day(root: Path, years: int) -> Cost:
    folder = root / str(years)
    carried = folder / "carried"
    shutil.copytree(folder / "staged", carried)
    cost = _task("day", str(folder), str(carried))
    shutil.rmtree(carried)
    return cost


def _task(*words: str) -> Cost:
    touch_memory()
    return cost_of((*MODULE, *words), {})


def _asked(folder: Path) -> Iterator[tuple[str, str, str]]:
    answers = folder / "answers.json"
    _task("ask", str(folder / "published"), str(answers))
    found = json.loads(answers.read_text())
    point = f"{found['point']:.1f} ms, of the first 200 {found['point_at_first']:.1f} ms"
    yield "one row of a mart by key, all columns, p50 of 2,000 rows", "5 ms", point
    yield "a year of a mart by month, p50", "100 ms", f"{found['year']:.0f} ms"


def _paths(root: Path, years: int, *names: str) -> tuple[str, ...]:
    return tuple(str(root / str(years) / name) for name in names)


def _shown(cost: Cost) -> str:
    return f"{cost.cpu_seconds:.0f} CPU s, {cost.peak_megabytes:,.0f} MB"


if __name__ == "__main__":
    from tests.benchmarks import marts_tasks

    task, first, second = sys.argv[1:]
    if task in ("build", "day"):
        made = {"build": marts_tasks.build_marts, "day": marts_tasks.add_day}[task]
        made(Zones(Path(first)), Path(second))
    else:
        {
            "raw": marts_tasks.build_raw,
            "publish": marts_tasks.copy_for_readers,
            "ask": marts_tasks.ask,
        }[task](Path(first), Path(second))
