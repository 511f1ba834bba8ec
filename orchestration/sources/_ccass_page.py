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
BEFORE_VALUE = '<div class="mobile-list-body">'
BEFORE = {
    column: rf'<td class="{column}(?: [^"]*)?">\s*<div class="mobile-list-heading">[^<]*</div>\s*'
    for column in COLUMNS
}
"""What stands before the value of a column."""
AFTER = r"/div>\s*</td>\s*"
ROW = re.compile(
    r"<tr>\s*"
    + "".join(f"{BEFORE[column]}{BEFORE_VALUE}([^<]*)<{AFTER}" for column in COLUMNS)
    + "</tr>"
)
FIRST = re.compile(rf"\s*<tr>\s*{BEFORE[COLUMNS[0]]}")
BETWEEN = (
    *(re.compile(AFTER + BEFORE[column]) for column in COLUMNS[1:]),
    re.compile(rf"{AFTER}</tr>\s*<tr>\s*{BEFORE[COLUMNS[0]]}"),
)
LAST = re.compile(rf"{AFTER}</tr>\s*</tbody>\s*")
"""What stands before, between and after the values and the `<` that ends each, in a table without
a surprise."""


def table_text(page: str) -> str | None:
    """Return the page from the table of holdings to the end of its last table.

    None where a page has no whole table of holdings.
    """
    opening = TABLE.search(page)
    end = page.rfind("</table>", opening.end()) if opening else -1
    return page[opening.end() : end] if opening and end >= 0 else None


def column_texts(file: str, table: str) -> list[list[str]]:
    """Return the texts of the four columns, unescaped and stripped; four empty lists for no rows.

    Raises:
        ParseError: the columns are not the known four, or a row has not one cell for each.
    """
    head, _, body = table.partition("<tbody>")
    values = None if "</table>" in head else _plain_values(body)
    if values is None:
        table, _, _ = table.partition("</table>")
        head, _, body = table.partition("<tbody>")
    columns = tuple(COLUMN.findall(table if values is None and "<th" in body else head))
    if columns != COLUMNS:
        fail(file, f"columns are {columns}, expected {COLUMNS}")
    if values is None:
        values = [value for row in _rows(file, body) for value in row]
    values = [html.unescape(value).strip() if "&" in value else value.strip() for value in values]
    width = len(COLUMNS)
    return [values[place::width] for place in range(width)]


def _plain_values(body: str) -> list[str] | None:
    """Return the values of rows that are alike but for them; None where something else is there."""
    first, *pieces = body.split(BEFORE_VALUE)
    if not pieces or len(pieces) % len(COLUMNS) or not FIRST.fullmatch(first):
        return None
    values, gaps = [], []
    for piece in pieces:
        value, _, gap = piece.partition("<")
        values.append(value)
        gaps.append(gap)
    is_plain = LAST.fullmatch(gaps.pop()) and all(
        between.fullmatch(gap)
        for place, between in enumerate(BETWEEN)
        for gap in {*gaps[place :: len(COLUMNS)]}
    )
    return values if is_plain else None


def _rows(file: str, body: str) -> list[tuple[str, str, str, str]]:
    rows = ROW.findall(body)
    if len(rows) != body.count("<tr"):
        blocks = (f"<tr{block}" for block in body.split("<tr")[1:])
        number = next(n for n, block in enumerate(blocks, 1) if not ROW.match(block))
        fail(f"{file} row {number}", "does not hold one cell for each of the four columns")
    return rows
