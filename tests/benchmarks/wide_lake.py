"""A lake of the whole exchange: the sandbox's figures of thousands of securities over years.

Tables with a row per security and session are written straight to their month files, from the
arrays of the sandbox's boards; the small ones go through the product's own parsers and store, for
the sandbox's own listings. `python -m tests.benchmarks.wide_lake LAKE SECURITIES YEARS` writes one.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_lake.files import write_atomically
from data_lake.store import WORLD_FILE, LakeStore
from data_lake.tables import TABLES
from orchestration import calendar
from orchestration.extraction.prepare import prepare
from orchestration.sandbox import RENDERERS
from orchestration.sandbox.market import Market
from orchestration.sources import SOURCES
from orchestration.sources.base import Payload, Request, Source
from tests.benchmarks import wide_tables
from tests.benchmarks.wide_boards import Boards, boards

LAST = dt.date(2025, 2, 28)
_HELD = ".held"
_FETCHED_AT = dt.datetime(2025, 6, 30, tzinfo=dt.UTC)
_WIDE: dict[str, Callable[[Boards, slice], pa.Table]] = {
    "quotations": wide_tables.quotations,
    "short_selling": wide_tables.short_selling,
    "daily_bars": wide_tables.daily_bars,
    "southbound_holdings": wide_tables.southbound_holdings,
}


def write_wide_lake(lake: Path, securities: int, years: int) -> int:
    """Write the tables of some securities over the years up to `LAST`; return the rows written.

    The same arguments give the same rows. The last years of a longer lake are a shorter one.
    """
    first = LAST.replace(year=LAST.year - years) + dt.timedelta(days=1)
    store = LakeStore(lake)
    market = Market()
    for source in SOURCES:
        if source.name != "hkex_quotation_sheet":
            _write_narrow(store, source, market, first)
    found = boards(securities, first, LAST)
    for name, rows_of in _WIDE.items():
        for at in _months(found.days):
            _write_month(store, name, rows_of(found, at))
    actions = wide_tables.corporate_actions(found)
    months = pc.strftime(actions["ex_date"], format="%Y-%m")
    for month in pc.unique(months):
        _write_month(store, "corporate_actions", actions.filter(pc.equal(months, month)))
    write_atomically(lake / WORLD_FILE, json.dumps({"world": "sandbox"}).encode())
    return sum(store.count(table) for table in TABLES.values())


def hold_back(lake: Path, day: dt.date) -> None:
    """Take a day's rows and all later ones out of a lake; `release` puts them back.

    Corporate actions stay: a day with one is built in full, as it changes what came before it.
    """
    store = LakeStore(lake)
    for table in TABLES.values():
        path = store.month_file(table, f"{day:%Y-%m}")
        if path.exists() and table.name != "corporate_actions":
            rows = store.read(table, [f"{day:%Y-%m}"])
            kept = rows.filter(pc.less(rows[table.date_column], pa.scalar(day)))
            path.rename(path.with_suffix(_HELD))
            pq.write_table(kept, path, compression="zstd")


def release(lake: Path) -> None:
    """Put the rows back that were held."""
    for held in lake.rglob(f"*{_HELD}"):
        held.replace(held.with_suffix(".parquet"))


def _write_narrow(store: LakeStore, source: Source, market: Market, first: dt.date) -> None:
    days = calendar.sessions(source.calendar, first, LAST)
    requests = source.requests(days)
    payloads = [each for each in (_answer(market, request) for request in requests) if each]
    for name, rows in prepare(source, payloads, first, LAST).frames.items():
        store.write(TABLES[name], rows)


def _answer(market: Market, request: Request) -> Payload | None:
    answer = RENDERERS[request.source](market, request)
    if answer.status != 200:
        return None
    return Payload(request, answer.body, 200, answer.headers, _FETCHED_AT, is_synthetic=True)


def _months(days: list[dt.date]) -> Iterator[slice]:
    start = 0
    for _, group in groupby(days, key=lambda day: (day.year, day.month)):
        count = len(list(group))
        yield slice(start, start + count)
        start += count


def _write_month(store: LakeStore, name: str, rows: pa.Table) -> None:
    """Write a month of a table, beside what the parsers brought for other keys."""
    table = TABLES[name]
    if rows.num_rows == 0:
        return
    month = rows[table.date_column][0].as_py().strftime("%Y-%m")
    held = store.read(table, [month])
    if held.num_rows:
        keys = [(key, "ascending") for key in (*table.key, "published_at", "known_at")]
        rows = pa.concat_tables([held, rows]).sort_by(keys)
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="zstd")
    write_atomically(store.month_file(table, month), sink.getvalue())


if __name__ == "__main__":
    print(write_wide_lake(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
