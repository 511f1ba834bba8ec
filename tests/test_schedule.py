import datetime as dt

import pytest

from orchestration import calendar
from orchestration.calendar import HONG_KONG
from orchestration.defs.automation import months_still_moving
from orchestration.extraction.collect import published_sessions
from orchestration.sources import SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_schedule_leaves_no_session_out(source):
    asked = set()
    for number in range(240):
        today = dt.date(2025, 1, 2) + dt.timedelta(days=number)
        now = dt.datetime.combine(today, dt.time(22, 30), tzinfo=HONG_KONG).astimezone(dt.UTC)
        first, last = (dt.date.fromisoformat(f"{month}-01") for month in months_still_moving(today))
        end = (last + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        asked |= set(published_sessions(source, first, end, now))
    wanted = calendar.sessions(source.calendar, dt.date(2025, 1, 2), dt.date(2025, 6, 30))
    assert set(wanted) <= asked
