"""SpreadsheetML, the XML text that some issuers serve as "xls": bytes to the rows of one sheet.

Here lives safe reading: no document type, no entities of the file's own, nothing fetched, and no
more of the file in memory as a tree than one row. What the cells mean is the source's affair.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from orchestration.sources._strict_json import fail
from orchestration.sources.base import ParseError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
WORKBOOK, WORKSHEET, TABLE, ROW, CELL, DATA = (
    f"{NAMESPACE}{tag}" for tag in ("Workbook", "Worksheet", "Table", "Row", "Cell", "Data")
)
BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
"""An ampersand that begins none of the references that XML knows by itself."""


def sheet_rows(file: str, body: bytes, sheet: str) -> Iterator[list[str]]:
    """Yield the rows of the named sheet as stripped texts, an empty text for an empty cell.

    Bare ampersands are escaped first.

    Raises:
        ParseError: the bytes are not UTF-8 or not well-formed XML, declare a document type or an
            entity, are no workbook, skip a cell, or hold the sheet not exactly once.
    """
    _check_encoding(file, body)
    repaired = BARE_AMPERSAND.sub(b"&amp;", body)
    events = iterparse(io.BytesIO(repaired), events=("start", "end"), forbid_dtd=True)
    try:
        yield from _rows(file, events, sheet)
    except DefusedXmlException as error:
        raise ParseError(
            f"{file}: declares a document type or an entity ({type(error).__name__}), which a "
            "workbook does not need and is refused"
        ) from error
    except (XmlError, ValueError, LookupError) as error:
        start = body[:40].decode("utf-8", "replace")
        raise ParseError(f"{file}: is not XML ({error}), it begins with {start!r}") from error


def _check_encoding(file: str, body: bytes) -> None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"{file}: byte {error.start} is not UTF-8") from error


def _rows(file: str, events: Iterator[tuple[str, Element]], sheet: str) -> Iterator[list[str]]:
    seen, is_wanted, table = 0, False, None
    for position, (event, element) in enumerate(events):
        if position == 0 and element.tag != WORKBOOK:
            fail(file, f"is XML of {element.tag!r}, not a SpreadsheetML workbook")
        if event == "start" and element.tag == WORKSHEET:
            is_wanted = element.get(f"{NAMESPACE}Name") == sheet
            seen += is_wanted
            if seen > 1:
                fail(file, f"sheet {sheet!r} comes twice")
        elif event == "start" and element.tag == TABLE:
            table = element
        elif event == "end" and element.tag == ROW:
            if is_wanted:
                yield _texts(file, element)
            if table is not None:
                table.clear()  # forget the rows read, so that the tree never grows
    if not seen:
        fail(file, f"has no sheet {sheet!r}")


def _texts(file: str, row: Element) -> list[str]:
    cells = row.findall(CELL)
    if any(cell.get(f"{NAMESPACE}Index") for cell in cells):
        fail(file, "a row skips cells (ss:Index), so that columns cannot be told")
    data = [cell.find(DATA) for cell in cells]
    return [((item.text if item is not None else None) or "").strip() for item in data]
