import datetime as dt
from decimal import Decimal
from functools import cache

import numpy as np
import pytest

from orchestration import calendar
from orchestration.sandbox.actions import SUSPENSION_WINDOW
from orchestration.sandbox.listings import LISTINGS

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 2, 28)
SESSIONS = calendar.sessions("XHKG", FIRST, LAST)
HALF_DAYS = calendar.half_days("XHKG")


def _every_quote(quotes):
    return [(day, quote) for day, day_quotes in quotes.items() for quote in day_quotes]


@cache
def _tick(price):
    """Spread table of the exchange's rules, in its own words: from, to (excluded), tick."""
    table = [
        ("0.01", "0.25", "0.001"),
        ("0.25", "0.5", "0.005"),
        ("0.5", "10", "0.01"),
        ("10", "20", "0.02"),
        ("20", "100", "0.05"),
        ("100", "200", "0.1"),
        ("200", "500", "0.2"),
        ("500", "1000", "0.5"),
        ("1000", "2000", "1"),
        ("2000", "5000", "2"),
        ("5000", "9995", "5"),
    ]
    return next(Decimal(tick) for low, high, tick in table if Decimal(low) <= price < Decimal(high))


def test_every_counter_has_one_quote_a_session_sorted_by_code(quotes):
    counters = sorted(
        [item.code for item in LISTINGS] + [i.rmb_counter for i in LISTINGS if i.rmb_counter]
    )
    for day, day_quotes in quotes.items():
        assert [quote.code for quote in day_quotes] == counters, day
        for quote in day_quotes:
            assert quote.currency == ("CNY" if quote.code.startswith("8") else "HKD")
            assert 0 < len(quote.name) <= 16


@pytest.mark.parametrize("day", [dt.date(2024, 12, 25), dt.date(2024, 6, 15), dt.date(2013, 1, 3)])
def test_nothing_is_quoted_on_a_closed_day(simulated, day):
    assert simulated.quotes(day) == []


def test_prices_are_ordered_and_on_tick(quotes):
    for day, quote in _every_quote(quotes):
        assert 0 < quote.low <= min(quote.open, quote.close), (day, quote)
        assert max(quote.open, quote.close) <= quote.high, (day, quote)
        for price in (quote.open, quote.high, quote.low, quote.close):
            assert price % _tick(price) == 0, (day, quote)
            assert price.as_tuple().exponent == -3


def test_turnover_and_short_turnover_lie_within_the_range_of_prices(quotes):
    for day, quote in _every_quote(quotes):
        pairs = [
            (quote.volume_shares, quote.turnover),
            (quote.short_shares, quote.short_turnover),
            (quote.initial_short_shares, quote.initial_short_turnover),
        ]
        for shares, value in pairs:
            assert quote.low * shares <= value <= quote.high * shares, (day, quote)
            assert shares <= quote.volume_shares
            assert value <= quote.turnover


def test_previous_close_is_the_close_of_the_session_before(simulated, quotes):
    before = None
    for day_quotes in quotes.values():
        if before:
            assert [quote.previous_close for quote in day_quotes] == before
        before = [quote.close for quote in day_quotes]
    assert all(quote.previous_close is None for quote in simulated.quotes(calendar.CONNECT_START))


def test_an_rmb_counter_follows_its_hkd_counter_at_the_days_rate(simulated, quotes):
    rate = {bar.day: bar.close for bar in simulated.bars("CNYHKD=X", FIRST, LAST)}
    for day, day_quotes in quotes.items():
        by_code = {quote.code: quote for quote in day_quotes}
        for item in LISTINGS:
            if item.rmb_counter and not by_code[item.code].is_suspended:
                ours, parent = by_code[item.rmb_counter], by_code[item.code]
                fair = float(parent.close) / rate[day]
                assert abs(float(ours.close) - fair) <= float(_tick(ours.close)) * 0.51
                assert ours.volume_shares < 0.2 * parent.volume_shares


def test_one_stock_is_suspended_for_one_session_and_does_not_trade(quotes):
    halted = [(day, quote) for day, quote in _every_quote(quotes) if quote.is_suspended]
    parents = {item.rmb_counter: item.code for item in LISTINGS if item.rmb_counter}
    assert len({(day, parents.get(quote.code, quote.code)) for day, quote in halted}) == 1
    for day, quote in halted:
        assert SUSPENSION_WINDOW[0] <= day <= SUSPENSION_WINDOW[1]
        assert quote.volume_shares == quote.turnover == quote.short_shares == 0
        assert quote.open == quote.high == quote.low == quote.close == quote.previous_close
    assert all(q.volume_shares > 0 for _, q in _every_quote(quotes) if not q.is_suspended)


def test_half_days_trade_about_half_as_much(quotes):
    totals = {day: sum(quote.turnover for quote in rows) for day, rows in quotes.items()}
    half = [totals[day] for day in SESSIONS if day in HALF_DAYS]
    full = [totals[day] for day in SESSIONS if day not in HALF_DAYS]
    assert 0.35 < np.mean(half) / np.mean(full) < 0.7


def test_a_third_of_the_sessions_later_revise_one_to_three_short_sales(quotes):
    revised = [
        sum(
            (quote.short_shares, quote.short_turnover)
            != (quote.initial_short_shares, quote.initial_short_turnover)
            for quote in day_quotes
        )
        for day_quotes in quotes.values()
    ]
    assert set(revised) == {0, 1, 2, 3}
    assert 0.2 < np.mean([count > 0 for count in revised]) < 0.47
