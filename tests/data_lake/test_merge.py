import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.merge import FETCHED_AT, merge_versions
from data_lake.tables.reference_rates import REFERENCE_RATES as TABLE

EVENING = dt.datetime(2025, 2, 18, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def rows(*versions: tuple[float, str, dt.datetime, dt.datetime]) -> pa.Table:
    """Versions of one figure: value, body, published_at, fetched_at."""
    schema = pa.schema([*TABLE.stored_schema, pa.field(FETCHED_AT, pa.timestamp("us", "UTC"))])
    return pa.Table.from_pylist(
        [
            {
                "rate_date": dt.date(2025, 2, 18),
                "series": "USDHKD",
                "publisher_series": "DEXHKUS",
                "unit": "HKD per USD",
                "rate_value": value,
                "source": "fred",
                "payload_sha256": body,
                "published_at": published,
                "known_at": published,
                "evidence_grade": "official",
                "is_synthetic": False,
                FETCHED_AT: fetched,
            }
            for value, body, published, fetched in versions
        ],
        schema=schema,
    )


def merged(*writes: pa.Table) -> list[tuple[float, dt.datetime]]:
    held = TABLE.stored_schema.empty_table()
    for write in writes:
        held = merge_versions(TABLE, held, write)
    return list(zip(held["rate_value"].to_pylist(), held["known_at"].to_pylist(), strict=True))


def test_first_version_is_known_when_published_however_late_it_was_fetched():
    assert merged(rows((7.78, "a", EVENING, EVENING + 9000 * HOUR))) == [(7.78, EVENING)]


def test_changed_body_is_known_when_it_was_fetched():
    first = rows((7.78, "a", EVENING, EVENING + HOUR))
    second = rows((7.79, "b", EVENING, EVENING + 5 * HOUR))
    assert merged(first, second) == [(7.78, EVENING), (7.79, EVENING + 5 * HOUR)]


def test_a_figure_that_returns_to_its_old_value_is_a_third_version():
    writes = [rows((v, b, EVENING, EVENING + h * HOUR)) for v, b, h in ((1, "a", 1), (2, "b", 2))]
    back = rows((1, "a", EVENING, EVENING + 3 * HOUR))
    assert [value for value, _ in merged(*writes, back)] == [1, 2, 1]


def test_correction_in_a_later_file_outlives_a_refetch_of_the_first_file():
    next_evening = EVENING + 24 * HOUR
    first = rows((1, "a", EVENING, EVENING + 100 * HOUR))
    correction = rows((2, "b", next_evening, EVENING + 100 * HOUR))
    refetched = rows((1, "c", EVENING, EVENING + 200 * HOUR))
    assert merged(first, correction, refetched) == [(1, EVENING), (2, next_evening)]
    assert merged(correction, refetched, first) == [(1, EVENING), (2, next_evening)]


version = st.tuples(
    st.sampled_from([1.0, 2.0, 3.0]),
    st.sampled_from("abcd"),
    st.sampled_from([EVENING, EVENING + 24 * HOUR]),
    st.integers(30, 60).map(lambda hours: EVENING + hours * HOUR),
)


@given(st.lists(version, min_size=1, max_size=8, unique_by=lambda v: (v[2], v[3])))
def test_merging_the_same_rows_again_changes_nothing(versions):
    once = merge_versions(TABLE, TABLE.stored_schema.empty_table(), rows(*versions))
    assert merge_versions(TABLE, once, rows(*versions)).equals(once)


@given(
    st.lists(version, min_size=2, max_size=8, unique_by=lambda v: (v[2], v[3])),
    st.data(),
)
def test_history_does_not_depend_on_how_writes_are_split(versions, data):
    ordered = sorted(versions, key=lambda v: v[3])
    cut = data.draw(st.integers(1, len(ordered) - 1))
    assert merged(rows(*ordered)) == merged(rows(*ordered[:cut]), rows(*ordered[cut:]))


def test_known_at_is_unique_per_key():
    history = merged(
        rows((1, "a", EVENING, EVENING)),
        rows((2, "b", EVENING, EVENING)),
    )
    assert len({known for _, known in history}) == len(history) == 2


@pytest.mark.parametrize("body", ["a", "b"])
def test_repeating_body_adds_no_row(body):
    first = rows((7.78, "a", EVENING, EVENING + HOUR))
    again = rows((7.78, body, EVENING, EVENING + 9 * HOUR))
    assert merged(first, again) == [(7.78, EVENING)]


def test_an_older_body_that_comes_later_does_not_become_current():
    older = rows((1, "a", EVENING, EVENING + HOUR))
    newer = rows((2, "b", EVENING, EVENING + 5 * HOUR))
    held = merge_versions(TABLE, TABLE.stored_schema.empty_table(), newer)
    seen = {"b": EVENING + 5 * HOUR}
    late = merge_versions(TABLE, held, pa.concat_tables([older, newer]), seen)
    both = merge_versions(
        TABLE, TABLE.stored_schema.empty_table(), pa.concat_tables([older, newer])
    )
    assert late.equals(both)
    assert late["rate_value"].to_pylist() == [1, 2]


@given(
    st.lists(
        st.tuples(st.sampled_from([1.0, 2.0, 3.0]), st.integers(30, 60)),
        min_size=2,
        max_size=7,
        unique_by=lambda v: v[1],
    ),
    st.randoms(use_true_random=False),
)
def test_history_does_not_depend_on_the_order_of_loading(figures, chance):
    """A body that comes late is merged with the bodies after it, as the extraction hands them."""
    bodies = [
        (value, f"{hours}", EVENING, EVENING + hours * HOUR) for value, hours in sorted(figures)
    ]
    in_time = sorted(bodies, key=lambda body: body[3])
    held, loaded = TABLE.stored_schema.empty_table(), []
    for body in chance.sample(bodies, len(bodies)):
        loaded.append(body)
        again = [each for each in loaded if each[3] >= body[3]]
        seen = {each[1]: each[3] for each in loaded}
        held = merge_versions(TABLE, held, rows(*again), seen)
    assert held.equals(merge_versions(TABLE, TABLE.stored_schema.empty_table(), rows(*in_time)))
