"""What the sandbox market says: frozen records of quotes, flows, bars, actions and funds.

Only shapes and units live here. How the figures come about is in the simulation modules.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SessionQuote:
    """One counter in one Hong Kong session, as traded (unadjusted), in the counter's currency.

    Prices are on tick with 3 decimals. The short figures are what the exchange finally holds; the
    initial ones are what it printed the same evening. The previous close is the one traded, also
    on a split's ex-date. A suspended counter repeats its last close as every price, without volume.
    """

    code: str
    name: str
    currency: str
    previous_close: Decimal | None
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume_shares: int
    turnover: int
    short_shares: int
    short_turnover: int
    initial_short_shares: int
    initial_short_turnover: int
    is_suspended: bool


@dataclass(frozen=True)
class ConnectTrade:
    """What mainland money bought and sold of one security through one channel, in HKD."""

    code: str
    name: str
    buy_hkd: int
    sell_hkd: int


@dataclass(frozen=True)
class ConnectTotals:
    """One southbound channel in one session: HKD mn with 2 decimals; total = buy + sell exactly."""

    buy_hkd_mn: Decimal
    sell_hkd_mn: Decimal
    total_hkd_mn: Decimal
    buy_trades: int
    sell_trades: int
    total_trades: int
    etf_hkd_mn: Decimal


@dataclass(frozen=True)
class Bar:
    """A vendor's daily bar, adjusted for splits; all None where the vendor has no data."""

    day: dt.date
    open: float | None
    high: float | None
    low: float | None
    close: float | None
    adjusted_close: float | None
    volume: int | None


@dataclass(frozen=True)
class Dividend:
    """A cash dividend per share, in terms of today's (post-split) shares."""

    ex_date: dt.date
    amount: float


@dataclass(frozen=True)
class Split:
    """A share split: `numerator` new shares for `denominator` old ones."""

    ex_date: dt.date
    numerator: int
    denominator: int


@dataclass(frozen=True)
class FundHolding:
    """One line of a fund's holdings: shares as counted that day, value in whole USD."""

    name: str
    ticker: str
    identifier: str
    shares: int
    market_value_usd: float
    weight_pct: float


@dataclass(frozen=True)
class FundDay:
    """A US-listed fund at one XNYS session; market values add up to `nav_usd` x shares."""

    day: dt.date
    shares_outstanding: int
    nav_usd: float
    close_usd: float
    holdings: tuple[FundHolding, ...]
