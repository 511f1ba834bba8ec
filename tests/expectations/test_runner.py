import datetime as dt
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from expectations.runner import ROWS_KEPT, SuiteError, load_suite, validate

BETWEEN = "expect_column_values_to_be_between"
KEY = {
    "type": "expect_compound_columns_to_be_unique",
    "kwargs": {"column_list": ["trade_date", "security_code"]},
}
PRICE = {
    "type": BETWEEN,
    "kwargs": {"column": "close_price", "min_value": 0.001, "max_value": 10000},
    "notes": "no counter has ever closed higher",
}
SCHEMA = pa.schema(
    [
        pa.field("trade_date", pa.date32(), nullable=False),
        pa.field("security_code", pa.string(), nullable=False),
        pa.field("close_price", pa.decimal128(12, 3)),
        pa.field("turnover", pa.float64()),
        pa.field("known_at", pa.timestamp("us", "UTC")),
        pa.field("is_synthetic", pa.bool_()),
    ]
)


def frame(**replaced: list) -> pa.Table:
    day = dt.date(2025, 2, 17)
    columns = {
        "trade_date": [day, day, dt.date(2025, 2, 18)],
        "security_code": ["00700", "09988", "00700"],
        "close_price": [Decimal("470.000"), Decimal("120.500"), None],
        "turnover": [1.5, None, 3.0],
        "known_at": [dt.datetime(2025, 2, 18, 12, tzinfo=dt.UTC)] * 3,
        "is_synthetic": [True] * 3,
    }
    return pa.table(columns | replaced, schema=SCHEMA)


@pytest.fixture
def suite(tmp_path: Path):
    def write(*expectations: dict, **more: object) -> Path:
        path = tmp_path / "quotations.json"
        content = {"name": "quotations", "expectations": list(expectations)} | more
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


def test_frame_that_meets_its_suite_passes(suite):
    verdict = validate(frame(), suite(KEY, PRICE))
    assert (verdict.passed, verdict.failures, verdict.rows) == (True, (), 3)
    assert verdict.suite == "quotations"
    assert verdict.reason == "all expectations hold for 3 rows"


def test_library_says_nothing_to_a_program_that_listens_to_all():
    """In a process of its own: the library speaks when it is first used."""
    program = (
        "import logging, sys, pyarrow as pa; from pathlib import Path\n"
        "logging.basicConfig(level=logging.INFO, stream=sys.stdout)\n"
        "from expectations.runner import SUITES, validate\n"
        "validate(pa.table({'a': [1]}), SUITES / 'marts' / 'dim_date.json')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert "great_expectations" not in done.stdout


def test_verdict_names_rows_column_limit_and_example(suite):
    prices = [Decimal("470"), Decimal("-1.5"), Decimal("20000")]
    verdict = validate(frame(close_price=prices), suite(KEY, PRICE))
    assert not verdict.passed
    (failure,) = verdict.critical
    assert (failure.expectation, failure.column) == (BETWEEN, "close_price")
    assert failure.unexpected_rows == (1, 2)
    assert failure.notes == "no counter has ever closed higher"
    assert verdict.reason == (
        "close_price: 2 of 3 rows break expect_column_values_to_be_between (min_value 0.001, "
        "max_value 10000), first -1.5 at trade_date 2025-02-17, security_code 09988"
    )


def test_duplicated_key_is_named_with_its_values(suite):
    day = dt.date(2025, 2, 17)
    verdict = validate(
        frame(trade_date=[day] * 3, security_code=["00700", "00001", "00700"]), suite(KEY)
    )
    assert verdict.critical[0].unexpected_rows == (0, 2)
    assert "first trade_date 2025-02-17, security_code 00700" in verdict.reason


def test_second_frame_is_not_judged_by_the_first(suite):
    path = suite(PRICE)
    bad = frame(close_price=[Decimal("-1")] * 3)
    verdicts = [validate(each, path).passed for each in (frame(), bad, frame(), bad)]
    assert verdicts == [True, False, True, False]


@pytest.mark.parametrize(("severity", "passes"), [("critical", False), ("warning", True)])
def test_only_a_critical_failure_blocks(suite, severity, passes):
    bad = frame(close_price=[Decimal("-1")] * 3)
    verdict = validate(bad, suite(PRICE | {"severity": severity}))
    assert verdict.passed is passes
    assert [len(verdict.critical), len(verdict.warnings)] == [not passes, passes]
    assert verdict.failures[0].severity == severity


def test_info_neither_blocks_nor_warns_and_is_kept(suite):
    verdict = validate(frame(close_price=[Decimal("-1")] * 3), suite(PRICE | {"severity": "info"}))
    assert verdict.passed
    assert not verdict.warnings
    assert len(verdict.failures) == 1


def test_critical_failure_is_the_reason_even_after_a_warning(suite):
    warning = PRICE | {"severity": "warning"}
    count = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 10}}
    verdict = validate(frame(close_price=[Decimal("-1")] * 3), suite(warning, count))
    assert verdict.reason == (
        "table: expect_table_row_count_to_be_between (min_value 10) does not hold, observed 3 "
        "(and 1 more failures)"
    )


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        (PRICE | {"type": "expect_column_values_to_be_betwen"}, "betwen.*not known"),
        ({"type": BETWEEN, "kwargs": {"column": "turnover", "min_vlue": 1}}, "min_vlue"),
        ({"type": BETWEEN, "kwargs": {"column": "turnover"}}, "min_value and max_value"),
        (PRICE | {"severity": "fatal"}, "fatal.*critical, warning, info"),
        (PRICE | {"serverity": "warning"}, "serverity"),
        ({"type": BETWEEN}, "no kwargs"),
        ({"kwargs": {"column": "turnover"}}, "no type"),
    ],
)
def test_broken_expectation_is_refused_by_name(suite, expectation, found):
    path = suite(KEY, expectation)
    with pytest.raises(SuiteError, match=f"quotations.json.*expectation 1.*{found}"):
        validate(frame(), path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('{"name": "x", "expectations": []}', "empty"),
        ('{"name": "x"}', "empty"),
        ('{"expectations": [1]}', "name"),
        ("[]", "name"),
        ("{", "not valid JSON"),
        ('{"name": "x", "expectatons": [], "expectations": [1]}', "expectatons"),
        (
            '{"name": "x", "expectations": [{"type": "t", "kwargs": {}}], '
            '"meta": {"derived_columns": {"net": "buy -"}}}',
            "net",
        ),
    ],
)
def test_broken_suite_file_is_refused(tmp_path, content, found):
    path = tmp_path / "broken.json"
    path.write_text(content)
    with pytest.raises(SuiteError, match=f"broken.json.*{found}"):
        load_suite(path)


def test_missing_suite_is_refused(tmp_path):
    with pytest.raises(SuiteError, match="no such suite"):
        validate(frame(), tmp_path / "nothing.json")


def test_changed_suite_file_is_read_again(suite):
    assert validate(frame(), suite(PRICE)).passed
    stricter = PRICE | {"kwargs": {"column": "close_price", "max_value": 1, "min_value": 0}}
    assert not validate(frame(), suite(KEY, stricter)).passed


def test_empty_frame_fails(suite):
    verdict = validate(SCHEMA.empty_table(), suite(PRICE))
    assert not verdict.passed
    assert verdict.reason == "the frame has no rows"


def test_missing_column_fails_by_name_and_the_rest_is_still_judged(suite):
    table = frame(turnover=[-1.0, 2.0, 3.0]).drop_columns(["close_price"])
    turnover = {"type": BETWEEN, "kwargs": {"column": "turnover", "min_value": 0}}
    verdict = validate(table, suite(PRICE, turnover))
    assert [failure.column for failure in verdict.critical] == ["close_price", "turnover"]
    assert verdict.reason.startswith("close_price: the column is missing")


def test_required_column_must_be_there_though_the_suite_does_not_name_it(suite):
    verdict = validate(frame(), suite(PRICE), required=["close_price", "high_price"])
    assert verdict.reason == "high_price: the column is missing"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_number_that_is_none_fails_where_null_is_allowed(suite, value):
    verdict = validate(frame(turnover=[1.5, None, value]), suite(KEY))
    (failure,) = verdict.critical
    assert (failure.expectation, failure.column) == ("finite", "turnover")
    assert failure.unexpected_rows == (2,)


def test_null_in_a_required_field_fails(suite):
    table = frame()
    codes = pa.chunked_array([pa.array(["00700", None, "00700"])])
    table = table.set_column(1, SCHEMA.field(1), codes)
    (failure,) = validate(table, suite(PRICE)).critical
    assert (failure.column, failure.unexpected_rows) == ("security_code", (1,))


def test_expectation_that_raises_is_critical_whatever_its_severity(suite):
    wrong = {"type": BETWEEN, "kwargs": {"column": "security_code", "min_value": 2}}
    verdict = validate(frame(), suite(wrong | {"severity": "warning"}))
    assert not verdict.passed
    assert "security_code" in verdict.reason
    assert "could not be evaluated" in verdict.reason


@pytest.mark.parametrize(
    ("column", "bound", "passes"),
    [
        ("trade_date", "2025-02-17", True),
        ("trade_date", "2025-02-18", False),
        ("known_at", "2025-02-18", True),
        ("known_at", "2025-02-18T21:00:00+08:00", False),
        ("known_at", "2025-02-18T19:00:00+08:00", True),
    ],
)
def test_dates_and_times_have_text_bounds(suite, column, bound, passes):
    entry = {"type": BETWEEN, "kwargs": {"column": column, "min_value": bound}}
    assert validate(frame(), suite(entry)).passed is passes


IDENTITY = {"type": BETWEEN, "kwargs": {"column": "gap", "min_value": -0.01, "max_value": 0.01}}


@pytest.mark.parametrize(("net", "passes"), [(1.0, True), (1.005, True), (1.02, False)])
def test_identity_between_columns_is_a_derived_column(suite, net, passes):
    table = pa.table({"buy": [3.0], "sell": [2.0], "net": [net]})
    path = suite(IDENTITY, meta={"derived_columns": {"gap": "net - (buy - sell)"}})
    assert validate(table, path).passed is passes


def test_input_of_a_derived_column_must_be_there(suite):
    path = suite(IDENTITY, meta={"derived_columns": {"gap": "abs(net - (buy - sell))"}})
    verdict = validate(pa.table({"buy": [3.0], "sell": [2.0]}), path)
    assert verdict.reason == "net: the column is missing"


def test_derived_column_that_cannot_be_computed_fails(suite):
    path = suite(IDENTITY, meta={"derived_columns": {"gap": "buy - sell"}})
    verdict = validate(pa.table({"buy": [3.0], "sell": ["2"]}), path)
    assert not verdict.passed
    assert verdict.reason.startswith("gap: buy - sell cannot be computed")


def test_derived_infinity_fails(suite):
    path = suite(
        {"type": BETWEEN, "kwargs": {"column": "ratio", "min_value": 0}},
        meta={"derived_columns": {"ratio": "buy / sell"}},
    )
    verdict = validate(pa.table({"buy": [3.0, 1.0], "sell": [2.0, 0.0]}), path)
    assert [failure.expectation for failure in verdict.critical] == ["finite"]
    assert verdict.critical[0].unexpected_rows == (1,)


@pytest.mark.parametrize(
    ("columns", "passes"),
    [
        (["buy", "sell"], True),
        (["buy", "sell", "is_synthetic"], True),
        (["buy", "sell", "net"], False),
        (["buy"], False),
    ],
)
def test_column_set_counts_neither_derived_nor_provenance_columns(suite, columns, passes):
    table = pa.table(
        {
            "buy": [3.0],
            "sell": [2.0],
            "known_at": [dt.datetime(2025, 2, 18, tzinfo=dt.UTC)],
            "is_synthetic": [True],
        }
    )
    column_set = {
        "type": "expect_table_columns_to_match_set",
        "kwargs": {"column_set": columns, "exact_match": True},
    }
    synthetic = {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "is_synthetic", "value_set": [True]},
    }
    gap = {"type": BETWEEN, "kwargs": {"column": "gap", "min_value": 1}}
    path = suite(column_set, synthetic, gap, meta={"derived_columns": {"gap": "buy - sell"}})
    assert validate(table, path).passed is passes


def test_message_counts_all_rows_while_positions_are_capped(suite):
    count = ROWS_KEPT + 5
    entry = {"type": BETWEEN, "kwargs": {"column": "x", "min_value": 0}}
    (failure,) = validate(pa.table({"x": [-1.0] * count}), suite(entry)).critical
    assert len(failure.unexpected_rows) == ROWS_KEPT
    assert f"{count:,} of {count:,} rows" in failure.message


def test_a_suite_of_ten_over_ten_thousand_rows_stays_cheap(suite):
    import time

    count = 10_000
    table = pa.table({"x": list(range(count)), "s": ["a"] * count})
    entries = [
        {"type": BETWEEN, "kwargs": {"column": "x", "min_value": -n, "max_value": count}}
        for n in range(9)
    ]
    unique = {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["x", "s"]}}
    path = suite(unique, *entries)
    validate(table, path)
    began = time.process_time()
    assert validate(table, path).passed
    assert time.process_time() - began < 0.6  # about 0.1 on an idle machine
