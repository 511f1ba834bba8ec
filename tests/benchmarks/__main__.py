"""`make bench`: measures, compares with the goals and rewrites docs/benchmarks.md.

`python -m tests.benchmarks runs postgres` measures those groups alone and keeps the others.
"""

from __future__ import annotations

import datetime as dt
import platform
import re
import sys
from collections.abc import Callable, Iterable, Sequence

from tests.benchmarks.big_payloads import big_payloads
from tests.benchmarks.marts import marts_costs
from tests.benchmarks.measure import ROOT
from tests.benchmarks.parsing import parsing_ratios
from tests.benchmarks.postgres import postgres_costs
from tests.benchmarks.runs import run_costs

Measurement = tuple[str, str, str]
"""What was measured, the goal, what was found."""

GROUPS: dict[str, Callable[[], Iterable[Measurement]]] = {
    "runs": run_costs,
    "payloads": big_payloads,
    "parsing": parsing_ratios,
    "marts": marts_costs,
    "postgres": postgres_costs,
}
PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`, or by `python -m tests.benchmarks GROUP ...` for some groups alone. Whole
processes, as the operating system accounts for them; CPU is user plus system seconds. Machines
differ and drift: trust the ratios, and the absolute figures only on a quiet machine. Goals are
those the project was given.
"""


def section(group: str, measured: Iterable[Measurement]) -> str:
    """Return a group's part of the page."""
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    rows = "\n".join(f"| {what} | {goal} | {found} |" for what, goal, found in measured)
    return (
        f"## {group}\n\nMeasured {dt.date.today()} on {machine}.\n\n"
        f"| what | goal | measured |\n|---|---|---|\n{rows}\n"
    )


def sections(page: str) -> dict[str, str]:
    """Return the parts of a page by group."""
    parts = re.split(r"(?m)^(?=## )", page)[1:]
    return {part.splitlines()[0].removeprefix("## "): part.rstrip() + "\n" for part in parts}


def main(chosen: Sequence[str]) -> None:
    """Run the measurements of some groups, or of all, and write the page."""
    unknown = sorted(set(chosen) - set(GROUPS))
    if unknown:
        raise SystemExit(f"no such group: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    kept = sections(PAGE.read_text(encoding="utf-8"))
    for group in chosen or GROUPS:
        kept[group] = section(group, GROUPS[group]())
        page = "\n".join([HEAD, *(kept[name] for name in GROUPS if name in kept)])
        PAGE.write_text(page, encoding="utf-8")
        print(kept[group])


if __name__ == "__main__":
    main(sys.argv[1:])
