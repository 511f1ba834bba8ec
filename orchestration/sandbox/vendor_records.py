"""Records of the sandbox's Eastmoney reports: southbound figures in the vendor's terms.

Totals and holdings are those the exchange publishes, so that the two sources agree. Fields that no
reader of the warehouse uses are filled plausibly.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

from orchestration import calendar
from orchestration.sandbox.flows import CHANNEL_START, CHANNELS
from orchestration.sandbox.hkex_ccass_southbound import printed_percent
from orchestration.sandbox.market import ConnectTotals, Listing, Market
from orchestration.sandbox.share_counts import holdings_of, quotes_by_code, share_factor
from orchestration.sources._eastmoney_fields import HOLDINGS_FIELDS

QUOTA_RAISED = dt.date(2018, 5, 1)
SMALL_QUOTA, LARGE_QUOTA = Decimal(10_500), Decimal(42_000)
"""Daily southbound quota of a channel in CNY mn, before and since it was raised."""
LARGEST_UNFILLED = 0.02
"""Unfilled buy orders, as a ratio of what was bought, stay below this."""
CENT = Decimal("0.01")
TENTH_OF_CENT = Decimal("0.0001")
SIDES = ("buy", "sell")
STEPS = {"HOLD_MARKETCAP_CHG1": 1, "HOLD_MARKETCAP_CHG5": 5, "HOLD_MARKETCAP_CHG10": 10}


def _parts(channel: str) -> tuple[str, ...]:
    return CHANNELS if channel == "ALL" else (channel,)


def daily_records(
    market: Market, channel: str, first: dt.date, last: dt.date
) -> list[dict[str, Any]]:
    """Return a channel's totals, newest first; a day on which only Hong Kong trades holds zeros."""
    start = min(CHANNEL_START[part] for part in _parts(channel))
    days = calendar.sessions("XHKG", max(first, start), last)
    if not days:
        return []
    since = calendar.previous_session("XHKG", days[0])
    before = dict(zip(days, [since, *days], strict=False))
    rates = {bar.day: bar.close for bar in market.bars("CNYHKD=X", since, days[-1]) if bar.close}
    index = {bar.day: bar.close for bar in market.bars("^HSI", since, days[-1])}
    records = []
    hkd_per_cny = next(iter(rates.values()))
    for day in days:
        hkd_per_cny = rates.get(day, hkd_per_cny)
        level, last_level = index.get(day), index.get(before[day])
        change = round(100 * (level / last_level - 1), 2) if level and last_level else None
        records.append(
            _daily(market, channel, day, hkd_per_cny)
            | {"INDEX_CLOSE_PRICE": level, "INDEX_CHANGE_RATE": change}
        )
    return records[::-1]


def _daily(market: Market, channel: str, day: dt.date, hkd_per_cny: float) -> dict[str, Any]:
    totals = [
        found for part in _parts(channel) if (found := market.connect_totals(day, part)) is not None
    ]
    buy, sell = (sum((getattr(t, f"{side}_hkd_mn") for t in totals), Decimal()) for side in SIDES)
    quota = LARGE_QUOTA if day >= QUOTA_RAISED else SMALL_QUOTA
    used = sum((_quota_used(t, day, hkd_per_cny) for t in totals), Decimal())
    leader = max(
        (trade for part in _parts(channel) for trade in market.connect_trades(day, part)[:1]),
        key=lambda trade: trade.buy_hkd + trade.sell_hkd,
        default=None,
    )
    return {
        "TRADE_DATE": f"{day} 00:00:00",
        "FUND_INFLOW": float(used),
        "NET_DEAL_AMT": float(buy - sell),
        "QUOTA_BALANCE": float(quota * len(totals) - used),
        "ACCUM_DEAL_AMT": float(
            sum(_cumulative(market, part).get(day, 0) for part in _parts(channel))
        ),
        "BUY_AMT": float(buy),
        "SELL_AMT": float(sell),
        "LEAD_STOCKS_CODE": f"{leader.code}.HK" if leader else None,
        "LEAD_STOCKS_NAME": leader.name if leader else None,
        "LS_CHANGE_RATE": None,
        "HOLD_MARKET_CAP": 0,
        "DEAL_AMT": float(buy + sell),
        "QUOTA_BALANCE_TEXT": "额度充足",
        "DEAL_NUM": sum(t.total_trades for t in totals),
    }


def _quota_used(totals: ConnectTotals, day: dt.date, hkd_per_cny: float) -> Decimal:
    """Return the quota used in CNY mn: net buying, and buy orders that were never filled."""
    ratio = LARGEST_UNFILLED * Random(f"unfilled {day} {totals.buy_hkd_mn}").random()
    in_hkd = float(totals.buy_hkd_mn - totals.sell_hkd_mn) + ratio * float(totals.buy_hkd_mn)
    return Decimal(in_hkd / hkd_per_cny).quantize(CENT)


@lru_cache(maxsize=4)
def _cumulative(market: Market, channel: str) -> dict[dt.date, Decimal]:
    """Return a channel's net buying in HKD mn from its first session to every Hong Kong session."""
    level, levels = Decimal(), {}
    for day in calendar.sessions("XHKG", CHANNEL_START[channel], dt.date.max):
        totals = market.connect_totals(day, channel)
        level += totals.buy_hkd_mn - totals.sell_hkd_mn if totals else 0
        levels[day] = level
    return levels


def holding_records(market: Market, day: dt.date) -> list[dict[str, Any]]:
    """Return the holdings at the end of a Stock Connect session, largest value first; else none."""
    sessions = calendar.sessions("CONNECT", calendar.CONNECT_START, day)
    if not sessions or sessions[-1] != day or not quotes_by_code(market, day):
        return []
    values = _values(market, day)
    earlier = {name: _values(market, sessions[-1 - steps]) for name, steps in STEPS.items()}
    held, before = (holdings_of(market).on(session) for session in (day, sessions[-2]))
    records = []
    for item in market.listings:
        code = item.code
        if code in held:
            record: dict[str, Any] = {n: None for n in HOLDINGS_FIELDS if n != "MUTUAL_TYPE"}
            record |= _holding(market, item, day, held[code])
            record |= {"HOLD_MARKET_CAP": float(values[code])}
            record |= _bought(market, item, (sessions[-2], day), (before.get(code), held[code]))
            for name, then in earlier.items():
                record[name] = float(values[code] - then[code]) if code in then else None
            records.append(record)
    return sorted(records, key=lambda record: -record["HOLD_MARKET_CAP"])


@lru_cache(maxsize=32)
def _values(market: Market, day: dt.date) -> dict[str, Decimal]:
    """Return held shares x close by code; empty before the market's first session."""
    quotes = quotes_by_code(market, day)
    held = holdings_of(market).on(day) if quotes else {}
    return {code: shares * quotes[code].close for code, shares in held.items()}


def _holding(market: Market, item: Listing, day: dt.date, held: int) -> dict[str, Any]:
    percent = printed_percent(market, item, day, held).removesuffix("%")
    return {
        "HOLD_DATE": f"{day} 00:00:00",
        "TRADE_DATE": f"{day} 00:00:00",
        "SECUCODE": f"{item.code}.HK",
        "SECURITY_CODE": item.code,
        "SECURITY_NAME": item.name,
        "INTERVAL_TYPE": "1",
        "HOLD_SHARES": held,
        "HOLD_SHARES_FADJ": held,
        "CLOSE_PRICE": float(quotes_by_code(market, day)[item.code].close),
        "HOLD_SHARES_RATIO": float(percent) if percent else None,
        "INDUSTRY": item.sector,
        "PARTICIPANT_NUM": len(CHANNELS),
        "RN": 1,
    }


def _bought(
    market: Market, item: Listing, days: tuple[dt.date, dt.date], held: tuple[int | None, int]
) -> dict[str, Any]:
    """Return the change of shares between two days, and its value at the later day's average price.

    On a split's ex-date the plain change holds the new shares, the repaired one does not.
    """
    (before, after), (held_before, held_after) = days, held
    if held_before is None:
        return {}
    new_for_old = share_factor(market, item, before) // share_factor(market, item, after)
    bought = held_after - held_before * new_for_old
    quote = quotes_by_code(market, after)[item.code]
    average = Decimal(quote.turnover) / quote.volume_shares if quote.volume_shares else quote.close
    return {
        "HOLD_SHARES_CHANGE": held_after - held_before,
        "ADD_SHARES_REPAIR": bought,
        "ADD_SHARES_AMP": round(100 * bought / (held_before * new_for_old), 8),
        "ADD_MARKET_CAP": float((bought * average).quantize(TENTH_OF_CENT)),
    }
