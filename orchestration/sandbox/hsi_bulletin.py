"""Sandbox renderer of Hang Seng Indexes' daily bulletin: UTF-16 text of tabs, one per family."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from orchestration.sandbox.answer import Answer
from orchestration.sandbox.index_levels import IndexDay, index_day
from orchestration.sandbox.market import Market
from orchestration.sandbox.share_counts import quotes_by_code
from orchestration.sources.base import Request
from orchestration.sources.hsi_bulletin import COLUMNS, HEADLINES, MONTHS, URL, file_request

HOSTS = (urlsplit(URL).netloc,)
PATH = re.compile(
    r"/static/uploads/contents/en/indexes/report/(hsi|hscei|hstech)/"
    r"idx_([1-9]|[12][0-9]|3[01])([A-Z][a-z]{2})([0-9]{2})\.csv",
    re.ASCII,
)
CHINESE_NAMES = {"hsi": "恒生指數", "hscei": "恒生中國企業指數", "hstech": "恒生科技指數"}
CHINESE_HEADER = [
    "交易日期", "指數", "指數貨幣", "全日最高", "全日最低", "收市指數", "點數升跌", "升跌百分率",
    "週息率(%)", "市盈率(倍)", "指數成交額(百萬)", "市場成交額(百萬)", "指數貨幣兌港元",
]  # fmt: skip
SECTORS = (
    (("Finance", "金融"), 1.4),
    (("Utilities", "公用事業"), 1.7),
    (("Properties", "地產"), 0.7),
    (("Commerce & Industry", "工商業"), 0.5),
)
"""Sub-indices of the broad family, as multiples of the headline: nobody reads them."""
PAR_HKD_PER_USD = 7.8
NOT_FOUND = Answer(
    status=404,
    body=b"<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>\n",
    headers={"content-type": "text/html; charset=UTF-8"},
)


def render(market: Market, request: Request) -> Answer:
    """Return the bulletin named by the URL; 404 on a day without a Hong Kong session."""
    asked = _asked(urlsplit(request.url).path)
    found = asked and index_day(market, HEADLINES[asked[0]][1], asked[1])
    if not asked or not found:
        return NOT_FOUND
    family, day = asked
    lines = [CHINESE_HEADER, list(COLUMNS), *_rows(market, family, day, found)]
    text = "".join("\t".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)
    body = b"\xff\xfe" + text.encode("utf-16-le")
    return Answer(status=200, body=body, headers={"content-type": "text/csv"})


def _asked(path: str) -> tuple[str, dt.date] | None:
    """Return family and day of a path."""
    found = PATH.fullmatch(path)
    if not found or found[3] not in MONTHS:
        return None
    try:
        return found[1], dt.date(2000 + int(found[4]), MONTHS.index(found[3]) + 1, int(found[2]))
    except ValueError:
        return None


def _rows(market: Market, family: str, day: dt.date, index: IndexDay) -> list[list[str]]:
    name, chinese = HEADLINES[family][0], CHINESE_NAMES[family]
    quotes = quotes_by_code(market, day).values()
    market_turnover = sum(quote.turnover for quote in quotes if quote.currency == "HKD") / 1e6
    rows = [_row(day, f"{name} {chinese}", "HKD", index, 1.0, market_turnover, 1.0)]
    if family != "hsi":
        return rows
    hkd_per_usd = _latest_rate(market, day)
    scale = PAR_HKD_PER_USD / hkd_per_usd
    in_usd = _row(day, f"{name} {chinese}", "USD", index, scale, market_turnover, hkd_per_usd)
    sectors = [
        _row(day, f"HSI - {english} 恒生{word}分類指數", "HKD", index, ratio, market_turnover, 1.0)
        for (english, word), ratio in SECTORS
    ]
    return [*rows, *sectors, in_usd]


def _latest_rate(market: Market, day: dt.date) -> float:
    bars = market.bars("HKD=X", day - dt.timedelta(days=7), day)
    return next((bar.close for bar in reversed(bars) if bar.close), PAR_HKD_PER_USD)


def _row(
    day: dt.date,
    name: str,
    currency: str,
    index: IndexDay,
    scale: float,
    market_turnover: float,
    to_hkd: float,
) -> list[str]:
    change = index.close - index.previous_close
    change_pct = 100 * change / index.previous_close
    return [
        f"{day:%Y%m%d}",
        name,
        currency,
        *(f"{level * scale:.2f}" for level in (index.high, index.low, index.close)),
        f"{change * scale:+.2f}",
        f"{change_pct:+.2f}",
        f"{index.dividend_yield_pct:.2f}",
        f"{index.pe_ratio:.2f}",
        f"{index.turnover_hkd_mn / to_hkd:.2f}",
        f"{market_turnover:.2f}",
        f"{to_hkd:.4f}",
    ]


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    asked = _asked(path) if method == "GET" else None
    return file_request(*asked) if asked else None
