"""The fixed-width text inside HKEX's HTML reports: sections, lines, columns of figures as printed.

Here lives what is about lines of print: undoing the HTML round them, cutting a body at its anchors,
reading a whole list into columns of text with one pattern. A list that does not fit its pattern
is left to `_fixed_width_faults`, which names the line at fault. Which sections become which table,
and what type a figure has, is the source's affair.
"""

from __future__ import annotations

import re
from itertools import compress

from orchestration.sources._fixed_width_faults import (
    HEAD_WIDTH,
    LONGEST_LINE,
    LONGEST_NAME,
    SHORT_SALE_START,
    check_instruments,
    check_short_sales,
    looks_like_instrument,
)
from orchestration.sources.base import ParseError

ANCHOR = re.compile(rb"""<a\s+name\s*=\s*["']?\s*(\w+)\s*["']?\s*>""", re.IGNORECASE)
PAGE_BREAK = re.compile(r"</font>[ \t]*</pre>[ \t]*<pre>[ \t]*<font[^>\n]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^>\n]*>")
LINE_END = re.compile(r"\r+\n?")
_GAP = r"[^\S\n]"
_PRICE = r"(?:[0-9]{1,9}+(?!,)|[0-9]{1,3}+(?:,[0-9]{3}){1,2})(?:\.[0-9]{1,3})?|-|N/A"
_WHOLE = r"[0-9]{1,18}+(?!,)|[0-9]{1,3}+(?:,[0-9]{3}){1,5}"


def _counter(group: str, name: str) -> str:
    """Return the pattern of a counter's line or two; `group` opens what is taken from it."""
    figures = (
        rf"{_GAP}*+{group}{_PRICE}){_GAP}++\S++{_GAP}++{group}{_PRICE}){_GAP}++"
        rf"{group}{_WHOLE}|-|N/A){_GAP}*+(?:\n|\Z)"
    )
    return (
        # Flag, code to column 6, mark, name, and the currency that ends by column 28.
        rf"^(?!.{{{LONGEST_LINE + 1}}})[ *#%] *+{group}[0-9]++)(?<=^.{{6}}){group}[ #*])"
        rf"{group}{name}{{15,17}}?){group}[A-Z]{{3}}) {{0,2}}(?<=^.{{{HEAD_WIDTH}}})"
        rf"(?:{figures}{_GAP}{{{HEAD_WIDTH}}}{figures}"
        rf"|{_GAP}*+TRADING{_GAP}++(?:SUSPENDED|HALTED){_GAP}*+(?:\n|\Z))"
    )


INSTRUMENT = re.compile(
    # A name with one of these signs is a derivative warrant's or a CBBC's: nothing is taken.
    _counter("(", r"[^\s#@*][^#@*\n]") + "|" + _counter("(?:", r"\S."),
    re.MULTILINE,
)
INSTRUMENT_COLUMNS = (
    "code",
    "mark",
    "name",
    "currency",
    "previous_close",
    "high",
    "shares",
    "close",
    "low",
    "turnover",
)
SHORT_SALES = {
    count: re.compile(
        rf"^(?!.{{{LONGEST_LINE + 1}}}) *([%#*]*) *([0-9]{{1,5}}) +(\S+(?: \S+)*?)"
        + rf" +({_WHOLE})" * count
        + r" *(?:\n|\Z)",
        re.MULTILINE,
    )
    for count in (2, 4)
}
"""Flags, code, name and figures. The count decides where a name such as "FUND 7" ends."""

Columns = dict[str, list[str | None]]
"""Texts by column name, None where a line does not have the column."""


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
    raw = raw.replace(b"\r\n", b"\n")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if "\r" in text:
        text = LINE_END.sub("\n", text)
    text = TAG.sub("", PAGE_BREAK.sub("", text))
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ")
        text = text.replace("&quot;", '"').replace("&#39;", "'").replace("&amp;", "&")
    return list(filter(str.strip, text.split("\n")))


def instruments(where: str, lines: list[str]) -> Columns:
    """Return the counters of the quotations in order, derivative warrants and CBBCs left out.

    The list ends at a line of dashes; lines of headings within it are passed over. A counter that
    did not trade all day has None for its figures.

    Raises:
        ParseError: a line is not understood, a second line is missing, or the list has no end.
    """
    start = next((i for i, line in enumerate(lines) if looks_like_instrument(line)), len(lines))
    text = "\n".join(lines[start:])
    end = text.find("\n---") + 1
    pieces = INSTRUMENT.split(text[:end])
    stride = len(INSTRUMENT_COLUMNS) + 1
    if _has_digit(pieces[0::stride]) or (text and not end):
        check_instruments(where, lines[start:])
    is_kept = [code is not None for code in pieces[1::stride]]
    return {
        name: list(compress(pieces[place::stride], is_kept))
        for place, name in enumerate(INSTRUMENT_COLUMNS, start=1)
    }


def short_sales(where: str, lines: list[str], figure_count: int) -> list[list[str]]:
    """Return a short-selling list in columns, headings passed over: flags, codes, names, figures.

    Codes have five digits; figures are shares, value, then total shares and value if printed.

    Raises:
        ParseError: a line with a code has not `figure_count` figures, or a code comes twice.
    """
    start = next((i for i, line in enumerate(lines) if SHORT_SALE_START.match(line)), len(lines))
    stride = 4 + figure_count
    pieces = SHORT_SALES[figure_count].split("\n".join(lines[start:]))
    flags, codes, names, *figures = (pieces[place::stride] for place in range(1, stride))
    codes = [code.zfill(5) for code in codes]
    is_strange = _has_digit(pieces[0::stride]) or len(set(codes)) < len(codes)
    if is_strange or any(len(name) > LONGEST_NAME for name in names):
        check_short_sales(where, lines[start:], figure_count)
    return [flags, codes, names, *figures]


def _has_digit(texts: list[str]) -> bool:
    return any(map(str.isdigit, "".join(texts)))
