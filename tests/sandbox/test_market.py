import datetime as dt

import pytest

from orchestration import calendar
from orchestration.sandbox.fund_list import FUNDS
from orchestration.sandbox.listings import LISTINGS, Listing
from orchestration.sandbox.market import Market

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 2, 28)
CHANNELS = ("SSE", "SZSE")


def _figures(market, day):
    return (
        market.quotes(day),
        [market.connect_trades(day, channel) for channel in CHANNELS],
        [market.connect_totals(day, channel) for channel in CHANNELS],
        [market.bars(symbol, FIRST, day) for symbol in ("0700.HK", "^HSI", "KWEB", "HKD=X")],
        [market.fund_day(fund, day) for fund in FUNDS],
        [market.rate(series, day) for series in ("DEXHKUS", "DEXCHUS", "DFEDTARU", "DGS10")],
    )


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    day = dt.date(2024, 6, 12)
    ours = _figures(Market(11), day)
    assert ours == _figures(Market(11), day)
    for our_figures, other_figures in zip(ours, _figures(Market(12), day), strict=True):
        assert our_figures != other_figures


def test_a_longer_calendar_leaves_earlier_figures_alone(monkeypatch):
    whole = {name: calendar.all_sessions(name) for name in calendar.CALENDARS}
    long = Market(5)
    days = [dt.date(2015, 3, 3), dt.date(2024, 6, 12), dt.date(2025, 1, 10)]
    expected = [_figures(long, day) for day in days]
    end = dt.date(2025, 1, 17)

    def shorter(name):
        return tuple(day for day in whole[name] if day <= end)

    monkeypatch.setattr(calendar, "all_sessions", shorter)
    short = Market(5)
    assert [_figures(short, day) for day in days] == expected
    assert short.quotes(dt.date(2025, 1, 20)) == []
    assert long.quotes(dt.date(2025, 1, 20)) != []


def test_a_security_lives_its_own_life_whatever_else_is_listed():
    fewer = [item for item in LISTINGS if item.code not in {"00700", "02015"}]
    same = {"00981", "01398"}
    day = dt.date(2024, 2, 1)

    def prices(market):
        rows = [quote for quote in market.quotes(day) if quote.code in same]
        return [(quote.code, quote.open, quote.high, quote.low, quote.close) for quote in rows]

    whole, part = Market(3), Market(3, fewer)
    for symbol in ("0981.HK", "1398.HK"):
        assert not whole.splits(symbol), "this seed splits one of the two: choose another"
        assert not part.splits(symbol), "this seed splits one of the two: choose another"
    assert prices(whole) == prices(part)


def test_an_unknown_name_is_refused(simulated):
    with pytest.raises(ValueError, match="unknown channel 'HKEX'"):
        simulated.connect_totals(FIRST, "HKEX")
    with pytest.raises(KeyError, match=r"9999\.XX"):
        simulated.bars("9999.XX", FIRST, LAST)
    with pytest.raises(ValueError, match="unknown series 'DEXJPUS'"):
        simulated.rate("DEXJPUS", FIRST)


def test_a_world_of_made_up_listings_can_be_large_and_short():
    listings = [
        Listing(
            code=f"{code:05d}",
            name=f"NAME {code}",
            long_name=f"Name {code} Limited",
            kind="stock",
            sector="Made up",
            is_hstech=False,
            is_southbound=code % 2 == 0,
            lot_size=1000,
            issued_shares=50_000_000 * code,
            rmb_counter=None,
        )
        for code in range(1, 501)
    ]
    market = Market(1, listings, first_day=dt.date(2024, 9, 2))
    day = dt.date(2024, 11, 4)
    assert len(market.quotes(day)) == 500
    assert 200 < len(market.connect_trades(day, "SSE")) <= 250
    assert market.bars("^HSI", day, day)[0].close > 0
    assert "FXI" not in market.symbols


def test_a_world_without_stocks_is_refused():
    with pytest.raises(ValueError, match="at least one listing of kind stock"):
        Market(1, [item for item in LISTINGS if item.kind == "etf"])
