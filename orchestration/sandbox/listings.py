"""The sandbox's static list of Hong Kong securities: real codes and names, invented numbers.

Every security exists from the sandbox's first day, 2014-11-17, whenever the real one was listed.
Lot sizes and share counts are arbitrary round figures. Prices are not here: `paths` draws them.
"""

from __future__ import annotations

from dataclasses import dataclass

TECH_INDEX = "HSTECH.HK"
BROAD_INDEX = "^HSI"
TRACKED_INDEX = {"Hang Seng TECH": TECH_INDEX, "Broad market": BROAD_INDEX}
"""Index that an exchange-traded fund follows, by the fund's sector."""


@dataclass(frozen=True)
class Listing:
    """One Hong Kong security of the sandbox.

    `code` has five digits. `name` is the short name in upper case, at most 16 characters. `kind` is
    `stock` or `etf`. `issued_shares` counts shares after every split of the sandbox.
    `rmb_counter` is the five-digit code of the counter that trades in CNY, where there is one.
    """

    code: str
    name: str
    long_name: str
    kind: str
    sector: str
    is_hstech: bool
    is_southbound: bool
    lot_size: int
    issued_shares: int
    rmb_counter: str | None

    @property
    def symbol(self) -> str:
        """Return the vendor's symbol of the HKD counter, for example `0700.HK`."""
        return f"{int(self.code):04d}.HK"


def _tech(
    code: str,
    name: str,
    long_name: str,
    sector: str,
    lot_size: int,
    issued_mn: int,
    *,
    rmb_counter: str | None = None,
    is_southbound: bool = True,
) -> Listing:
    return Listing(
        code=code,
        name=name,
        long_name=long_name,
        kind="stock",
        sector=sector,
        is_hstech=True,
        is_southbound=is_southbound,
        lot_size=lot_size,
        issued_shares=issued_mn * 1_000_000,
        rmb_counter=rmb_counter,
    )


def _other(
    code: str,
    name: str,
    long_name: str,
    kind: str,
    sector: str,
    lot_size: int,
    issued_mn: int,
    rmb_counter: str | None = None,
) -> Listing:
    return Listing(
        code=code,
        name=name,
        long_name=long_name,
        kind=kind,
        sector=sector,
        is_hstech=False,
        is_southbound=True,
        lot_size=lot_size,
        issued_shares=issued_mn * 1_000_000,
        rmb_counter=rmb_counter,
    )


SOFTWARE, INTERNET, RETAIL = "Software", "Internet platforms", "Online retail"
HARDWARE, CHIPS, CARS = "Hardware", "Semiconductors", "Electric vehicles"
APPLIANCES, HEALTH, FINANCE = "Home appliances", "Online health", "Financials"

LISTINGS: tuple[Listing, ...] = (
    _tech("00020", "SENSETIME-W", "SenseTime Group Inc.", SOFTWARE, 1000, 30_000,
          rmb_counter="80020"),
    _tech("00241", "ALI HEALTH", "Alibaba Health Information Technology Limited", HEALTH, 2000,
          14_000),
    _tech("00268", "KINGDEE INT'L", "Kingdee International Software Group", SOFTWARE, 1000, 4_000),
    _tech("00285", "BYD ELECTRONIC", "BYD Electronic (International)", HARDWARE, 500, 2_500),
    _tech("00300", "MIDEA GROUP", "Midea Group Co., Ltd.", APPLIANCES, 100, 900),
    _tech("00700", "TENCENT", "Tencent Holdings Limited", INTERNET, 100, 8_000,
          rmb_counter="80700"),
    _tech("00772", "CHINA LIT", "China Literature Limited", INTERNET, 200, 1_200),
    _tech("00780", "TONGCHENGTRAVEL", "Tongcheng Travel Holdings Limited", INTERNET, 400, 2_000),
    _tech("00981", "SMIC", "Semiconductor Manufacturing International Corporation", CHIPS, 500,
          5_000),
    _tech("00992", "LENOVO GROUP", "Lenovo Group Limited", HARDWARE, 2000, 11_000,
          rmb_counter="80992"),
    _tech("01024", "KUAISHOU-W", "Kuaishou Technology", INTERNET, 100, 4_500, rmb_counter="81024"),
    _tech("01347", "HUA HONG SEMI", "Hua Hong Semiconductor Limited", CHIPS, 1000, 1_500),
    _tech("01698", "TME-SW", "Tencent Music Entertainment Group", INTERNET, 100, 3_000,
          is_southbound=False),
    _tech("01810", "XIAOMI-W", "Xiaomi Corporation", HARDWARE, 200, 20_000, rmb_counter="81810"),
    _tech("02015", "LI AUTO-W", "Li Auto Inc.", CARS, 100, 1_800),
    _tech("02382", "SUNNY OPTICAL", "Sunny Optical Technology (Group)", HARDWARE, 100, 1_000),
    _tech("03690", "MEITUAN-W", "Meituan", INTERNET, 100, 5_500, rmb_counter="83690"),
    _tech("03888", "KINGSOFT", "Kingsoft Corporation Limited", SOFTWARE, 200, 1_600),
    _tech("06060", "ZA ONLINE", "ZhongAn Online P & C Insurance", FINANCE, 100, 1_300),
    _tech("06618", "JD HEALTH", "JD Health International Inc.", HEALTH, 50, 2_800),
    _tech("06690", "HAIER SMARTHOME", "Haier Smart Home Co., Ltd.", APPLIANCES, 200, 3_200),
    _tech("09618", "JD-SW", "JD.com, Inc.", RETAIL, 50, 2_600, rmb_counter="89618",
          is_southbound=False),
    _tech("09626", "BILIBILI-W", "Bilibili Inc.", INTERNET, 20, 400),
    _tech("09660", "HORIZONROBOT-W", "Horizon Robotics", CHIPS, 200, 11_500),
    _tech("09866", "NIO-SW", "NIO Inc.", CARS, 10, 2_200, is_southbound=False),
    _tech("09868", "XPENG-W", "XPeng Inc.", CARS, 100, 1_700),
    _tech("09888", "BIDU-SW", "Baidu, Inc.", INTERNET, 50, 2_400, rmb_counter="89888",
          is_southbound=False),
    _tech("09961", "TRIP.COM-S", "Trip.com Group Limited", INTERNET, 50, 600,
          is_southbound=False),
    _tech("09988", "BABA-W", "Alibaba Group Holding Limited", RETAIL, 100, 17_000,
          rmb_counter="89988"),
    _tech("09999", "NTES-S", "NetEase, Inc.", INTERNET, 100, 3_500, is_southbound=False),
    _other("00388", "HKEX", "Hong Kong Exchanges and Clearing Limited", "stock", FINANCE, 100,
           1_100, "80388"),
    _other("01398", "ICBC", "Industrial and Commercial Bank of China", "stock", FINANCE, 1000,
           80_000),
    _other("02800", "TRACKER FUND", "Tracker Fund of Hong Kong", "etf", "Broad market", 500, 6_000,
           "82800"),
    _other("03033", "CSOP HS TECH", "CSOP Hang Seng TECH Index ETF", "etf", "Hang Seng TECH", 200,
           9_000, "83033"),
    _other("03067", "ISHARESHSTECH", "iShares Hang Seng TECH ETF", "etf", "Hang Seng TECH", 100,
           2_000),
)  # fmt: skip
"""Thirty members of the Hang Seng TECH Index, two large financials and three funds."""
