"""The first days of history: every source is asked for them, none misses what nobody published."""

import datetime as dt

import pytest

from orchestration import calendar
from orchestration.sources import SOURCES
from orchestration.sources.eastmoney_southbound import SOURCE as EASTMONEY
from orchestration.sources.hkex_ccass_southbound import SOURCE as CCASS

FIRST_WEEK = (calendar.CONNECT_START, calendar.CONNECT_START + dt.timedelta(days=4))
AROUND_FIRST_HOLDINGS = (dt.date(2017, 3, 13), dt.date(2017, 3, 21))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_run_may_begin_with_the_first_day_of_all(source, run):
    outcome = run(source=source, days=FIRST_WEEK)
    assert not outcome.rejections
    assert not outcome.missing
    assert not outcome.gaps


@pytest.mark.parametrize("source", (CCASS, EASTMONEY), ids=lambda source: source.name)
def test_holdings_before_records_begin_are_not_missing(source, run, rows_of):
    [table] = [name for name in source.tables if name.endswith("holdings")]
    outcome = run(source=source, days=AROUND_FIRST_HOLDINGS)
    assert not outcome.gaps
    assert min(rows_of(table)["holding_date"].to_pylist()) == dt.date(2017, 3, 17)
