"""The fixed-width text inside HKEX's HTML reports: sections, lines, figures, instrument rows.

Here lives what is about lines of print: undoing the HTML round them, cutting a body at its anchors,
reading one instrument from its line or two. Which sections become which table is the source's
affair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from orchestration.sources.base import ParseError

ANCHOR = re.compile(rb"""<a\s+name\s*=\s*["']?\s*(\w+)\s*["']?\s*>""", re.IGNORECASE)
PAGE_BREAK = re.compile(r"</font>[ \t]*</pre>[ \t]*<pre>[ \t]*<font[^>\n]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^>\n]*>")
LINE_END = re.compile(r"\r+\n?")
HEAD_WIDTH = 28
"""Columns 1-28 hold flag, code, name and currency; figures come after them."""
LONGEST_LINE = 200
LONGEST_NAME = 24
WHOLE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,18}")
PRICE = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})(?:\.[0-9]{1,3})?")
NO_VALUE = ("-", "N/A")
INSTRUMENT = re.compile(r"[ *#%][ 0-9]{4}[0-9]([ #*])(\S.{15,17}?)([A-Z]{3}) {0,2}")
"""Flag, code, mark, name of 16 columns and what separates it from the currency."""
DERIVATIVE_MARK = re.compile(r"[#@*]")
STOPPED = ("TRADING SUSPENDED", "TRADING HALTED")
SHORT_ROW_START = re.compile(r" *[%#*]* *[0-9]{1,5} ")
SHORT_ROW = {
    # The count decides where a name such as "FUND 7" ends and where its figures begin.
    count: re.compile(
        rf" *([%#*]*) *([0-9]{{1,5}}) +(\S+(?: \S+)*?)((?: +[0-9][0-9,]*){{{count}}}) *"
    )
    for count in (2, 4)
}


@dataclass(frozen=True)
class Instrument:
    """What the quotations print about one counter; None where no value was printed."""

    code: str
    name: str
    currency: str
    is_suspended: bool
    previous_close: Decimal | None = None
    close: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    shares: int | None = None
    turnover: int | None = None


@dataclass(frozen=True)
class ShortSale:
    """One row of a short-selling list: shares, value, then total shares and value if printed."""

    code: str
    name: str
    flags: str
    figures: tuple[int, ...]


def section_bounds(file: str, body: bytes) -> dict[str, tuple[int, int]]:
    """Return where each anchored section begins and ends, in bytes, the last one at the end.

    Raises:
        ParseError: an anchor is there twice.
    """
    anchors = [
        (match[1].decode("latin-1").lower(), match.start()) for match in ANCHOR.finditer(body)
    ]
    ends = [*[start for _, start in anchors[1:]], len(body)]
    bounds = {name: (start, end) for (name, start), end in zip(anchors, ends, strict=False)}
    if len(bounds) != len(anchors):
        names = [name for name, _ in anchors]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ParseError(f"{file}: section {repeated!r} appears twice")
    return bounds


def printed_lines(raw: bytes) -> list[str]:
    """Return the lines of a section as a reader sees them, without the blank ones.

    Page breaks and tags vanish, doubled carriage returns are one line end, and escaped characters
    become one character again, because each of these shifts the columns.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    text = TAG.sub("", PAGE_BREAK.sub("", LINE_END.sub("\n", text)))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ")
    lines = text.replace("&quot;", '"').replace("&#39;", "'").replace("&amp;", "&").split("\n")
    return [line for line in lines if line.strip()]


def whole(where: str, text: str) -> int | None:
    """Return a whole number with thousands commas, or None for a dash.

    Raises:
        ParseError: something else is printed.
    """
    if text in NO_VALUE:
        return None
    if not WHOLE.fullmatch(text):
        raise ParseError(f"{where}: {text!r} is not a whole number")
    return int(text.replace(",", ""))


def price(where: str, text: str) -> Decimal | None:
    """Return a price with at most three decimals, or None for a dash.

    Raises:
        ParseError: something else is printed.
    """
    if text in NO_VALUE:
        return None
    if not PRICE.fullmatch(text):
        raise ParseError(f"{where}: {text!r} is not a price with at most three decimals")
    return Decimal(text.replace(",", ""))


def looks_like_instrument(line: str) -> bool:
    """Return whether a line has a security code in columns 2-6."""
    return line[1:6].strip().isdecimal() and line[:1] in " *#%"


def instruments(where: str, lines: list[str]) -> Iterator[Instrument]:
    """Yield the counters of the quotations in order, derivative warrants and CBBCs left out.

    The list ends at a line of dashes; lines of headings within it are passed over.

    Raises:
        ParseError: a line is not understood, a second line is missing, or the list has no end.
    """
    rest = iter(lines)
    has_begun = False
    for line in rest:
        if looks_like_instrument(line):
            has_begun = True
            found = _instrument(where, line, rest)
            if not DERIVATIVE_MARK.search(found.name):
                yield found
        elif line.startswith("---") and has_begun:
            return
        elif has_begun and any(letter.isdigit() for letter in line):
            raise ParseError(f"{where}: line not understood: {line[:LONGEST_LINE]!r}")
    if has_begun:
        raise ParseError(f"{where}: no line of dashes ends the list; the file may be cut short")


def _instrument(where: str, line: str, rest: Iterator[str]) -> Instrument:
    head = INSTRUMENT.fullmatch(line[:HEAD_WIDTH])
    if not head or len(line) > LONGEST_LINE:
        raise ParseError(
            f"{where}: no code, name and currency in columns 1-28 of {line[:LONGEST_LINE]!r}"
        )
    code, figures = line[1:6].strip().zfill(5), line[HEAD_WIDTH:].split()
    if " ".join(figures) in STOPPED:
        return Instrument(code, head[2].rstrip(), head[3], is_suspended=True)
    second = next(rest, "")
    lower = second[HEAD_WIDTH:].split()
    if len(figures) != 4 or len(lower) != 4 or second[:HEAD_WIDTH].strip():
        raise ParseError(f"{where}: security {code} has not four figures on each of its two lines")
    at = f"{where} security {code}"
    return Instrument(
        code,
        head[2].rstrip(),
        head[3],
        is_suspended=head[1] == "#",
        previous_close=price(f"{at} previous close", figures[0]),
        high=price(f"{at} high", figures[2]),
        shares=whole(f"{at} shares traded", figures[3]),
        close=price(f"{at} closing", lower[0]),
        low=price(f"{at} low", lower[2]),
        turnover=whole(f"{at} turnover", lower[3]),
    )


def short_sales(where: str, lines: list[str], figure_count: int) -> list[ShortSale]:
    """Return the rows of a short-selling list, headings passed over.

    Raises:
        ParseError: a line with a code has not `figure_count` figures, or a code comes twice.
    """
    rows: dict[str, ShortSale] = {}
    for line in lines:
        if not SHORT_ROW_START.match(line):
            if rows and any(letter.isdigit() for letter in line):
                raise ParseError(f"{where}: line not understood: {line[:LONGEST_LINE]!r}")
            continue
        row = _short_sale(where, line, figure_count)
        if row.code in rows:
            raise ParseError(f"{where}: security {row.code} appears twice")
        rows[row.code] = row
    return list(rows.values())


def _short_sale(where: str, line: str, figure_count: int) -> ShortSale:
    match = SHORT_ROW[figure_count].fullmatch(line) if len(line) <= LONGEST_LINE else None
    if not match or len(match[3]) > LONGEST_NAME:
        raise ParseError(
            f"{where}: no code, name and {figure_count} figures in {line[:LONGEST_LINE]!r}"
        )
    code = match[2].zfill(5)
    figures = [whole(f"{where} security {code}", text) for text in match[4].split()]
    return ShortSale(code, match[3], match[1], tuple(f for f in figures if f is not None))
