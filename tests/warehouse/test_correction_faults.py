"""Corrections that cannot be meant fail the build, by a sentence that says what to write."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from orchestration.warehouse import PROJECT
from tests.warehouse.conftest import Build, Correct
from tests.warehouse.correction_rows import QUOTATIONS, correction, misprint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"lake_table": "quotation"}, "names no table of the lake; it has", id="table"),
        pytest.param(
            {"column_name": "closing_price"},
            "closing_price names no figure of the table; it has security_name,",
            id="column",
        ),
        pytest.param({"column_name": "known_at"}, "names no figure of the table", id="provenance"),
        pytest.param({"column_name": "security_code"}, "names no figure of", id="key"),
        pytest.param(
            {"action": "replace"}, "asks for replace; write override or drop", id="action"
        ),
        pytest.param(
            {"row_key": "00700"},
            "has no key of the table; write trade_date|security_code",
            id="row",
        ),
        pytest.param(
            {"corrected_value": "5OO"}, "has the value 5OO, which is no decimal", id="value"
        ),
        pytest.param({"expected_value": "n/a"}, "has the value n/a, which is no", id="expected"),
    ],
)
def test_a_correction_the_lake_cannot_answer_to_fails_the_build(
    correct: Correct, change: dict[str, str], message: str
) -> None:
    warehouse = correct([correction(**change)], misprint(), QUOTATIONS)
    assert message in warehouse.failures["corrections_are_possible_correction_"]
    assert warehouse.statuses[QUOTATIONS] == "skipped"


def test_the_same_correction_twice_fails_the_build(correct: Correct) -> None:
    twice = [correction(), correction(corrected_value="501")]
    warehouse = correct(twice, misprint(), QUOTATIONS)
    failure = warehouse.failures["corrections_are_possible_correction_"]
    assert "quotations 2025-02-17|00700 close_price is there twice; leave one" in failure


def test_a_model_built_without_the_seed_says_what_to_select(build_with_dbt: Build) -> None:
    warehouse = build_with_dbt({}, select=QUOTATIONS)
    assert "the seed `correction` is not loaded" in warehouse.failures[QUOTATIONS]


def test_no_shipped_correction_is_of_a_day_to_come() -> None:
    with (PROJECT / "seeds/core/correction.csv").open(encoding="utf-8", newline="") as lines:
        days = [dt.date.fromisoformat(each["reported_on"]) for each in csv.DictReader(lines)]
    assert all(day <= dt.datetime.now(dt.UTC).date() for day in days)
