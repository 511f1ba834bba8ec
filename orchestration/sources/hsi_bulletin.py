"""Hang Seng Indexes' daily bulletin: level, price-earnings ratio and dividend yield of indices.

Where: https://www.hsi.com.hk/static/uploads/contents/en/indexes/report/<family>/idx_<dMMMyy>.csv.
Licence: index data is licensed; display with attribution, no redistribution.
When: published after the close; by the next morning the session's file is there. 404 on holidays.
Units: points, percent points, ratios, turnover in mn of the index's currency.
Oddities:
* The day in the file name has no leading zero: `idx_3Feb25.csv`.
* The "csv" is UTF-16 with a byte order mark, separated by tabs, quoted, with two header lines, one
  of them English. The name of an index is English, then Chinese, in one cell.
* The file of a family also has sub-indices and the index in USD: they are left out.
* `-` stands for no value. There is no price-to-book ratio.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from data_lake.tables.index_valuations import INDEX_VALUATIONS
from orchestration.sources._arrow_rows import ArrowRows
from orchestration.sources._printed_numbers import NO_VALUE, optional_number, printed_number
from orchestration.sources._strict_json import fail, placed
from orchestration.sources.base import ParseError, Payload, Request, Source

NAME = "hsi_bulletin"
HOME = "https://www.hsi.com.hk/eng/resources-education/download"
URL = "https://www.hsi.com.hk/static/uploads/contents/en/indexes/report/{family}/idx_{day}.csv"
HEADLINES = {
    "hsi": ("Hang Seng Index", "^HSI"),
    "hscei": ("Hang Seng China Enterprises Index", "^HSCE"),
    "hstech": ("Hang Seng TECH Index", "HSTECH.HK"),
}
"""The index that gives a family its name, and the vendor's symbol for it."""
CURRENCY = "HKD"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DATE, INDEX, INDEX_CURRENCY = "Trade Date", "Index", "Index Currency"
LEVELS = {
    "Daily High": "high_level",
    "Daily Low": "low_level",
    "Index Close": "close_level",
    "Point Change": "point_change",
    "% Change": "change_pct",
}
RATIOS = {
    "Dividend Yield (%)": "dividend_yield_pct",
    "PE Ratio (times)": "pe_ratio",
    "Index Turnover (Mn)": "index_turnover_mn",
}
UNREAD = ("Market Turnover (Mn)", "Index Currency to HKD")
COLUMNS = (DATE, INDEX, INDEX_CURRENCY, *LEVELS, *RATIOS, *UNREAD)
OTHER_NAMES = {"PE Ratio": "PE Ratio (times)"}
"""Older spellings of column names."""
KEY = re.compile(r"(hsi|hscei|hstech)\.([0-9]{4}-[0-9]{2}-[0-9]{2})\.csv", re.ASCII)
PRINTED_DATE = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})", re.ASCII)
INDEX_ROWS = ArrowRows(INDEX_VALUATIONS.schema)
FIGURE_COLUMNS = INDEX_VALUATIONS.schema.names[4:]
NOT_ENGLISH = re.compile(r"[^\x00-\x7f]")


def requests(sessions: Sequence[dt.date]) -> list[Request]:
    """Return one file per session and family."""
    return [file_request(family, day) for day in sessions for family in HEADLINES]


def file_request(family: str, day: dt.date) -> Request:
    """Return the request for one family's file of one session."""
    url = URL.format(family=family, day=f"{day.day}{MONTHS[day.month - 1]}{day:%y}")
    return Request(NAME, f"{family}.{day}.csv", url, day, day)


def parse(payload: Payload) -> dict[str, pa.Table]:
    """Return the headline index of one family as `index_valuations`, one row or none.

    Raises:
        ParseError: an unknown key, not UTF-16 text of tabs, an unknown or missing column, a row of
            another day than asked, the headline index missing or twice, or no number.
    """
    file = f"{NAME}/{payload.request.key}"
    asked = KEY.fullmatch(payload.request.key)
    if not asked:
        fail(file, "unknown key, expected <family>.YYYY-MM-DD.csv")
    name, symbol = HEADLINES[asked[1]]
    day = payload.request.first_session
    row = _headline(file, payload.body, name, day)
    figures = _figures(row)
    own = (day, symbol, row.english, CURRENCY)
    return {"index_valuations": INDEX_ROWS.table([own + figures] if figures else [])}


def _figures(row: _Row) -> tuple[float | None, ...]:
    """Return the figures in the order of the table, nothing where none is printed."""
    cells = row.cells
    if all(cells[name].strip() in NO_VALUE for name in (*LEVELS, *RATIOS)):
        return ()
    try:
        figures: dict[str, float | None] = {
            column: printed_number(name, cells[name]) for name, column in LEVELS.items()
        }
        for name, column in RATIOS.items():
            figures[column] = optional_number(name, cells[name])
    except ParseError as error:
        raise placed(row.where, error) from error
    return tuple(map(figures.get, FIGURE_COLUMNS))


@dataclass(frozen=True)
class _Row:
    """A row of the file by column name, where it stands, and the English name of its index."""

    where: str
    cells: dict[str, str]
    english: str


def _headline(file: str, body: bytes, name: str, day: dt.date) -> _Row:
    """Return the row of a family's own index, all rows having been checked for their date."""
    lines = _lines(file, body)
    header = _header(file, lines)
    at_date, at_index, at_currency = map(header.index, (DATE, INDEX, INDEX_CURRENCY))
    compact, wanted = f"{day:%Y%m%d}", name.casefold()
    found = []
    for number, cells in enumerate(lines[2:], start=3):
        if len(cells) != len(header):
            fail(f"{file} line {number}", f"has {len(cells)} cells instead of {len(header)}")
        if cells[at_date] != compact:
            _check_date(f"{file} line {number} {DATE}", cells[at_date], day)
        english = NOT_ENGLISH.split(cells[at_index], maxsplit=1)[0].strip()
        if english.casefold() == wanted and cells[at_currency].strip() == CURRENCY:
            by_name = dict(zip(header, cells, strict=True))
            found.append(_Row(f"{file} line {number}", by_name, english))
    if len(found) != 1:
        fail(file, f"{name!r} in {CURRENCY} comes {len(found)} times instead of once")
    return found[0]


def _header(file: str, lines: list[list[str]]) -> list[str]:
    """Return the names of the columns, the known ones in any order."""
    header = [OTHER_NAMES.get(name.strip(), name.strip()) for name in _english_header(file, lines)]
    if set(header) != set(COLUMNS) or len(header) != len(COLUMNS):
        unknown = [name for name in header if name not in COLUMNS]
        missing = [name for name in COLUMNS if name not in header]
        if unknown:
            fail(file, f"unknown column {unknown[0]!r}")
        fail(file, f"missing column {missing[0]!r}" if missing else "a column comes twice")
    return header


def _lines(file: str, body: bytes) -> list[list[str]]:
    if not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = body[:40].decode("utf-8", "replace")
        fail(file, f"has no UTF-16 byte order mark, it begins with {start!r}")
    try:
        text = io.StringIO(body.decode("utf-16"), newline="")
        return [cells for cells in csv.reader(text, delimiter="\t", strict=True) if any(cells)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParseError(f"{file}: is not UTF-16 text of tabs: {error}") from error


def _english_header(file: str, lines: list[list[str]]) -> list[str]:
    english = [cells for cells in lines[:2] if cells[0].strip() == DATE]
    if len(english) != 1:
        start = [cells[0] for cells in lines[:2]]
        fail(file, f"neither or both of the two header lines begin with {DATE!r}: {start}")
    return english[0]


def _check_date(where: str, cell: str, asked: dt.date) -> None:
    found = PRINTED_DATE.fullmatch(cell.strip())
    if not found or "-".join(found.groups()) != asked.isoformat():
        fail(where, f"is {cell!r}, asked was {asked}")


SOURCE = Source(
    name=NAME,
    tables=("index_valuations",),
    requests=requests,
    parse=parse,
    calendar="XHKG",
    publish_lag=dt.timedelta(hours=16),
    revision_window=dt.timedelta(days=3),
    evidence_grade="official",
    license="Licensed index data: display with attribution, no redistribution",
    home=HOME,
)
