"""The two payloads that are large: a sheet of the whole exchange, and a recorded CCASS page.

Run as a module with `render` or `parse` and a path it does that to the sheet, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from orchestration.sources import SOURCES
from orchestration.sources.base import Payload
from tests.benchmarks.measure import ROOT, cost_of
from tests.benchmarks.payloads import DERIVATIVES, LAST, STOCKS, quotation_sheet

SHEET, CCASS = "hkex_quotation_sheet", "hkex_ccass_southbound"
CCASS_DAY = dt.date(2019, 1, 25)
RECORDED_PAGE = ROOT.parent / f"shared/recorded/replay/{CCASS}/{CCASS_DAY}.html"
ROUNDS = 15


def big_payloads() -> Iterator[tuple[str, str, str]]:
    """Yield (what, goal, measured) of each payload."""
    yield _sheet()
    yield _recorded_page()


def _sheet() -> tuple[str, str, str]:
    # A process starts with the peak of the one that began it: the rendering has its own, too.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.htm"
        cost_of((sys.executable, "-m", __name__, "render", str(path)), {})
        cost = cost_of((sys.executable, "-m", __name__, "parse", str(path)), {})
        size = path.stat().st_size / 1e6
    what = (
        f"parse a quotation sheet of {size:.0f} MB, {STOCKS + DERIVATIVES:,} instruments, "
        "in a process of its own"
    )
    return what, "600 MB", f"{cost.peak_megabytes:,.0f} MB, {cost.cpu_seconds:.1f} CPU s"


def _recorded_page() -> tuple[str, str, str]:
    what = "parse the recorded CCASS page of 564 rows"
    if not RECORDED_PAGE.exists():
        return what, "100 ms CPU", "skipped: the recorded page is not beside the project"
    body = RECORDED_PAGE.read_bytes()
    times = [_milliseconds(CCASS, body, CCASS_DAY, rows=564) for _ in range(ROUNDS)]
    return what, "100 ms CPU", f"{sorted(times)[ROUNDS // 2]:.1f} ms CPU"


def _milliseconds(name: str, body: bytes, day: dt.date, rows: int) -> float:
    """Return the CPU milliseconds of one parse, its first table having some rows."""
    (source,) = (source for source in SOURCES if source.name == name)
    (request,) = source.requests([day])
    payload = Payload(request, body, 200, {}, dt.datetime.now(dt.UTC), is_synthetic=True)
    began = time.process_time()
    tables = source.parse(payload)
    spent = 1000 * (time.process_time() - began)
    assert tables[source.tables[0]].num_rows == rows, f"{name}: not {rows} rows"
    return spent


if __name__ == "__main__":
    task, sheet = sys.argv[1], Path(sys.argv[2])
    if task == "render":
        sheet.write_bytes(quotation_sheet().body)
    else:
        _milliseconds(SHEET, sheet.read_bytes(), LAST, rows=STOCKS)
