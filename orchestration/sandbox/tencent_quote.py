"""Sandbox renderer of Tencent's quote feed: one GBK line of 78 fields per security."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from orchestration import calendar
from orchestration.sandbox.answer import Answer
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.market import Market, SessionQuote
from orchestration.sandbox.security_multiples import per_share
from orchestration.sandbox.share_counts import issued_shares, quotes_by_code, share_factor
from orchestration.sources.base import Request
from orchestration.sources.tencent_quote import FIELD_COUNT, URL, session_request

HOSTS = (urlsplit(URL).netloc,)
PATH = re.compile(r"/q=(hk[0-9]{5}(?:,hk[0-9]{5})*)&r=([0-9]{8})", re.ASCII)
NO_MATCH = b'v_pv_none_match="1";\n'
HEADERS = {"content-type": "text/html; charset=GBK"}
HKD_PER_YI = 1e8
CHINESE_NAMES = {
    "00020": "商汤-W", "00241": "阿里健康", "00268": "金蝶国际", "00285": "比亚迪电子",
    "00300": "美的集团", "00388": "香港交易所", "00700": "腾讯控股", "00772": "阅文集团",
    "00780": "同程旅行", "00981": "中芯国际", "00992": "联想集团", "01024": "快手-W",
    "01347": "华虹半导体", "01398": "工商银行", "01698": "腾讯音乐-SW", "01810": "小米集团-W",
    "02015": "理想汽车-W", "02382": "舜宇光学科技", "03690": "美团-W", "03888": "金山软件",
    "06060": "众安在线", "06618": "京东健康", "06690": "海尔智家", "09618": "京东集团-SW",
    "09626": "哔哩哔哩-W", "09660": "地平线机器人-W", "09866": "蔚来-SW", "09868": "小鹏汽车-W",
    "09888": "百度集团-SW", "09961": "携程集团-S", "09988": "阿里巴巴-W", "09999": "网易-S",
}  # fmt: skip


def render(market: Market, request: Request) -> Answer:
    """Return the quotes of the securities in the URL as they stood after the session in it.

    A day without a session shows the one before. Securities that the vendor does not have are left
    out; where it has none of them, the answer says so.
    """
    asked = _asked(urlsplit(request.url).path)
    if asked is None:
        return Answer(status=200, body=NO_MATCH, headers=HEADERS)
    codes, day = asked
    if not calendar.is_session("XHKG", day):
        day = calendar.previous_session("XHKG", day)
    listings = {item.code: item for item in market.listings if item.kind == "stock"}
    quotes = quotes_by_code(market, day)
    lines = [
        _line(market, listings[code], quotes[code], day)
        for code in codes
        if code in listings and code in quotes
    ]
    return Answer(status=200, body="".join(lines).encode("gbk") or NO_MATCH, headers=HEADERS)


def _asked(path: str) -> tuple[list[str], dt.date] | None:
    found = PATH.fullmatch(path)
    try:
        day = dt.datetime.strptime(found[2], "%Y%m%d").date() if found else None
    except ValueError:
        return None
    if not found or day is None or day <= calendar.FIRST_DAY:
        return None
    return [symbol.removeprefix("hk") for symbol in found[1].split(",")], day


def _line(market: Market, listing: Listing, quote: SessionQuote, day: dt.date) -> str:
    close = float(quote.close)
    today = close / share_factor(market, listing, day)
    figures = per_share(market, listing, day.year)
    shares = issued_shares(market, listing, day)
    market_cap = f"{close * shares / HKD_PER_YI:.4f}"
    pe_ratio = f"{today / figures.earnings:.2f}" if figures.earnings else "0"
    previous = float(quote.previous_close) if quote.previous_close else close
    closed = "12:08:43" if day in calendar.half_days("XHKG") else "16:08:43"
    volume = f"{quote.volume_shares}.0"
    fields = ["0"] * FIELD_COUNT
    placed = {
        0: "100", 1: CHINESE_NAMES.get(listing.code, listing.name), 2: listing.code,
        3: f"{close:.3f}", 4: f"{previous:.3f}", 5: f"{quote.open:.3f}", 6: volume,
        9: f"{close:.3f}", 19: f"{close:.3f}", 29: volume, 30: f"{day:%Y/%m/%d} {closed}",
        31: f"{close - previous:.3f}", 32: f"{100 * (close / previous - 1):.2f}",
        33: f"{quote.high:.3f}", 34: f"{quote.low:.3f}", 35: f"{close:.3f}", 36: volume,
        37: f"{quote.turnover}.000", 39: pe_ratio, 40: "", 44: market_cap, 45: market_cap,
        46: listing.name, 57: pe_ratio, 58: f"{today / figures.book_value:.2f}",
        60: f"{listing.lot_size}", 63: "GP", 69: f"{shares}.00", 70: f"{shares}.00",
        71: pe_ratio, 75: "HKD", 76: "1", 77: "50",
    }  # fmt: skip
    for place, text in placed.items():
        fields[place] = text
    return f'v_hk{listing.code}="{"~".join(fields)}";\n'


def route(
    method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]
) -> Request | None:
    """Return the request behind an HTTP request line; None where there is no such address."""
    asked = _asked(path) if method == "GET" else None
    return session_request(asked[1], asked[0]) if asked else None
