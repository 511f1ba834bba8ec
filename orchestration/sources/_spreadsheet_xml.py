"""SpreadsheetML, the XML text that some issuers serve as "xls": bytes to the rows of one sheet.

Here lives safe reading: no document type, no entities of the file's own, nothing fetched, and
nothing kept but the texts of the one sheet. What the cells mean is the source's affair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from orchestration.sources._strict_json import fail
from orchestration.sources.base import ParseError

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
WORKBOOK, WORKSHEET, ROW, CELL, DATA, NAME, INDEX = (
    f"{NAMESPACE}}}{name}"  # as the parser joins namespace and name
    for name in ("Workbook", "Worksheet", "Row", "Cell", "Data", "Name", "Index")
)
BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
"""An ampersand that begins none of the references that XML knows by itself."""


def sheet_rows(file: str, body: bytes, sheet: str) -> list[list[str]]:
    """Return the rows of the named sheet as stripped texts, an empty text for an empty cell.

    Bare ampersands are escaped first.

    Raises:
        ParseError: the bytes are not UTF-8 or not well-formed XML, declare a document type or an
            entity, are no workbook, skip a cell, or hold the sheet not exactly once.
    """
    _check_encoding(file, body)
    reader = _SheetReader(file, sheet)
    try:
        reader.parser.Parse(BARE_AMPERSAND.sub(b"&amp;", body), True)
    except DefusedXmlException as error:
        raise ParseError(
            f"{file}: declares a document type or an entity ({type(error).__name__}), which a "
            "workbook does not need and is refused"
        ) from error
    except (ExpatError, ValueError, LookupError) as error:
        start = body[:40].decode("utf-8", "replace")
        raise ParseError(f"{file}: is not XML ({error}), it begins with {start!r}") from error
    if not reader.times_seen:
        fail(file, f"has no sheet {sheet!r}")
    return reader.rows


def _check_encoding(file: str, body: bytes) -> None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(f"{file}: byte {error.start} is not UTF-8") from error


class _SheetReader:
    """What is remembered from one tag to the next: a tree would cost several times as much."""

    def __init__(self, file: str, sheet: str) -> None:
        self.rows: list[list[str]] = []
        self.times_seen = 0
        self._file, self._sheet = file, sheet
        self._is_wanted = self._skips_cells = False
        self._path: list[str] = []
        self._open_rows: list[list[str]] = []
        self._texts: list[str] | None = None
        # The safe library's parser keeps its refusals, and loses what would build a tree.
        self.parser = DefusedXMLParser(forbid_dtd=True).parser
        self.parser.ordered_attributes = False
        self.parser.DefaultHandlerExpand = self.parser.CharacterDataHandler = None
        self.parser.CommentHandler = self.parser.ProcessingInstructionHandler = None
        self.parser.StartElementHandler = self._start_root
        self.parser.EndElementHandler = self._end

    def _start_root(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag != WORKBOOK:
            namespace, _, name = tag.rpartition("}")
            shown = f"{{{namespace}}}{name}" if namespace else name
            fail(self._file, f"is XML of {shown!r}, not a SpreadsheetML workbook")
        self._path.append(tag)
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        parent = self._path[-1]
        self._path.append(tag)
        if parent == DATA:
            self.parser.CharacterDataHandler = None  # a cell's text ends at the first tag in it
        if tag == DATA:
            if parent == CELL and self._texts is None:
                self._texts = []
                self.parser.CharacterDataHandler = self._texts.append
        elif tag == CELL and parent == ROW:
            self._texts = None
            self._skips_cells |= bool(attributes.get(INDEX))
        elif tag == ROW:
            self._open_rows.append([])
            self._skips_cells = False
        elif tag == WORKSHEET:
            self._is_wanted = attributes.get(NAME) == self._sheet
            self.times_seen += self._is_wanted
            if self.times_seen > 1:
                fail(self._file, f"sheet {self._sheet!r} comes twice")

    def _end(self, tag: str) -> None:
        self._path.pop()
        if tag == DATA:
            self.parser.CharacterDataHandler = None
        elif tag == CELL:
            if self._path[-1] == ROW:
                self._open_rows[-1].append("".join(self._texts).strip() if self._texts else "")
        elif tag == ROW:
            row = self._open_rows.pop()
            if self._is_wanted and self._skips_cells:
                fail(self._file, "a row skips cells (ss:Index), so that columns cannot be told")
            if self._is_wanted:
                self.rows.append(row)
