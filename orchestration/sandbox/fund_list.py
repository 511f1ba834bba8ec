"""The US-listed funds of the sandbox and the US shares they hold: real tickers, invented numbers.

Identifiers of holdings are made up under the country code ZZ, which no real security has.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class UsShare:
    """A US-listed share; `twin` is the Hong Kong code of the same company, where it has one."""

    ticker: str
    name: str
    twin: str | None = None


@dataclass(frozen=True)
class FundSpec:
    """A fund: what it holds (largest first), and its arbitrary starting NAV (USD) and size."""

    symbol: str
    hong_kong_codes: tuple[str, ...]
    us_tickers: tuple[str, ...]
    start_nav_usd: float
    start_shares: int


US_SHARES: dict[str, UsShare] = {
    share.ticker: share
    for share in (
        UsShare("PDD", "PDD Holdings Inc"),
        UsShare("TCOM", "Trip.com Group Ltd", twin="09961"),
        UsShare("BEKE", "KE Holdings Inc"),
        UsShare("VIPS", "Vipshop Holdings Ltd"),
        UsShare("YMM", "Full Truck Alliance Co Ltd"),
        UsShare("BZ", "Kanzhun Ltd"),
        UsShare("TAL", "TAL Education Group"),
        UsShare("QFIN", "Qifu Technology Inc"),
        UsShare("ATHM", "Autohome Inc"),
        UsShare("WB", "Weibo Corp"),
        UsShare("IQ", "iQIYI Inc"),
        UsShare("JOYY", "JOYY Inc"),
        UsShare("MNSO", "Miniso Group Holding Ltd"),
    )
}

FUNDS: dict[str, FundSpec] = {
    spec.symbol: spec
    for spec in (
        FundSpec(
            "KWEB",
            ("00700", "09988", "03690", "09618", "09999", "01024", "09888", "09626", "01698")
            + ("00780", "00241", "06618", "00772", "06060", "03888", "00268", "00020"),
            ("PDD", "TCOM", "BEKE", "YMM", "VIPS", "BZ", "TAL", "QFIN", "ATHM", "WB", "IQ", "JOYY")
            + ("MNSO",),
            40.0,
            120_000_000,
        ),
        FundSpec(
            "FXI",
            ("09988", "00700", "01398", "03690", "01810", "09618", "09961", "09999", "09888")
            + ("02015", "00992", "00981", "01024"),
            (),
            25.0,
            150_000_000,
        ),
        FundSpec(
            "MCHI",
            ("00700", "09988", "01398", "03690", "01810", "09618", "09999", "09888", "06690")
            + ("00300", "00981", "00992", "01024", "02382", "00268"),
            ("PDD", "TCOM", "BEKE"),
            50.0,
            100_000_000,
        ),
        FundSpec(
            "CQQQ",
            ("00700", "03690", "09888", "01024", "00981", "09626", "02382", "00992", "00268")
            + ("00020", "01347", "03888", "00285"),
            ("PDD", "BZ", "ATHM", "WB"),
            30.0,
            20_000_000,
        ),
    )
}


def made_up_isin(name: str) -> str:
    """Return an identifier in the form of an ISIN, with a right check digit, under country ZZ."""
    body = f"ZZ{zlib.crc32(name.encode()) % 10**9:09d}"
    digits = "".join(str(int(character, 36)) for character in body)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return f"{body}{-total % 10}"
