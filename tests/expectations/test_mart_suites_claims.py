"""Suites of the claims marts: good rows pass, every expectation has a mutation that trips it."""

import datetime as dt
from functools import cache
from typing import Any

import pytest

from tests.expectations.mart_mutations import (
    BETWEEN,
    EVENING,
    GRADES,
    IN_SET,
    NULL,
    REGEX,
    UNIQUE,
    Mutation,
    Row,
    Rows,
    assert_all_tripped,
    assert_caught,
    changed,
    judged,
    nulls,
)


def verdict(claim: str, **more: Any) -> Row:
    return {
        "claim_id": claim,
        "document_id": "D1",
        "verdict": "confirmed",
        "reason_codes": "few_digits,measure_variant",
        "evidence_source": "invented",
        "evidence_grade": "synthetic",
        "confidence": 0.98,
        "tolerance": 0.5,
        "suggested_period_end": None,
        "explanation": "Invented.",
        "is_synthetic": True,
        "known_at": EVENING,
        **more,
    }


def rule(claim: str, **more: Any) -> Row:
    return {
        "rule_id": "R-DATE-WEEKDAY",
        "claim_ids": claim,
        "claim_id": claim,
        "passed": False,
        "severity": "error",
        "error_class": "date",
        "message": "Invented.",
        **more,
    }


def revision(number: int, **more: Any) -> Row:
    return {
        "claim_id": "C01",
        "revision_number": number,
        "verdict": "confirmed",
        "evidence_grade": "synthetic",
        "is_synthetic": True,
        "known_at": EVENING,
        **more,
    }


def figure(name: str, **more: Any) -> Row:
    return {
        "figure_id": name,
        "metric_id": "southbound_net_buy",
        "period_start": dt.datetime(2025, 2, 17),
        "period_end": dt.datetime(2025, 2, 18),
        "value": 22.42,
        "unit": "hkd_bn",
        "source_name": "Invented",
        "evidence_grade": "published_secondary",
        "is_synthetic": False,
        "known_at": EVENING,
        **more,
    }


REAL = {"evidence_grade": "published_secondary", "is_synthetic": False}
INTERNAL = {"evidence_grade": "internal", "is_synthetic": False, "evidence_source": "internal"}
NOTHING = {"evidence_grade": "none", "is_synthetic": False, "evidence_source": None}
DOUBTED = {"verdict": "date error suspected", "confidence": 0.6, "tolerance": None}
GOOD: dict[str, Rows] = {
    "mart_claim_verification": [
        verdict("C01"),
        verdict("C02", verdict="refuted", confidence=0.8, **REAL),
        verdict("C03", verdict="not checkable", confidence=None, reason_codes="", **NOTHING),
        verdict("C04", **INTERNAL, **DOUBTED, suggested_period_end=dt.datetime(2025, 2, 7)),
    ],
    "mart_claim_consistency": [rule("C01"), rule("C02", rule_id="R-SUM", error_class="unit")],
    "fct_claim_verdict_history": [revision(1), revision(2, verdict="refuted")],
    "fct_published_figures": [figure("P01"), figure("P02", value=None, unit="date")],
}
NOT_NULL = {
    "mart_claim_verification": [
        (NULL, "claim_id", {"claim_id": None}, 0),
        (NULL, "document_id", {"document_id": None}, 0),
        (NULL, "verdict", {"verdict": None}, 0),
        (NULL, "explanation", {"explanation": None}, 0),
        (NULL, "is_synthetic", {"is_synthetic": None}, 0),
    ],
    "mart_claim_consistency": [
        (NULL, "rule_id", {"rule_id": None}, 0),
        (NULL, "claim_id", {"claim_id": None}, 0),
        (NULL, "passed", {"passed": None}, 0),
        (NULL, "message", {"message": None}, 0),
    ],
    "fct_claim_verdict_history": [
        (NULL, "claim_id", {"claim_id": None}, 0),
        (NULL, "verdict", {"verdict": None}, 0),
    ],
    "fct_published_figures": [
        (NULL, "figure_id", {"figure_id": None}, 0),
        (NULL, "metric_id", {"metric_id": None}, 0),
        (NULL, "source_name", {"source_name": None}, 0),
        (NULL, "period_end", {"period_end": None}, 0),
    ],
}
MUTATIONS: dict[str, list[Mutation]] = {
    "mart_claim_verification": [
        ("column_values_to_be_unique", "claim_id", {"claim_id": "C02"}, 0),
        (IN_SET, "verdict", {"verdict": "true"}, 0),
        (REGEX, "reason_codes", {"reason_codes": "Measure variant"}, 0),
        (BETWEEN, "confidence", {"confidence": 1.1}, 0),
        (BETWEEN, "tolerance", {"tolerance": -0.1}, 0),
        (IN_SET, "is_settled_by_evidence", NOTHING, 0),
        (IN_SET, "is_confirmed_by_figures", INTERNAL, 0),
        (IN_SET, "has_confidence_where_checked", {"confidence": None}, 0),
        (
            *(IN_SET, "is_day_suggested_where_doubted"),
            {"suggested_period_end": dt.datetime(2025, 2, 7)},
            0,
        ),
        (IN_SET, "is_source_with_grade", {"evidence_source": None}, 0),
        (IN_SET, "is_internal_unsure", {"confidence": 0.61}, 3),
        (IN_SET, "is_secondary_unsure", {"confidence": 0.81}, 1),
        *GRADES,
    ],
    "mart_claim_consistency": [
        (UNIQUE, "rule_id, claim_id, claim_ids, message", rule("C01"), 1),
        (REGEX, "rule_id", {"rule_id": "sum"}, 0),
        (IN_SET, "severity", {"severity": "grave"}, 0),
        (IN_SET, "error_class", {"error_class": "spelling"}, 0),
        (IN_SET, "is_accused_compared", {"claim_ids": None}, 0),
    ],
    "fct_claim_verdict_history": [
        (UNIQUE, "claim_id, revision_number", {"revision_number": 2}, 0),
        (BETWEEN, "revision_number", {"revision_number": 0}, 0),
        (IN_SET, "verdict", {"verdict": "true"}, 0),
        *GRADES,
    ],
    "fct_published_figures": [
        ("column_values_to_be_unique", "figure_id", {"figure_id": "P02"}, 0),
        (IN_SET, "evidence_grade", {"evidence_grade": "vendor"}, 0),
        (IN_SET, "is_value_or_day", {"value": None}, 0),
        (BETWEEN, "window_days", {"period_end": dt.datetime(2025, 2, 16)}, 0),
    ],
}
CASES = [(mart, each) for mart in GOOD for each in [*MUTATIONS[mart], *NOT_NULL[mart]]]


@cache
def failures_of(number):
    mart, mutation = CASES[number]
    return judged(mart, changed(GOOD[mart], mutation))


@pytest.mark.parametrize("mart", GOOD)
def test_good_rows_pass_without_a_warning(mart):
    assert judged(mart, GOOD[mart]) == ()


@pytest.mark.parametrize("number", range(len(CASES)))
def test_mutation_is_caught_where_it_was_made(number):
    assert_caught(failures_of(number), CASES[number][1])


@pytest.mark.parametrize("mart", GOOD)
def test_every_column_that_may_not_be_null_is_emptied(mart):
    assert {column for _, column, _, _ in NOT_NULL[mart]} >= {each[1] for each in nulls(mart)}


@pytest.mark.parametrize("mart", GOOD)
def test_every_expectation_has_a_mutation_that_trips_it(mart):
    numbers = [number for number, (name, _) in enumerate(CASES) if name == mart]
    assert_all_tripped(mart, [each for number in numbers for each in failures_of(number)])
