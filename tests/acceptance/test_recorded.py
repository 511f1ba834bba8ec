"""Real recorded payloads, published by the archive transport, where they lie beside the project."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from data_lake.zones import Zones
from orchestration.extraction.run import extract
from orchestration.sources import SOURCES
from orchestration.transport.archive import ArchiveTransport

RECORDED = Path(__file__).parents[3] / "shared" / "recorded" / "replay"
FIRST, LAST = dt.date(2024, 12, 2), dt.date(2025, 2, 28)
HALF_DAYS = (dt.date(2024, 12, 24), dt.date(2024, 12, 31), dt.date(2025, 1, 28))

pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="the folder of recorded payloads is not here"
)


@pytest.fixture(scope="module")
def recorded(compiled_project, tmp_path_factory):
    """The warehouse of a lake that holds every recorded payload of three months, and no other."""
    place = tmp_path_factory.mktemp("recorded")
    transport, zones = ArchiveTransport(RECORDED), Zones(place / "zones")
    for source in SOURCES:
        extract(source, FIRST, LAST, transport, zones)
    return compiled_project.build(place, zones.lake)


def rows(recorded, query: str) -> list[dict]:
    with duckdb.connect(str(recorded.file), read_only=True) as connection:
        return connection.execute(query).to_arrow_table().to_pylist()


def test_prices_are_the_recorded_ones(recorded):
    query = """
        select high_price, close_price from valuations.fct_prices_daily
        where security_code = '00700' and trade_date = '2025-02-18'
    """
    (day,) = rows(recorded, query)
    assert float(day["high_price"]) == pytest.approx(513.0, rel=1e-3)
    assert float(day["close_price"]) == pytest.approx(503.5, rel=1e-3)


def test_flat_half_day_bars_are_missing_prices_with_their_reason(recorded):
    query = """
        select trade_date, close_price, missing_price_reason from valuations.fct_prices_daily
        where security_code = '00700' and is_missing_price order by trade_date
    """
    assert rows(recorded, query) == [
        {"trade_date": day, "close_price": None, "missing_price_reason": "flat_bar_without_volume"}
        for day in HALF_DAYS
    ]


def test_breadth_is_unknown_where_no_security_has_a_return(recorded):
    unknown = """
        select trade_date from sentiment.mart_sentiment_daily
        where advancing_count is null order by 1
    """
    without = """
        select trade_date from valuations.fct_prices_daily where exchange_calendar = 'XHKG'
        group by trade_date having count(return_pct) = 0 order by 1
    """
    days = rows(recorded, unknown)
    assert {FIRST, *HALF_DAYS} <= {day["trade_date"] for day in days}
    assert days == rows(recorded, without)


def test_nothing_is_synthetic(recorded):
    query = "select count(*) as counted from valuations.fct_prices_daily where is_synthetic"
    assert rows(recorded, query) == [{"counted": 0}]
