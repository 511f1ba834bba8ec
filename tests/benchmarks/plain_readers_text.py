"""The plainest correct readers of print, HTML, spreadsheets and quotes: rows, nothing checked."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

from orchestration.calendar import previous_session
from orchestration.sources.base import Payload
from tests.benchmarks.plain_rows import Reader, Rows, Tables


def _number(text: str) -> int:
    return int(text.replace(",", ""))


_TAG = re.compile("</?[a-zA-Z][^>]*>")


def _section(body: bytes, name: str) -> list[str]:
    start = body.index(b'<a name = "%s">' % name.encode())
    end = body.index(b"<a name", start + 1)
    return _TAG.sub("", body[start:end].decode("latin-1")).replace("&amp;", "&").splitlines()


def _price(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if text[0].isdigit() else None


def _amount(text: str) -> int | None:
    return int(text.replace(",", "")) if text[0].isdigit() else None


def quotation_sheet(payload: Payload) -> Tables:
    """Read quotations, without derivatives, and both short-selling sections."""
    printed = payload.body[payload.body.index(b"DATE: ") :][6:17].decode()
    day = dt.datetime.strptime(printed, "%d %b %Y").date()
    quotations: Rows = []
    lines = iter(_section(payload.body, "quotations"))
    for line in lines:
        if not line[1:6].strip().isdigit():
            continue
        code, name, currency = line[1:6].strip().zfill(5), line[7:24].rstrip(), line[24:27]
        upper = line[28:].split()
        if upper[0] == "TRADING":
            quotations.append((day, code, name, currency, *[None] * 6, True))
            continue
        lower = next(lines).split()
        if "@" in name or "#" in name or "*" in name:
            continue
        prices = map(_price, (upper[0], lower[0], upper[2], lower[2]))
        amounts = map(_amount, (upper[3], lower[3]))
        quotations.append((day, code, name, currency, *prices, *amounts, line[6] == "#"))
    sold = _short_sales(payload.body, "short_selling", 4, day, day)
    sold += _short_sales(payload.body, "adj_short", 2, previous_session("XHKG", day), day)
    return {"quotations": quotations, "short_selling": sold}


def _short_sales(
    body: bytes, section: str, count: int, day: dt.date, published_on: dt.date
) -> Rows:
    rows: Rows = []
    is_adjustment = count == 2
    for line in _section(body, section):
        words = line.lstrip("%#* ").rsplit(None, count)
        if len(words) == count + 1 and words[0][0].isdigit():
            code, name = words[0].split(None, 1)
            figures = [*map(_number, words[1:]), None, None][:4]
            is_hkd = "%" not in line[:8]
            own = (day, code.zfill(5), name, is_hkd)
            rows.append((*own, *figures, is_adjustment, published_on))
    return rows


_BODY = '<div class="mobile-list-body">'


def ccass(payload: Payload) -> Tables:
    """Read holdings."""
    page = payload.body.decode()
    found = re.search(r"([0-9]{4})/([0-9]{2})/([0-9]{2})</span>", page)
    assert found
    day = dt.date(*map(int, found.groups()))
    traded = previous_session("XHKG", day, 2)
    pieces = page[page.index("<tbody") :].split(_BODY)[1:]
    cells = [piece[: piece.index("<")].strip().replace("&amp;", "&") for piece in pieces]
    rows = [
        (day, code.zfill(5), name, _number(shares), float(part[:-1]) if part else None, traded)
        for code, name, shares, part in zip(*(cells[n::4] for n in range(4)), strict=True)
    ]
    return {"southbound_holdings": rows}


_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_MARK = "{urn:schemas-microsoft-com:office:spreadsheet}"
_AMPERSAND = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;|#)")


def _float(text: str) -> float | None:
    return None if text in ("-", "--", "") else float(text.replace(",", ""))


def ishares_fund(payload: Payload) -> Tables:
    """Read the history: value per share and shares outstanding."""
    fund = payload.request.key.removesuffix(".xls")
    book = ET.fromstring(_AMPERSAND.sub(b"&amp;", payload.body))
    (sheet,) = (s for s in book if s.get(f"{_MARK}Name") == "Historical")
    lines = [[cell[0].text or "" for cell in row] for row in sheet[0]]
    at = [lines[0].index(name) for name in ("As Of", "NAV per Share", "Shares Outstanding")]
    counted: Rows = []
    valued: Rows = []
    for line in lines[1:]:
        day, value, shares = (line[place] for place in at)
        date = dt.date(int(day[-4:]), _MONTHS.index(day[:3]) // 3 + 1, int(day[4:-6]))
        if (units := _float(shares)) is not None:
            counted.append((date, fund, "XNYS", "USD", units))
        if (worth := _float(value)) is not None:
            valued.append((date, fund, "USD", worth, None))
    return {"etf_shares": counted, "etf_nav": valued}


def _positive(text: str) -> float | None:
    return value if text and (value := float(text)) > 0 else None


def tencent_quote(payload: Payload) -> Tables:
    """Read quotes, known by the places of their fields."""
    rows: Rows = []
    for line in payload.body.decode("gbk").splitlines():
        fields = line.split("~")
        day = dt.date.fromisoformat(fields[30][:10].replace("/", "-"))
        price, pe, pb, shares, value = (_positive(fields[n]) for n in (3, 39, 58, 69, 44))
        if price is not None:
            units = None if shares is None else int(shares)
            worth = None if value is None else round(value * 100, 2)
            own = (day, fields[2], fields[75], price, pe, pb, units, worth)
            rows.append((*own, payload.request.last_session))
    return {"security_valuations": rows}


READERS: dict[str, Reader] = {
    "hkex_quotation_sheet": quotation_sheet,
    "hkex_ccass_southbound": ccass,
    "ishares_fund": ishares_fund,
    "tencent_quote": tencent_quote,
}
