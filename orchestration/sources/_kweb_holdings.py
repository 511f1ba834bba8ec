"""The holdings file of KraneShares' KWEB: CSV below a title that carries the date.

Here lives how the file is read. Where it comes from, and the history of the premium, is in
`kraneshares_kweb`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

from orchestration.sources._cell_columns import are_all, cells_of
from orchestration.sources._strict_json import fail, placed
from orchestration.sources.base import ParseError

FUND = "KWEB"
TITLE_DATE = re.compile(r"As of (\d{4}-\d{2}-\d{2})", re.ASCII)
RANK = re.compile(r"[0-9]{1,5}", re.ASCII)
DECIMAL = re.compile(r"-?(\d{1,3}(,\d{3}){1,5}|\d{1,18})?(\.\d+)?", re.ASCII)
RANKS = cells_of("[1-9][0-9]{0,4}+")
DECIMALS = cells_of(r"-?+(?:[0-9]{1,3}+(?:,[0-9]{3}){0,5}+|[0-9]{1,18}+)(?:\.[0-9]++)?+")
COLUMNS = (
    "Rank",
    "Company Name",
    "% of Net Assets",
    "Ticker",
    "Identifier",
    "Shares Held",
    "Market Value($)",
)
FIGURES = ("% of Net Assets", "Shares Held", "Market Value($)")
NO_VALUE = ("", "-", "--")
MAX_LINES = 2**15 - 1


def holdings_of(file: str, body: bytes, asked: dt.date) -> list[tuple[Any, ...]]:
    """Return the holdings of a file, in the order of the columns of `etf_holdings`.

    Raises:
        ParseError: not such a CSV file, one for another day than asked, an unknown or missing
            column, a rank that comes twice, or a value of the wrong kind.
    """
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParseError(f"{file}: is not a CSV file: {error}") from error
    if len(lines) < 3:
        fail(file, "has no holdings below title and header")
    title, header = lines[0], lines[1]
    dated = TITLE_DATE.fullmatch(title[1].strip()) if len(title) > 1 else None
    if not dated or title[0] != f"{FUND} Holdings":
        fail(file, f"title is {title[:3]!r}, expected '{FUND} Holdings' and 'As of YYYY-MM-DD'")
    if dated.group(1) != asked.isoformat():
        fail(file, f"holdings are as of {dated.group(1)}, asked was {asked.isoformat()}")
    _check_header(file, header)
    return _plain_holdings(asked, header, lines[2:]) or _checked_holdings(
        file, asked, header, lines[2:]
    )


def _plain_holdings(
    day: dt.date, header: list[str], lines: list[list[str]]
) -> list[tuple[Any, ...]] | None:
    """Return the holdings, read by the column; None where a line is not as ever."""
    if tuple(header) != COLUMNS or {*map(len, lines)} != {len(COLUMNS)}:
        return None
    ranks, names, weights, tickers, identifiers, shares, values = zip(*lines, strict=True)
    if not are_all(RANKS, ranks) or not are_all(DECIMALS, [*weights, *shares, *values]):
        return None
    numbers = list(map(int, ranks))
    if len({*numbers}) < len(numbers) or max(numbers) > MAX_LINES:
        return None
    texts = list(map(str.strip, names))
    if "" in texts:
        return None
    return [
        (day, FUND, *row)
        for row in zip(
            numbers,
            texts,
            map(_optional, tickers),
            map(_optional, identifiers),
            map(float, weights),
            [float(cell.replace(",", "")) for cell in shares],
            [float(cell.replace(",", "")) for cell in values],
            strict=True,
        )
    ]


def _checked_holdings(
    file: str, day: dt.date, header: list[str], lines: list[list[str]]
) -> list[tuple[Any, ...]]:
    """Read the holdings line by line."""
    rows: dict[int, tuple[Any, ...]] = {}
    for position, cells in enumerate(lines, start=3):
        if not cells:
            continue
        try:
            if len(cells) != len(header):
                fail("", f"has {len(cells)} cells instead of {len(header)}")
            rank, *row = _holding(dict(zip(header, cells, strict=True)))
            if rank in rows:
                fail("", f"rank {rank} comes twice")
        except ParseError as error:
            raise placed(f"{file} line {position}", error) from error
        rows[rank] = (day, FUND, rank, *row)
    return list(rows.values())


def _check_header(file: str, header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in COLUMNS if name not in header]
    if unknown:
        fail(file, f"unknown column {unknown[0]!r}")
    if missing:
        fail(file, f"missing column {missing[0]!r}")
    if len(header) != len(COLUMNS):
        fail(file, "a column comes twice")


def _holding(cells: dict[str, str]) -> tuple[Any, ...]:
    rank = cells["Rank"].strip()
    if not RANK.fullmatch(rank) or not 1 <= int(rank) <= MAX_LINES:
        fail("Rank", f"is {rank!r}, not a line number")
    name = cells["Company Name"].strip()
    if not name:
        fail("Company Name", "is empty")
    return (
        int(rank),
        name,
        _optional(cells["Ticker"]),
        _optional(cells["Identifier"]),
        *(_decimal(name, cells[name]) for name in FIGURES),
    )


def _optional(cell: str) -> str | None:
    text = cell.strip()
    return None if text in NO_VALUE else text


def _decimal(where: str, cell: str) -> float:
    digits = cell.strip()
    if digits in NO_VALUE or not DECIMAL.fullmatch(digits):
        fail(where, f"is {cell!r}, not a number")
    return float(digits.replace(",", ""))
