import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from orchestration import calendar
from orchestration.sandbox import flows
from orchestration.sandbox.listings import LISTINGS

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 2, 28)
CONNECT_SESSIONS = calendar.sessions("CONNECT", FIRST, LAST)
CHANNELS = ("SSE", "SZSE")


def test_channel_totals_add_up_and_are_the_sum_of_the_securities(simulated):
    funds = {item.code for item in LISTINGS if item.kind == "etf"}
    for day in CONNECT_SESSIONS:
        for channel in CHANNELS:
            totals, trades = (
                simulated.connect_totals(day, channel),
                simulated.connect_trades(day, channel),
            )
            assert totals.buy_hkd_mn + totals.sell_hkd_mn == totals.total_hkd_mn
            assert totals.buy_trades + totals.sell_trades == totals.total_trades
            assert min(totals.buy_trades, totals.sell_trades) > 0
            both = [trade.buy_hkd + trade.sell_hkd for trade in trades]
            assert both == sorted(both, reverse=True)
            held = sum(amount for t, amount in zip(trades, both, strict=True) if t.code in funds)
            for printed, exact in (
                (totals.buy_hkd_mn, sum(trade.buy_hkd for trade in trades)),
                (totals.sell_hkd_mn, sum(trade.sell_hkd for trade in trades)),
                (totals.etf_hkd_mn, held),
            ):
                assert printed > 0
                assert printed.as_tuple().exponent == -2
                assert abs(printed - Decimal(exact) / 1_000_000) <= Decimal("0.005")


def test_southbound_trades_are_of_eligible_securities_and_fit_in_their_turnover(simulated, quotes):
    eligible = {item.code for item in LISTINGS if item.is_southbound}
    for day in CONNECT_SESSIONS:
        turnover = {quote.code: quote.turnover for quote in quotes[day]}
        spent = dict.fromkeys(turnover, 0)
        for channel in CHANNELS:
            for trade in simulated.connect_trades(day, channel):
                assert trade.buy_hkd >= 0
                assert trade.sell_hkd >= 0
                spent[trade.code] += trade.buy_hkd + trade.sell_hkd
        for code, amount in spent.items():
            assert amount <= turnover[code] * 2 * 0.9
            assert (amount > 0) == (code in eligible and turnover[code] > 0), (day, code)


@pytest.mark.parametrize("channel", [*CHANNELS, None])
def test_southbound_net_buying_is_a_flow_that_changes_sign(simulated, channel):
    nets, totals = [], []
    for day in CONNECT_SESSIONS:
        parts = [
            simulated.connect_totals(day, name) for name in CHANNELS if channel in (None, name)
        ]
        nets.append(float(sum(part.buy_hkd_mn - part.sell_hkd_mn for part in parts)))
        totals.append(float(sum(part.total_hkd_mn for part in parts)))
    net = np.array(nets)
    assert (np.abs(net) <= 0.6 * np.array(totals)).all()
    changes = np.diff(np.sign(net)) != 0
    for start in range(0, len(changes) - 60, 30):
        assert changes[start : start + 60].sum() >= 3
    assert 0.2 < np.mean(net > 0) < 0.8
    windows = np.lib.stride_tricks.sliding_window_view(net, 30)
    assert (windows.std(axis=1) > 0.2 * np.abs(windows.mean(axis=1))).all()
    assert abs(np.corrcoef(net[:-1], net[1:])[0, 1]) < 0.9


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("day", [dt.date(2025, 1, 28), dt.date(2025, 2, 3), dt.date(2024, 12, 25)])
def test_a_closed_connect_has_no_totals_and_no_trades(simulated, channel, day):
    assert simulated.connect_totals(day, channel) is None
    assert simulated.connect_trades(day, channel) == []


def test_shenzhen_and_funds_join_connect_on_their_own_days(simulated):
    before = calendar.previous_session("CONNECT", flows.CHANNEL_START["SZSE"])
    assert simulated.connect_totals(before, "SZSE") is None
    assert simulated.connect_totals(before, "SSE") is not None
    assert simulated.connect_totals(flows.CHANNEL_START["SZSE"], "SZSE") is not None
    last_without = calendar.previous_session("CONNECT", flows.ETF_START)
    assert simulated.connect_totals(last_without, "SSE").etf_hkd_mn == 0
    assert simulated.connect_totals(flows.ETF_START, "SSE").etf_hkd_mn > 0
