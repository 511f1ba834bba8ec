import datetime as dt

import pytest

from orchestration import calendar
from orchestration.sandbox.fund_list import FUNDS
from orchestration.sandbox.funds import CREATION_UNIT
from orchestration.sandbox.listings import LISTINGS

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2025, 2, 28)
NEW_YORK_SESSIONS = calendar.sessions("XNYS", FIRST, LAST)


def test_exchange_rates_keep_the_band_the_triangle_and_the_central_banks_figure(simulated):
    first = calendar.CONNECT_START
    hkd = {bar.day: bar for bar in simulated.bars("HKD=X", first, LAST)}
    cny = {bar.day: bar.close for bar in simulated.bars("CNY=X", first, LAST)}
    cross = {bar.day: bar.close for bar in simulated.bars("CNYHKD=X", first, LAST)}
    previous = None
    for day, bar in hkd.items():
        assert 7.75 <= bar.low <= bar.high <= 7.85
        assert cross[day] * cny[day] == pytest.approx(bar.close, rel=0.003)
        assert previous is None or abs(cny[day] / previous - 1) < 0.02
        previous = cny[day]
        if simulated.rate("DEXHKUS", day) is not None:
            assert simulated.rate("DEXHKUS", day) == round(bar.close, 4)
            assert simulated.rate("DEXCHUS", day) == round(cny[day], 4)
            assert simulated.rate("DFEDTARU", day) % 0.25 == 0
            assert -1 < simulated.rate("DGS10", day) < 10


@pytest.mark.parametrize(
    "day",
    [
        dt.date(2025, 2, 17),  # Presidents' Day
        dt.date(2024, 10, 14),  # Columbus Day: stocks trade, the central bank rests
        dt.date(2024, 11, 11),  # Veterans Day
        dt.date(2024, 6, 15),  # a Saturday
    ],
)
def test_us_holidays_have_no_rates(simulated, day):
    for series in ("DEXHKUS", "DEXCHUS", "DFEDTARU", "DGS10"):
        assert simulated.rate(series, day) is None


@pytest.mark.parametrize("symbol", ["KWEB", "FXI", "MCHI", "CQQQ"])
def test_a_funds_lines_add_up_to_its_net_assets(simulated, symbol):
    codes = {str(int(item.code)) for item in LISTINGS}
    closes = {bar.day: bar.close for bar in simulated.bars(symbol, FIRST, LAST)}
    counts = set()
    for day in NEW_YORK_SESSIONS:
        fund = simulated.fund_day(symbol, day)
        net_assets = sum(line.market_value_usd for line in fund.holdings)
        assert net_assets == pytest.approx(fund.nav_usd * fund.shares_outstanding, abs=1)
        assert sum(line.weight_pct for line in fund.holdings) == pytest.approx(100, abs=0.2)
        assert fund.shares_outstanding % CREATION_UNIT == 0
        assert fund.close_usd == closes[day]
        assert abs(fund.close_usd / fund.nav_usd - 1) < 0.05
        assert fund.holdings[-1].name == "Cash"
        lines = fund.holdings[:-1]
        values = [line.market_value_usd for line in lines]
        assert values == sorted(values, reverse=True)
        assert max(line.weight_pct for line in lines) < 30
        assert len({line.identifier for line in lines}) == len(lines)
        assert all(line.ticker in codes or line.ticker.isalpha() for line in lines)
        counts.add(fund.shares_outstanding)
    assert len(counts) > 20
    assert simulated.fund_day(symbol, dt.date(2025, 2, 17)) is None


def test_kweb_holds_about_thirty_shares_of_hong_kong_and_new_york(simulated):
    tickers = {line.ticker for line in simulated.fund_day("KWEB", LAST).holdings[:-1]}
    assert len(tickers) == 30
    assert {"700", "9988", "PDD", "TCOM"} <= tickers


def test_a_funds_hong_kong_lines_are_worth_the_quoted_price(simulated):
    day = dt.date(2024, 4, 10)
    hkd_per_usd = simulated.bars("HKD=X", day, day)[0].close
    closes = {str(int(q.code)): float(q.close) for q in simulated.quotes(day)}
    checked = 0
    for symbol in FUNDS:
        for line in simulated.fund_day(symbol, day).holdings:
            if line.ticker in closes:
                worth = line.shares * closes[line.ticker] / hkd_per_usd
                assert line.market_value_usd == pytest.approx(worth, abs=1)
                checked += 1
    assert checked > 40
