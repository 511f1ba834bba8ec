"""Yesterday's marts, computed again from today's lake, are the ones published yesterday."""

import datetime as dt
from dataclasses import replace

import duckdb
import pyarrow.compute as pc
import pytest

from data_lake.zones import Zones
from orchestration.calendar import HONG_KONG
from orchestration.extraction.run import extract
from orchestration.sources import SOURCES
from orchestration.transport.sandbox import SandboxTransport
from tests.warehouse.same_rows import assert_same_rows

FIRST = dt.date(2025, 1, 20)
YESTERDAY = dt.datetime(2025, 2, 11, 23, 0, tzinfo=HONG_KONG)
TODAY = dt.datetime(2025, 2, 12, 23, 0, tzinfo=HONG_KONG)
OF_THE_PROJECT = ("sentiment.dim_event", "claims.fct_published_figures")
"""Come with the project and not from the lake: a build of all times has what came later, too."""
MARTS = ("core", "inflows", "valuations", "sentiment")


class Clock:
    """The sandbox, asked at a given moment."""

    name = "sandbox"
    knows_the_past = True

    def __init__(self, inner, moment):
        self.inner, self.moment = inner, moment

    def fetch(self, request):
        return [replace(item, fetched_at=self.moment) for item in self.inner.fetch(request)]


def evening_run(zones, inner, moment):
    moment = moment.astimezone(dt.UTC)
    for source in SOURCES:
        last = moment.astimezone(HONG_KONG).date()
        outcome = extract(source, FIRST, last, Clock(inner, moment), zones, now=moment)
        assert not outcome.rejections, outcome.rejections


def marts(compiled_project, place, zones, as_of=""):
    """Return every mart's rows, made now from the lake, by the mart's name."""
    place.mkdir()
    built = compiled_project.build(place, zones.lake, as_of)
    assert not [each for each in built.statuses.values() if each in ("error", "fail")]
    with duckdb.connect(str(built.file), read_only=True) as connection:
        found = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ? "
            "or table_name = 'fct_published_figures'",
            [MARTS],
        ).fetchall()
        return {
            mart: connection.execute(f"select * from {mart} order by all").to_arrow_table()
            for (mart,) in found
        }


@pytest.fixture(scope="module")
def days(compiled_project, tmp_path_factory):
    zones = Zones(tmp_path_factory.mktemp("zones"))
    inner = SandboxTransport()
    evening_run(zones, inner, YESTERDAY)
    published_yesterday = marts(compiled_project, zones.root / "yesterday", zones)
    evening_run(zones, inner, TODAY)
    again = marts(compiled_project, zones.root / "again", zones, YESTERDAY.isoformat())
    return published_yesterday, again, marts(compiled_project, zones.root / "today", zones)


def test_yesterday_computed_today_equals_what_was_published_yesterday(days):
    yesterday, again, _ = days
    assert yesterday.keys() == again.keys()
    for mart, rows in yesterday.items():
        if mart in OF_THE_PROJECT:
            rows = rows.filter(pc.less_equal(rows["known_at"], YESTERDAY))
        assert_same_rows(again[mart], rows, mart)


@pytest.mark.parametrize("mart", OF_THE_PROJECT)
def test_what_the_project_says_of_later_days_is_left_out(days, mart):
    yesterday, again, _ = days
    assert 0 < again[mart].num_rows < yesterday[mart].num_rows
    assert pc.max(again[mart]["known_at"]).as_py() <= YESTERDAY


def test_today_differs_where_a_revision_came(days):
    yesterday, _, today = days
    mart = "sentiment.fct_short_selling_daily"
    before = {(r["trade_date"], r["security_code"]): r for r in yesterday[mart].to_pylist()}
    revised = [
        row
        for row in today[mart].to_pylist()
        if row["trade_date"] == YESTERDAY.date()
        and row["short_shares"] != before[row["trade_date"], row["security_code"]]["short_shares"]
    ]
    assert revised
    assert all(row["initial_short_shares"] != row["short_shares"] for row in revised)
