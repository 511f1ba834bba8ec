"""Real recorded payloads, published by the archive transport, where they lie beside the project."""

import json
from pathlib import Path

import pytest

from .conftest import MODELS_ALONE, House

RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "replay"
HALF_DAYS = ("2024-12-24", "2024-12-31", "2025-01-28")

pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the folder of recorded payloads is not here"
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A house whose lake holds every recorded payload of three months, and nothing invented."""
    made = House(tmp_path_factory.mktemp("recorded"))
    words = ("--archive", str(RECORDED), "--from", "2024-12-02", "--to", "2025-02-28")
    done = made.hkflow("run", "--transport", "archive", *words, **MODELS_ALONE)
    assert done.exit_code == 0, done.output
    return made


def rows(house: House, query: str) -> list[dict]:
    answer = house.hkflow("sql", query, "--format", "json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_prices_are_the_recorded_ones(recorded):
    query = """
        select high_price, close_price from fct_prices_daily
        where security_code = '00700' and trade_date = '2025-02-18'
    """
    (day,) = rows(recorded, query)
    assert float(day["high_price"]) == pytest.approx(513.0, rel=1e-3)
    assert float(day["close_price"]) == pytest.approx(503.5, rel=1e-3)


def test_flat_half_day_bars_are_missing_prices_with_their_reason(recorded):
    query = """
        select trade_date, close_price, missing_price_reason from fct_prices_daily
        where security_code = '00700' and is_missing_price order by trade_date
    """
    assert rows(recorded, query) == [
        {"trade_date": day, "close_price": None, "missing_price_reason": "flat_bar_without_volume"}
        for day in HALF_DAYS
    ]


def test_breadth_is_unknown_where_no_security_has_a_return(recorded):
    unknown = "select trade_date from mart_sentiment_daily where advancing_count is null order by 1"
    without = """
        select trade_date from fct_prices_daily where exchange_calendar = 'XHKG'
        group by trade_date having count(return_pct) = 0 order by 1
    """
    days = rows(recorded, unknown)
    assert {"2024-12-02", *HALF_DAYS} <= {day["trade_date"] for day in days}
    assert days == rows(recorded, without)


def test_nothing_is_synthetic(recorded):
    query = "select count(*) as counted from fct_prices_daily where is_synthetic"
    assert rows(recorded, query) == [{"counted": 0}]
