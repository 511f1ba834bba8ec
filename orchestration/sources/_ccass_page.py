"""The HTML round the CCASS shareholdings: a page to the texts of its four columns.

Here lives what is about tags. What the columns mean is the source's affair.
"""

from __future__ import annotations

import html
import re

from orchestration.sources._strict_json import fail

COLUMNS = ("col-stock-code", "col-stock-name", "col-shareholding", "col-shareholding-percent")
TABLE = re.compile(r'<table id="mutualmarket-result"[^>]*>')
COLUMN = re.compile(r'<th\b[^>]*\bdata-column-class="([^"]*)"')
VALUE = re.compile('<div class="mobile-list-body">([^<]*)')
BEFORE = {
    column: rf'<td class="{column}(?: [^"]*)?">\s*<div class="mobile-list-heading">[^<]*</div>\s*'
    for column in COLUMNS
}
"""What stands before the value of a column."""
AFTER = r"</div>\s*</td>\s*"
ROW = re.compile(
    r"<tr>\s*" + "".join(f"{BEFORE[column]}{VALUE.pattern}{AFTER}" for column in COLUMNS) + "</tr>"
)
FIRST = re.compile(rf"\s*<tr>\s*{BEFORE[COLUMNS[0]]}")
BETWEEN = (
    *(re.compile(AFTER + BEFORE[column]) for column in COLUMNS[1:]),
    re.compile(rf"{AFTER}</tr>\s*<tr>\s*{BEFORE[COLUMNS[0]]}"),
)
LAST = re.compile(rf"{AFTER}</tr>\s*</tbody>\s*")
"""What stands before, between and after the values, in a table without a surprise."""


def table_text(page: str) -> str | None:
    """Return what is inside the table of holdings; None where a page has no whole one."""
    opening = TABLE.search(page)
    end = page.find("</table>", opening.end()) if opening else -1
    return page[opening.end() : end] if opening and end >= 0 else None


def column_texts(file: str, table: str) -> list[list[str]]:
    """Return the texts of the four columns, unescaped and stripped; four empty lists for no rows.

    Raises:
        ParseError: the columns are not the known four, or a row has not one cell for each.
    """
    head, _, body = table.partition("<tbody>")
    columns = tuple(COLUMN.findall(table if "<th" in body else head))
    if columns != COLUMNS:
        fail(file, f"columns are {columns}, expected {COLUMNS}")
    first, *pieces = VALUE.split(body)
    values, gaps, last = pieces[0::2], pieces[1:-1:2], pieces[-1] if pieces else ""
    width = len(COLUMNS)
    # Rows are alike but for their values, so that few gaps are left to be looked at.
    is_plain = (
        len(values) % width == 0
        and FIRST.fullmatch(first)
        and LAST.fullmatch(last)
        and all(
            between.fullmatch(gap)
            for place, between in enumerate(BETWEEN)
            for gap in set(gaps[place::width])
        )
    )
    if not is_plain:
        values = [value for row in _rows(file, body) for value in row]
    values = [html.unescape(value).strip() if "&" in value else value.strip() for value in values]
    return [values[place::width] for place in range(width)]


def _rows(file: str, body: str) -> list[tuple[str, str, str, str]]:
    rows = ROW.findall(body)
    if len(rows) != body.count("<tr"):
        blocks = (f"<tr{block}" for block in body.split("<tr")[1:])
        number = next(n for n, block in enumerate(blocks, 1) if not ROW.match(block))
        fail(f"{file} row {number}", "does not hold one cell for each of the four columns")
    return rows
