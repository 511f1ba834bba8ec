"""Suite of `mart_valuations_daily`: every expectation has a row that trips it."""

from decimal import Decimal

import pytest

from tests.expectations.mart_mutations import (
    BETWEEN,
    DAY,
    GRADES,
    IN_SET,
    NULL,
    PROVENANCE,
    UNIQUE,
    assert_caught,
    changed,
    entries,
    judged,
)

MART = "mart_valuations_daily"
ROW = {
    "trade_date": DAY,
    "subject_id": "00700",
    "subject_kind": "security",
    "close_price": Decimal("503.5"),
    "recovery_from_intraday_low_pct": 12.0,
    "recovery_from_closing_low_pct": 10.0,
    "drawdown_close_pct": -4.0,
    "pe_percentile_3y": 55.0,
    "erp_us10y_pct": 6.5,
} | PROVENANCE
ROWS = [ROW, ROW | {"subject_id": "^HSI", "subject_kind": "index"}]
MUTATIONS = [
    (UNIQUE, "trade_date, subject_id", {"subject_id": "^HSI"}, 0),
    (NULL, "trade_date", {"trade_date": None}, 0),
    (NULL, "subject_id", {"subject_id": None}, 0),
    (IN_SET, "subject_kind", {"subject_kind": "bond"}, 0),
    (BETWEEN, "close_price", {"close_price": Decimal("0")}, 0),
    (BETWEEN, "recovery_order", {"recovery_from_intraday_low_pct": 9.0}, 0),
    (BETWEEN, "drawdown_close_pct", {"drawdown_close_pct": 0.1}, 0),
    (BETWEEN, "pe_percentile_3y", {"pe_percentile_3y": 100.5}, 0),
    (BETWEEN, "erp_us10y_pct", {"erp_us10y_pct": -11.0}, 0),
    (NULL, "known_at", {"known_at": None}, 0),
    *GRADES,
]


def test_good_rows_pass():
    assert [failure.message for failure in judged(MART, ROWS)] == []


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutation_is_caught(mutation):
    assert_caught(judged(MART, changed(ROWS, mutation)), mutation)


def test_every_expectation_has_its_mutation():
    tried = {(f"expect_{kind}", column) for kind, column, _, _ in MUTATIONS}
    assert {(kind, columns) for kind, columns, _ in entries(MART)} <= tried
