"""Every endpoint that the check-up asks on one evening, and how its address is known."""

from __future__ import annotations

import datetime as dt

NOW = dt.datetime(2025, 2, 19, 12, tzinfo=dt.UTC)
"""A Wednesday evening in Hong Kong; on Monday New York had a holiday."""

STOCK_CONNECT = "hkex_stock_connect/2025-02-19.js"
SHEET = "hkex_quotation_sheet/2025-02-18.htm"
CHART = "yahoo_chart/^HSI.json"
HOLDINGS = "kraneshares_kweb/2025-02-18.holdings.csv"
PREMIUM = "kraneshares_kweb/premium.json"
RATES = "fred/DEXHKUS.csv"
CCASS = "hkex_ccass_southbound/2025-02-18.html"
SHORTS = "sfc_short_positions/2025-02-07.csv"
CALENDAR = "hkex_calendar/2025.csv"
VENDOR_DAILY = "eastmoney_southbound/daily.002.json"
VENDOR_HOLDINGS = "eastmoney_southbound/holdings.2025-02-18.json"
ISHARES = "ishares_fund/FXI.xls"
CSOP = "csop_nav/3033.HK.2025-02-18.json"
HSI = "hsi_bulletin/hsi.2025-02-18.csv"
HSCEI = "hsi_bulletin/hscei.2025-02-18.csv"
HSTECH = "hsi_bulletin/hstech.2025-02-18.csv"
QUOTES = "tencent_quote/2025-02-19.txt"
BULLETIN_FX = "hkma_monthly_bulletin/er-eeri-daily.2025-01.json"
BULLETIN_HIBOR = "hkma_monthly_bulletin/hk-interbank-ir-daily.2025-01.json"
LIQUIDITY = "hkma_interbank_liquidity/daily-figures-interbank-liquidity.2025-02.json"

ADDRESSES = {
    STOCK_CONNECT: "/data_tab_daily_",
    SHEET: "/dayquot/",
    CHART: "/v8/finance/chart/",
    HOLDINGS: "_kweb_holdings.csv",
    PREMIUM: "/product-json/",
    RATES: "/fredgraph.csv",
    CCASS: "/mutualmarket.aspx",
    SHORTS: "/spr/",
    CALENDAR: "-Calendar_csv_e.csv",
    VENDOR_DAILY: "DEAL_HISTORY",
    VENDOR_HOLDINGS: "STOCK_HOLDRANKS",
    ISHARES: "/get-fund-document",
    CSOP: "/NAV/product",
    HSI: "/report/hsi/",
    HSCEI: "/report/hscei/",
    HSTECH: "/report/hstech/",
    QUOTES: "/qt.gtimg.cn/",
    BULLETIN_FX: "/er-eeri-daily",
    BULLETIN_HIBOR: "/hk-interbank-ir-daily",
    LIQUIDITY: "/daily-figures-interbank-liquidity",
}
"""What stands in the address of each endpoint, and in no other."""

EXAMPLES = (HOLDINGS, CCASS)
"""A plain file, and a form with its page: their faults are shown among all publishers."""


def asked_with(endpoint: str) -> list[str]:
    """Return the publishers to ask when an endpoint is broken, none named for all.

    They are asked one after the other: what a fault might leave behind meets the next one first.
    """
    if endpoint in EXAMPLES:
        return []
    names = list(dict.fromkeys(each.split("/")[0] for each in ADDRESSES))
    place = names.index(endpoint.split("/")[0])
    return [names[place], names[(place + 1) % len(names)]]
