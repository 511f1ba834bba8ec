"""The wrapper that HKEX puts round its Stock Connect statistics: a list of market blocks in script.

Here lives what is about the wrapper: the assignment to `tabData`, the four blocks and their
identity, the named tables inside a block. What the columns mean is the source's affair.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from orchestration.sources.base import ParseError

MARKETS = ("SSE Northbound", "SSE Southbound", "SZSE Northbound", "SZSE Southbound")
"""Block names in the order of their ids."""
SZSE_START = dt.date(2016, 12, 5)
"""First session of the Shenzhen channel; earlier files need not have its blocks."""
OPTIONAL_COLUMNS = frozenset({"ETF Turnover"})
PREFIX = re.compile(r"\s*tabData\s*=\s*")
SURROGATE = re.compile("[\ud800-\udfff]")


def fail(where: str, problem: str) -> NoReturn:
    """Refuse the bytes.

    Raises:
        ParseError: always; `where` names file, block and row, `problem` what was found.
    """
    raise ParseError(f"{where}: {problem}")


def _decode(file: str, body: bytes) -> object:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"{file}: byte {error.start} is not UTF-8") from error
    if text.lstrip().startswith("<"):
        fail(file, "is HTML, not a Stock Connect daily file; the day may not be published")
    prefix = PREFIX.match(text)
    if not prefix:
        fail(file, f"does not begin with 'tabData =' but with {text[:20]!r}")
    try:
        return json.loads(text[prefix.end() :].rstrip().removesuffix(";"))
    except (ValueError, RecursionError) as error:
        raise ParseError(f"{file}: tabData is not JSON: {error}") from error


def southbound_blocks(file: str, body: bytes, day: dt.date) -> dict[str, dict[str, Any]]:
    """Return the southbound blocks by market name, all four blocks having been checked.

    Raises:
        ParseError: not such a file, a block is missing or strange, or it is about another day.
    """
    blocks = _decode(file, body)
    if not isinstance(blocks, list):
        fail(file, f"tabData is {type(blocks).__name__}, not a list of market blocks")
    found: dict[str, dict[str, Any]] = {}
    printed_day = day.isoformat()
    for block in blocks:
        market = _checked_market(file, block, printed_day)
        if market in found:
            fail(file, f"market {market} appears twice")
        found[market] = block
    expected = [name for name in MARKETS if name.startswith("SSE") or day >= SZSE_START]
    for market in expected:
        if market not in found:
            fail(file, f"market {market} is missing")
    return {name: block for name, block in found.items() if name.endswith("Southbound")}


def _checked_market(file: str, block: object, day: str) -> str:
    if not isinstance(block, dict):
        fail(file, f"a market block is {type(block).__name__}, not an object")
    market = block.get("market")
    if market not in MARKETS:
        fail(file, f"unknown market {market!r}")
    place = MARKETS.index(market)
    if block.get("id") != place:
        fail(file, f"{market} has id {block.get('id')!r}, not {place}")
    if block.get("date") != day:
        fail(file, f"{market} is dated {block.get('date')!r}, not the requested {day}")
    if block.get("tradingDay") not in (0, 1):
        fail(file, f"{market} has tradingDay {block.get('tradingDay')!r}, not 0 or 1")
    return market


def _are_texts(cells: list[Any]) -> bool:
    # Half a surrogate pair is legal in JSON and cannot be stored as UTF-8.
    try:
        return not SURROGATE.search("".join(cells))
    except TypeError:
        return False


def named_table(
    where: str, block: dict[str, Any], classname: str
) -> tuple[list[str], list[list[Any]]]:
    """Return the column names of a block's table and the cells of each of its rows.

    Raises:
        ParseError: the block has no such table, or the table has another shape.
    """
    try:
        tables = [part["table"] for part in block["content"]]
        (table,) = [table for table in tables if table["classname"] == classname]
        (names,) = table["schema"]
        rows = [row["td"] for row in table["tr"]]
        cells = [cell for (cell,) in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise ParseError(f"{where}: no well-formed {classname}: {error!r}") from error
    lists = [names, *cells]
    if {*map(type, lists)} != {list} or not _are_texts([text for cell in lists for text in cell]):
        fail(where, f"{classname} holds something else than lists of texts")
    return names, cells


def check_columns(where: str, classname: str, names: list[str], known: Mapping[str, str]) -> None:
    """Insist on the known columns of a table, in any order, each once.

    Raises:
        ParseError: a column is unknown, missing or repeated.
    """
    found = set(names)
    if known.keys() - OPTIONAL_COLUMNS <= found <= known.keys() and len(found) == len(names):
        return
    where = f"{where} {classname}"
    unknown = [name for name in names if name not in known]
    missing = [name for name in known if name not in names and name not in OPTIONAL_COLUMNS]
    if unknown:
        fail(where, f"unknown column {unknown[0]!r}")
    if missing:
        fail(where, f"missing column {missing[0]!r}")
    fail(where, f"a column appears twice among {names}")
