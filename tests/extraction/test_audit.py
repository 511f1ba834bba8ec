import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from data_lake.merge import FETCHED_AT
from orchestration.extraction.audit import audit
from orchestration.extraction.prepare import prepare

from .conftest import SOURCE

DAY = dt.date(2025, 2, 11)
TABLE = "southbound_top10"


@pytest.fixture
def frame(sandbox):
    [payload] = sandbox.fetch(SOURCE.requests([DAY])[0])
    return prepare(SOURCE, [payload], DAY, DAY).frames[TABLE]


def a_day_later(rows):
    later = pc.add(rows[FETCHED_AT], pa.scalar(dt.timedelta(days=1)))
    return rows.set_column(rows.column_names.index(FETCHED_AT), FETCHED_AT, later)


def test_a_body_that_came_back_is_judged_once_and_kept_twice(frame):
    both = pa.concat_tables([frame, a_day_later(frame)])
    audited = audit({TABLE: both})
    assert not audited.rejected
    assert audited.frames[TABLE].equals(both)
    assert audited.verdicts[TABLE].rows == frame.num_rows


def test_a_body_that_says_a_thing_twice_is_refused_however_often_it_came(frame):
    doubled = pa.concat_tables([frame, frame.slice(3, 1)])
    for rows in (doubled, pa.concat_tables([doubled, a_day_later(doubled)])):
        audited = audit({TABLE: rows})
        assert set(audited.rejected) == {frame["payload_sha256"][0].as_py()}
        assert audited.frames[TABLE].num_rows == 0
