"""The plainest correct readers of text, HTML and spreadsheets: typed rows, nothing checked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from decimal import Decimal

Rows = list[tuple[object, ...]]


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def stock_connect(body: bytes) -> Rows:
    """Read trading tables and top tens of the southbound blocks."""
    rows: Rows = []
    for block in json.loads(body.decode()[len("tabData = ") :].rstrip(";\n ")):
        if not block["market"].endswith("Southbound"):
            continue
        day = dt.date.fromisoformat(block["date"])
        trading, top = (part["table"] for part in block["content"])
        cells = [line["td"][0][0].replace(",", "") for line in trading["tr"]]
        rows.append((day, block["market"], *(Decimal(cell) for cell in cells)))
        for line in top["tr"]:
            rank, code, name, *money = line["td"][0]
            rows.append((day, block["market"], int(rank), code, name, *map(_number, money)))
    return rows


_TAG = re.compile("</?[a-zA-Z][^>]*>")
_CODE = re.compile("[ *#%] *([0-9]+) ")


def _section(body: bytes, name: str) -> list[str]:
    start = body.index(b'<a name = "%s">' % name.encode())
    end = body.index(b"<a name", start + 1)
    return _TAG.sub("", body[start:end].decode("latin-1")).replace("&amp;", "&").splitlines()


def _price(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if text[0].isdigit() else None


def _amount(text: str) -> int | None:
    return int(text.replace(",", "")) if text[0].isdigit() else None


def quotation_sheet(body: bytes) -> Rows:
    """Read quotations, without derivatives, and both short-selling sections."""
    day = dt.datetime.strptime(body[body.index(b"DATE: ") :][6:17].decode(), "%d %b %Y").date()
    rows: Rows = []
    lines = iter(_section(body, "quotations"))
    for line in lines:
        if not line[1:6].strip().isdigit():
            continue
        code, name, currency = line[1:6].strip().zfill(5), line[7:24].rstrip(), line[24:27]
        upper = line[28:].split()
        if upper[0] == "TRADING":
            rows.append((day, code, name, currency, True))
            continue
        lower = next(lines).split()
        if "@" in name or "#" in name or "*" in name:
            continue
        prices = map(_price, (upper[0], lower[0], upper[2], lower[2]))
        amounts = map(_amount, (upper[3], lower[3]))
        rows.append((day, code, name, currency, line[6] == "#", *prices, *amounts))
    for section, count in (("short_selling", 4), ("adj_short", 2)):
        for line in _section(body, section):
            words = line.lstrip("%#* ").rsplit(None, count)
            if len(words) == count + 1 and words[0][0].isdigit():
                code, name = words[0].split(None, 1)
                is_hkd = "%" not in line[:8]
                rows.append((day, code.zfill(5), name, is_hkd, *map(_number, words[1:])))
    return rows


_BODY = '<div class="mobile-list-body">'


def ccass(body: bytes) -> Rows:
    """Read holdings."""
    page = body.decode()
    found = re.search(r"([0-9]{4})/([0-9]{2})/([0-9]{2})</span>", page)
    day = dt.date(*map(int, found.groups())) if found else None
    pieces = page[page.index("<tbody") :].split(_BODY)[1:]
    cells = [piece[: piece.index("<")].strip().replace("&amp;", "&") for piece in pieces]
    return [
        (day, code.zfill(5), name, _number(shares), float(part[:-1]) if part else None)
        for code, name, shares, part in zip(*(cells[n::4] for n in range(4)), strict=True)
    ]


def short_positions(body: bytes) -> Rows:
    """Read positions."""
    lines = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    next(lines)
    return [
        (
            dt.date(int(day[6:]), int(day[3:5]), int(day[:2])),
            code.zfill(5),
            name,
            int(shares),
            int(value) if value != "n.a." else None,
        )
        for day, code, name, shares, value in lines
    ]


def _float(text: str) -> float | None:
    return None if text in ("-", "--", "") else float(text.replace(",", ""))


def hsi_bulletin(body: bytes) -> Rows:
    """Read every index of a bulletin."""
    lines = list(csv.reader(io.StringIO(body.decode("utf-16")), delimiter="\t"))[2:]
    return [
        (dt.date(int(day[:4]), int(day[4:6]), int(day[6:])), name, unit, *map(_float, figures))
        for day, name, unit, *figures in lines
    ]


_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_MARK = "{urn:schemas-microsoft-com:office:spreadsheet}"
_AMPERSAND = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;|#)")


def ishares_fund(body: bytes) -> Rows:
    """Read the history: date, value per share and shares outstanding."""
    book = ET.fromstring(_AMPERSAND.sub(b"&amp;", body))
    (sheet,) = (s for s in book if s.get(f"{_MARK}Name") == "Historical")
    lines = [[cell[0].text or "" for cell in row] for row in sheet[0]]
    at = [lines[0].index(name) for name in ("As Of", "NAV per Share", "Shares Outstanding")]
    rows: Rows = []
    for line in lines[1:]:
        day, value, shares = (line[place] for place in at)
        date = dt.date(int(day[-4:]), _MONTHS.index(day[:3]) // 3 + 1, int(day[4:-6]))
        rows.append((date, _float(value), _float(shares)))
    return rows


READERS: dict[str, Callable[[bytes], Rows]] = {
    "hkex_stock_connect": stock_connect,
    "hkex_quotation_sheet": quotation_sheet,
    "hkex_ccass_southbound": ccass,
    "sfc_short_positions": short_positions,
    "hsi_bulletin": hsi_bulletin,
    "ishares_fund": ishares_fund,
}
