"""The symbols that the Yahoo chart API is asked for, each with the calendar of its sessions.

Names only; how an answer is read is in `yahoo_chart`.
"""

from __future__ import annotations

HK_INDICES = ("^HSI", "HSTECH.HK")
SHANGHAI_INDICES = ("000300.SS", "000001.SS")
"""CSI 300 and Shanghai Composite."""
US_INDICES = ("^GSPC", "^NDX")
"""S&P 500 and Nasdaq-100."""
INDICES = (*HK_INDICES, *SHANGHAI_INDICES, *US_INDICES)
US_FUNDS = ("KWEB", "FXI", "MCHI", "CQQQ")
HK_FUNDS = ("3033.HK", "3067.HK", "2800.HK")
FX_PAIRS = ("HKD=X", "CNY=X", "CNYHKD=X")
TECH_STOCKS = tuple(
    f"{code:04d}.HK"
    for code in (
        *(20, 241, 268, 285, 300, 700, 772, 780, 981, 992),
        *(1024, 1347, 1698, 1810, 2015, 2382, 3690, 3888, 6060, 6618),
        *(6690, 9618, 9626, 9660, 9866, 9868, 9888, 9961, 9988, 9999),
    )
)
"""Constituents of the Hang Seng TECH Index."""
OTHER_STOCKS = ("0388.HK", "1398.HK")
A_SHARES = ("601398.SS", "688981.SS")
"""Shanghai shares of companies whose Hong Kong shares are asked for: ICBC and SMIC."""
SYMBOLS: tuple[tuple[str, str], ...] = (
    *((symbol, "XHKG") for symbol in (*HK_INDICES, *HK_FUNDS, *TECH_STOCKS, *OTHER_STOCKS)),
    *((symbol, "XSHG") for symbol in (*SHANGHAI_INDICES, *A_SHARES)),
    *((symbol, "XNYS") for symbol in (*US_INDICES, *US_FUNDS)),
    *((symbol, "WEEKDAY") for symbol in FX_PAIRS),
)
"""Every symbol asked for, with the calendar of its sessions."""
CALENDAR_OF = dict(SYMBOLS)
