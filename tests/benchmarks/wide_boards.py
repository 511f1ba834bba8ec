"""Arrays of the sandbox's boards, side by side: thousands of counters over the sessions of a span.

Listings are made up beyond the sandbox's own. Markets of a few hundred listings are simulated one
after the other, so that the noise of one is gone before that of the next is drawn.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from orchestration import calendar
from orchestration.sandbox.actions import dividend_factor
from orchestration.sandbox.listings import LISTINGS, Listing
from orchestration.sandbox.market import Market
from orchestration.sandbox.randomness import noise
from orchestration.sandbox.records import Dividend, Split

Figures = npt.NDArray[Any]
LISTINGS_AT_ONCE = 285
SETTLEMENT_SESSIONS = 2
_SEED = 20141117
_SMALLEST_STAKE = 1e7


@dataclass
class Boards:
    """Figures of shape (sessions, counters) by name, and what each counter is.

    `is_own` is false for counters that are made up. `dividends` and `splits` are of those.
    """

    days: list[dt.date]
    codes: list[str]
    names: list[str]
    currencies: list[str]
    is_own: Figures
    is_southbound: Figures
    figures: dict[str, Figures]
    dividends: dict[str, list[Dividend]]
    splits: dict[str, list[Split]]


def wide_listings(count: int) -> list[Listing]:
    """Return the sandbox's listings and as many made-up stocks as are missing to a count."""
    taken = {item.code for item in LISTINGS}
    codes = [code for code in (f"{number:05d}" for number in range(1, 10_000)) if code not in taken]
    return [
        *LISTINGS,
        *(
            Listing(
                code=code,
                name=f"WIDE {code}",
                long_name=f"Wide {code} Limited",
                kind="stock",
                sector="Made up",
                is_hstech=False,
                is_southbound=int(code) % 5 == 0,
                lot_size=500,
                issued_shares=(1 + int(code) % 40) * 50_000_000,
                rmb_counter=None,
            )
            for code in codes[: count - len(LISTINGS)]
        ),
    ]


def boards(securities: int, first: dt.date, last: dt.date) -> Boards:
    """Simulate as many securities as asked, sorted by code."""
    listings = wide_listings(securities)
    parts = [LISTINGS] + [
        tuple(listings[start : start + LISTINGS_AT_ONCE])
        for start in range(len(LISTINGS), len(listings), LISTINGS_AT_ONCE)
    ]
    found = [_board(part, first, last) for part in parts]
    codes = [code for each in found for code in each.codes]
    order = sorted(range(len(codes)), key=codes.__getitem__)

    def sorted_column(name: str) -> list[str]:
        values = [value for each in found for value in getattr(each, name)]
        return [values[position] for position in order]

    figures: dict[str, Figures] = {}
    for name in list(found[0].figures):
        parts_of_one = [each.figures.pop(name) for each in found]
        figures[name] = np.concatenate(parts_of_one, axis=1)[:, order]
    figures["held_shares"] = _held_shares(sorted_column("codes"), figures)
    return Boards(
        days=found[0].days,
        codes=sorted_column("codes"),
        names=sorted_column("names"),
        currencies=sorted_column("currencies"),
        is_own=np.concatenate([each.is_own for each in found])[order],
        is_southbound=np.concatenate([each.is_southbound for each in found])[order],
        figures=figures,
        dividends={code: paid for each in found for code, paid in each.dividends.items()},
        splits={code: split for each in found for code, split in each.splits.items()},
    )


def _board(listings: tuple[Listing, ...], first: dt.date, last: dt.date) -> Boards:
    market = Market(listings=listings)
    board, timeline, paths = market._board, market._timeline, market._paths
    sessions = timeline.hong_kong.span(first, last)
    window = slice(sessions.start, sessions.stop)
    before = slice(sessions.start - 1, sessions.stop - 1)
    factor = paths.share_factor[:, board.listing_of]
    is_own = listings is LISTINGS
    closes = board.prices.close / 1000 / factor
    dividends: dict[str, list[Dividend]] = {}
    paid = np.ones_like(closes)
    if not is_own:
        for column, code in enumerate(board.codes):
            series = market._bars._stock(column, code)
            dividends[code] = [each for each in series.dividends if first <= each.ex_date <= last]
            paid[:, column] = dividend_factor(
                dividends[code], closes[:, column], timeline.hong_kong, last
            )
    splits = {code: [split] for code, split in market._schedule.splits.items() if not is_own}
    figures = {
        "previous_close": board.prices.close[before],
        "open": board.prices.open[window],
        "high": board.prices.high[window],
        "low": board.prices.low[window],
        "close": board.prices.close[window],
        "factor": factor[window],
        "adjusted_close": (closes * paid)[window],
        "volume": board.volume[window],
        "turnover": board.turnover[window],
        "short_shares": board.short_shares[window],
        "short_turnover": board.short_turnover[window],
        "first_short_shares": board.initial_short_shares[window],
        "first_short_turnover": board.initial_short_turnover[window],
        "is_traded": board.is_traded[window],
        "is_half_day": np.broadcast_to(timeline.is_half_day[window, None], closes[window].shape),
    }
    return Boards(
        days=timeline.hong_kong.days[window],
        codes=board.codes,
        names=board.names,
        currencies=board.currencies,
        is_own=np.full(len(board.codes), is_own),
        is_southbound=np.array([listings[each].is_southbound for each in board.listing_of]),
        figures={name: np.array(values) for name, values in figures.items()},
        dividends=dividends,
        splits=splits,
    )


def _held_shares(codes: list[str], figures: dict[str, Figures]) -> Figures:
    """Return shares held southbound: a stake, and a hundredth of each session's volume, settled."""
    factor = figures["factor"]
    net = 0.01 * figures["volume"] * factor
    net *= noise(_SEED, "wide holdings", codes, len(net), 1)[0]
    settled = np.zeros_like(net)
    np.cumsum(net[:-SETTLEMENT_SESSIONS], axis=0, out=settled[SETTLEMENT_SESSIONS:])
    held: Figures = np.rint((settled - settled.min(axis=0) + _SMALLEST_STAKE) / factor)
    return held.astype(np.int64)


def session_after(day: dt.date, count: int) -> dt.date:
    """Return the Hong Kong session some sessions after one, or before it."""
    return calendar.all_sessions("XHKG")[_positions()[day] + count]


@cache
def _positions() -> dict[dt.date, int]:
    return {day: index for index, day in enumerate(calendar.all_sessions("XHKG"))}
