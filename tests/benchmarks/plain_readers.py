"""The plainest correct readers of each wire format: typed rows with csv, json or a bare regex.

They check nothing; that is the point. The parsers of `orchestration.sources` are measured against
them (`parsing.py`).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
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


_QUOTE = re.compile(
    r"^(?P<flag>[* ])(?P<code>[ \d]{5})(?P<name>.{17,22}?) *(?P<currency>HKD|CNY|USD) +"
    r"(?P<previous>[\d.,/NA-]+) +(?P<ask>[\d.,/NA-]+) +(?P<high>[\d.,/NA-]+) +"
    r"(?P<shares>[\d,-]+) *\r?\n"
    r" +(?P<close>[\d.,/NA-]+) +(?P<bid>[\d.,/NA-]+) +(?P<low>[\d.,/NA-]+) +(?P<turnover>[\d,-]+)",
    re.MULTILINE,
)
_SHORT = re.compile(
    r"^ *[%#*]? *(\d{1,5}) +(\S.*?) {2,}([\d,]+) +([\d,]+)(?: +([\d,]+) +([\d,]+))? *\r?$", re.M
)


def quotation_sheet(body: bytes) -> Rows:
    """Read quotations and both short-selling sections."""
    text = body.decode("latin-1").replace("&amp;", "&")
    rows: Rows = [
        (
            found["code"].strip().zfill(5),
            found["name"].strip(),
            found["currency"],
            *(
                Decimal(found[name].replace(",", "")) if found[name][0].isdigit() else None
                for name in ("previous", "close", "high", "low", "shares", "turnover")
            ),
        )
        for found in _QUOTE.finditer(text)
    ]
    sales = text[text.rindex('"short_selling"') :]
    for found in _SHORT.finditer(sales):
        code, name, *figures = found.groups()
        rows.append((code.zfill(5), name, *(_number(f) if f else None for f in figures)))
    return rows


def yahoo_chart(body: bytes) -> Rows:
    """Read bars."""
    result = json.loads(body)["chart"]["result"][0]
    quote = result["indicators"]["quote"][0]
    adjusted = result["indicators"]["adjclose"][0]["adjclose"]
    days = [dt.datetime.fromtimestamp(stamp, dt.UTC).date() for stamp in result["timestamp"]]
    names = ("open", "high", "low", "close", "volume")
    return list(zip(days, *(quote[name] for name in names), adjusted, strict=True))


def kraneshares(body: bytes) -> Rows:
    """Read holdings."""
    lines = list(csv.reader(io.StringIO(body.decode())))[2:]
    return [
        (
            int(rank),
            name,
            float(weight),
            ticker,
            isin,
            _number(shares),
            float(value.replace(",", "")),
        )
        for rank, name, weight, ticker, isin, shares, value in lines
    ]


def fred(body: bytes) -> Rows:
    """Read observations."""
    lines = csv.reader(io.StringIO(body.decode()))
    next(lines)
    return [(dt.date.fromisoformat(day), float(value)) for day, value in lines if value]


_HOLDING = re.compile(
    rb'mobile-list-body">\s*([^<]*?)\s*</div></td>|mobile-list-body">\s*([^<]*?)\s*</div>', re.S
)


def ccass(body: bytes) -> Rows:
    """Read holdings."""
    table = body[body.index(b"<tbody") :]
    cells = [(a or b).decode() for a, b in _HOLDING.findall(table)]
    return [
        (
            cells[at].zfill(5),
            cells[at + 1],
            _number(cells[at + 2]),
            float(cells[at + 3].rstrip("%")) if cells[at + 3] else None,
        )
        for at in range(0, len(cells), 4)
    ]


def short_positions(body: bytes) -> Rows:
    """Read positions."""
    lines = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    next(lines)
    return [
        (dt.datetime.strptime(day, "%d/%m/%Y").date(), code.zfill(5), name, int(shares), value)
        for day, code, name, shares, value in lines
    ]


READERS: dict[str, Callable[[bytes], Rows]] = {
    "hkex_stock_connect": stock_connect,
    "hkex_quotation_sheet": quotation_sheet,
    "yahoo_chart": yahoo_chart,
    "kraneshares_kweb": kraneshares,
    "fred": fred,
    "hkex_ccass_southbound": ccass,
    "sfc_short_positions": short_positions,
}
