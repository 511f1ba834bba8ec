import datetime as dt

import numpy as np
import pytest

from orchestration import calendar
from orchestration.sandbox.fund_list import FUNDS
from orchestration.sandbox.listings import LISTINGS
from orchestration.sandbox.market import Market
from orchestration.sandbox.other_markets import A_SHARE_TWINS
from orchestration.sources.yahoo_chart import SYMBOLS

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 2, 28)
SESSIONS = calendar.sessions("XHKG", FIRST, LAST)
NEW_YORK_SESSIONS = calendar.sessions("XNYS", FIRST, LAST)
SHANGHAI_SESSIONS = calendar.sessions("XSHG", FIRST, LAST)
WEEKDAYS = calendar.sessions("WEEKDAY", FIRST, LAST)
CALENDAR_OF = dict(SYMBOLS)
SESSIONS_OF = {"XSHG": SHANGHAI_SESSIONS, "XNYS": NEW_YORK_SESSIONS, "WEEKDAY": WEEKDAYS}
HALF_DAYS = calendar.half_days("XHKG")


def test_bars_of_a_stock_are_its_quotes_in_shares_of_today(simulated, quotes):
    splits = 0
    for item in LISTINGS:
        column = next(j for j, q in enumerate(quotes[FIRST]) if q.code == item.code)
        bars = simulated.bars(item.symbol, FIRST, LAST)
        assert [bar.day for bar in bars] == SESSIONS
        for bar in bars:
            quote = quotes[bar.day][column]
            later = [s for s in simulated.splits(item.symbol) if s.ex_date > bar.day]
            ratio = float(np.prod([split.numerator / split.denominator for split in later]))
            splits += bool(later)
            if quote.is_suspended:
                assert bar.close is bar.open is bar.volume is bar.adjusted_close is None
            elif bar.day in HALF_DAYS:
                flat = float(quote.previous_close) / ratio
                assert bar.open == bar.high == bar.low == bar.close == pytest.approx(flat)
                assert bar.volume == 0
            else:
                assert bar.volume == quote.volume_shares * ratio
                for ours, theirs in (
                    (bar.open, quote.open),
                    (bar.high, quote.high),
                    (bar.low, quote.low),
                    (bar.close, quote.close),
                ):
                    assert abs(ours * ratio - float(theirs)) < 1e-9
    assert splits > 20


def test_one_stock_splits_and_its_bars_show_no_jump(simulated):
    (symbol,) = [item.symbol for item in LISTINGS if simulated.splits(item.symbol)]
    (split,) = simulated.splits(symbol)
    assert FIRST < split.ex_date < LAST
    assert calendar.is_session("XHKG", split.ex_date)
    before = calendar.previous_session("XHKG", split.ex_date)
    earlier, later = simulated.bars(symbol, before, split.ex_date)
    assert abs(np.log(later.close / earlier.close)) < 0.2
    code = f"{int(symbol[:4]):05d}"
    quote = next(q for q in simulated.quotes(split.ex_date) if q.code == code)
    assert float(quote.previous_close) / float(quote.close) == pytest.approx(5, rel=0.2)


def test_adjusted_closes_change_against_closes_on_ex_dates_only_and_by_the_dividend(simulated):
    paid = 0
    for symbol in [item.symbol for item in LISTINGS] + list(FUNDS):
        dividends = {item.ex_date: item.amount for item in simulated.dividends(symbol)}
        bars = [bar for bar in simulated.bars(symbol, FIRST, LAST) if bar.close is not None]
        assert bars[-1].adjusted_close == bars[-1].close
        for earlier, later in zip(bars, bars[1:], strict=False):
            step = earlier.adjusted_close / earlier.close / (later.adjusted_close / later.close)
            amount = dividends.get(later.day, 0.0)
            paid += amount > 0
            assert step == pytest.approx(1 - amount / earlier.close, abs=1e-9), (symbol, later.day)
    assert paid >= 8


def test_adjusted_closes_know_the_dividends_of_the_day_of_asking_only(simulated):
    symbol = next(
        item.symbol
        for item in LISTINGS
        if any(FIRST < dividend.ex_date < LAST for dividend in simulated.dividends(item.symbol))
    )
    ex_date = next(d.ex_date for d in simulated.dividends(symbol) if FIRST < d.ex_date < LAST)
    before = calendar.previous_session("XHKG", ex_date)
    (unaware,) = simulated.bars(symbol, before, before)
    (aware,) = simulated.bars(symbol, before, before, as_of=ex_date)
    assert unaware.adjusted_close == unaware.close == aware.close
    assert aware.adjusted_close < aware.close


@pytest.mark.parametrize("symbol", ["^HSI", "HSTECH.HK"])
def test_an_index_moves_with_the_capitalisation_of_its_members(simulated, symbol):
    stocks = [item for item in LISTINGS if item.kind == "stock"]
    members = [item for item in stocks if symbol == "^HSI" or item.is_hstech]
    assert symbol == "^HSI" or len(members) == 30
    caps, last = {}, {}
    for item in members:
        for bar in simulated.bars(item.symbol, FIRST, LAST):
            last[item.code] = bar.close or last[item.code]
            caps[bar.day] = caps.get(bar.day, 0.0) + last[item.code] * item.issued_shares
    bars = simulated.bars(symbol, FIRST, LAST)
    ratios = [bar.close / caps[bar.day] for bar in bars if bar.day not in HALF_DAYS]
    assert max(ratios) / min(ratios) == pytest.approx(1, abs=1e-5)


def test_every_symbols_bars_are_ordered_and_lie_on_its_own_calendar(simulated):
    for symbol in simulated.symbols:
        bars = simulated.bars(symbol, FIRST, LAST)
        calendar_days = SESSIONS_OF.get(CALENDAR_OF.get(symbol), SESSIONS)
        assert [bar.day for bar in bars] == calendar_days
        for bar in (bar for bar in bars if bar.close is not None):
            assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
            is_flat = bar.low == bar.high
            assert is_flat == (bar.day in HALF_DAYS and calendar_days is SESSIONS), (symbol, bar)


def test_an_a_share_costs_its_twin_in_cny_times_a_premium_that_moves_slowly(simulated):
    rates = {bar.day: bar.close for bar in simulated.bars("CNYHKD=X", FIRST, LAST)}
    for symbol, code in A_SHARE_TWINS.items():
        twin = {bar.day: bar.close for bar in simulated.bars(f"{code[1:]}.HK", FIRST, LAST)}
        premiums = [
            bar.close * rates[bar.day] / twin[bar.day]
            for bar in simulated.bars(symbol, FIRST, LAST)
            if twin.get(bar.day) and bar.day not in HALF_DAYS
        ]
        assert len(premiums) > 200
        assert 0.8 < min(premiums) < max(premiums) < 3
        steps = np.abs(np.diff(np.log(premiums)))
        assert 0 < np.median(steps) < 0.02


def test_a_market_without_the_twin_has_no_a_share():
    fewer = [item for item in LISTINGS if item.code != "00981"]
    symbols = Market(3, fewer).symbols
    assert "688981.SS" not in symbols
    assert {"601398.SS", "000300.SS", "^GSPC"} <= set(symbols)
