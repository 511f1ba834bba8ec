"""US-listed funds: a basket of Hong Kong and US shares, valued in USD at every New York session.

A fund holds a fixed number of each share per fund share, set anew at each year's first session, and
some cash. Fund shares come and go in creation units.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from orchestration.sandbox.actions import cash_dividends, ex_dividend_returns, yearly_payouts
from orchestration.sandbox.fund_list import US_SHARES, FundSpec, made_up_isin
from orchestration.sandbox.listings import Listing
from orchestration.sandbox.macro import Macro
from orchestration.sandbox.randomness import Floats, mean_reverting, noise, stream
from orchestration.sandbox.records import Dividend, FundDay, FundHolding
from orchestration.sandbox.timeline import Timeline

CREATION_UNIT = 50_000
CASH_SHARE = 0.004
US_START_PRICES = (8, 12, 20, 30, 50, 90, 130)


def us_share_prices(
    seed: int, timeline: Timeline, macro: Macro, hong_kong_usd: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return every US share's closes in USD; a twin of a Hong Kong share keeps close to its price.

    `hong_kong_usd` maps a Hong Kong code to its closes in USD at the New York sessions.
    """
    axis = timeline.new_york
    market, tech, volatility = macro.returns(timeline, axis)
    traits = np.array([stream(seed, "us trait", ticker).random(3) for ticker in US_SHARES])
    own = noise(seed, "us share", list(US_SHARES), len(axis), 1)[0]
    shocks = np.outer(market + tech, 0.7 + 0.6 * traits[:, 1])
    shocks += volatility[:, None] * (0.012 + 0.012 * traits[:, 2]) * own
    levels = np.array(US_START_PRICES)[(traits[:, 0] * len(US_START_PRICES)).astype(int)]
    paths = levels * np.exp(mean_reverting(shocks, 0.9985))
    for column, share in enumerate(US_SHARES.values()):
        if share.twin and share.twin in hong_kong_usd:
            paths[:, column] = hong_kong_usd[share.twin] * np.exp(0.004 * own[:, column])
    rounded = np.maximum(np.round(paths, 2), 0.01)
    return {ticker: rounded[:, column] for column, ticker in enumerate(US_SHARES)}


class Fund:
    """One fund's life on the New York axis: NAV, closing price, shares and holdings.

    `share_factor` maps a Hong Kong code to today's shares per share of the session; `prices` maps
    a code or ticker to closes in USD per share of today.
    """

    def __init__(
        self,
        seed: int,
        spec: FundSpec,
        timeline: Timeline,
        listings: Sequence[Listing],
        prices: Mapping[str, Floats],
        share_factor: Mapping[str, Floats],
    ) -> None:
        self._axis = timeline.new_york
        names = {item.code: item.long_name for item in listings}
        codes = [code for code in spec.hong_kong_codes if code in names]
        self._tickers = [str(int(code)) for code in codes] + list(spec.us_tickers)
        self._names = [names[code].upper() for code in codes]
        self._names += [US_SHARES[ticker].name.upper() for ticker in spec.us_tickers]
        self._identifiers = [made_up_isin(name) for name in self._names]
        keys = [*codes, *spec.us_tickers]
        self._prices = np.column_stack([prices[key] for key in keys])
        ones = np.ones(len(self._axis))
        self._factor = np.column_stack([share_factor.get(key, ones) for key in keys])
        payouts = yearly_payouts(seed, spec.symbol, "etf", self._axis)
        paid = np.exp(np.cumsum(ex_dividend_returns(payouts, len(self._axis))))
        self._basket, self._cash = _baskets(self._axis.days, self._prices, spec.start_nav_usd, paid)
        self.nav = np.einsum("ij,ij->i", self._basket, self._prices) + self._cash
        draws = stream(seed, "fund", spec.symbol).standard_normal((len(self._axis), 6))
        states = mean_reverting(draws[:, :2] * (0.003, 0.006), np.array([0.5, 0.995]))
        self.close = np.round(self.nav * (1 + np.clip(states[:, 0], -0.03, 0.03)), 2)
        units = np.rint(spec.start_shares / CREATION_UNIT * np.exp(states[:, 1]))
        self.shares = units.astype(np.int64) * CREATION_UNIT
        self.bars = bars_around(self.close, draws[:, 2:5])
        self.volume = (self.shares * 0.05 * np.exp(0.4 * draws[:, 5])).astype(np.int64)
        self.dividends: list[Dividend] = cash_dividends(payouts, self.close, self._axis)

    def day(self, day: dt.date) -> FundDay | None:
        """Return the fund at a New York session, None when there is none."""
        session = self._axis.position.get(day)
        if session is None:
            return None
        outstanding = int(self.shares[session])
        held = np.rint(self._basket[session] / self._factor[session] * outstanding)
        values = np.rint(held * self._factor[session] * self._prices[session])
        cash = float(np.rint(self._cash[session] * outstanding))
        net_assets = float(values.sum()) + cash
        lines = [
            FundHolding(name, ticker, identifier, int(shares), value, _weight(value, net_assets))
            for name, ticker, identifier, shares, value in zip(
                self._names,
                self._tickers,
                self._identifiers,
                held.tolist(),
                values.tolist(),
                strict=True,
            )
        ]
        lines.sort(key=lambda line: (-line.market_value_usd, line.ticker))
        lines.append(FundHolding("Cash", "", "", int(cash), cash, _weight(cash, net_assets)))
        nav = net_assets / outstanding
        return FundDay(day, outstanding, nav, float(self.close[session]), tuple(lines))


def _weight(value: float, net_assets: float) -> float:
    return round(100 * value / net_assets, 2)


def _baskets(
    days: Sequence[dt.date], prices: Floats, start_nav: float, paid: Floats
) -> tuple[Floats, Floats]:
    """Return shares held and cash per fund share, for each session.

    `paid` is what dividends have left of the fund's wealth. Each year's first session shares the
    NAV out anew, so that no position outgrows the fund.
    """
    target = 0.88 ** np.arange(prices.shape[1])
    target *= (1 - CASH_SHARE) / target.sum()
    years = np.array([day.year for day in days])
    starts = np.flatnonzero(np.diff(years, prepend=years[0] - 1))
    basket, cash, nav = np.empty_like(prices), np.empty(len(prices)), start_nav
    for start, stop in zip(starts, [*starts[1:], len(days)], strict=True):
        held, idle = target * nav / prices[start], CASH_SHARE * nav
        basket[start:stop], cash[start:stop] = held, idle
        if stop < len(days):
            nav = float(prices[stop] @ held + idle)
    return basket * paid[:, None], cash * paid


def bars_around(close: Floats, draws: Floats) -> Floats:
    """Return open, high, low and close of sessions from their closes and (days, 3) noise."""
    previous = np.concatenate((close[:1], close[:-1]))
    opened = np.round(previous * (close / previous) ** 0.6 * np.exp(0.003 * draws[:, 0]), 2)
    top, bottom = np.maximum(opened, close), np.minimum(opened, close)
    high = np.round(top * np.exp(0.006 * np.abs(draws[:, 1])), 2) + 0.01
    low = np.maximum(np.round(bottom * np.exp(-0.006 * np.abs(draws[:, 2])), 2) - 0.01, 0.01)
    return np.round(np.column_stack((opened, high, low, close)), 2)
