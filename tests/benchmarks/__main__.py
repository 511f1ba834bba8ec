"""`make bench`: measures, compares with the goals and rewrites docs/benchmarks.md."""

from __future__ import annotations

import datetime as dt
import platform

from tests.benchmarks.big_payloads import big_payloads
from tests.benchmarks.measure import ROOT
from tests.benchmarks.parsing import parsing_ratios
from tests.benchmarks.postgres import postgres_costs
from tests.benchmarks.runs import run_costs

HEAD = """# Benchmarks

Written by `make bench`: whole processes as the operating system accounts for them. CPU is user plus
system seconds; machines differ and drift, so trust the ratios, and the absolute figures only on a
quiet machine. Goals are those the project was given.

Measured {day} on {machine}.

| what | goal | measured |
|---|---|---|
"""


def main() -> None:
    """Run every measurement and write the page."""
    measured = (*run_costs(), *big_payloads(), *parsing_ratios(), *postgres_costs())
    lines = [f"| {what} | {goal} | {found} |" for what, goal, found in measured]
    machine = f"Python {platform.python_version()}, {platform.machine()}"
    page = HEAD.format(day=dt.date.today(), machine=machine) + "\n".join(lines) + "\n"
    (ROOT / "docs" / "benchmarks.md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
