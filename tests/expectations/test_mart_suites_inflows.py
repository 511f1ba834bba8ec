"""Suites of the derived inflow marts: every expectation has a row that trips it."""

import datetime as dt
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

MONTH = {
    "month_start": dt.date(2025, 1, 1),
    "channel": "ALL",
    "net_buy_hkd_mn": Decimal("100.0"),
    "total_turnover_hkd_mn": Decimal("1000.0"),
    "session_count": 18,
    "sessions_expected": 18,
    "is_complete": True,
    "net_buy_rank_all": 1,
    "months_since_higher_missing_reason": "none_higher_in_lake",
} | PROVENANCE
FLOW = {
    "trade_date": DAY,
    "security_code": "00700",
    "held_shares": 1000,
    "share_change_shares": 10,
    "share_change_pct_issued": 0.1,
    "estimated_flow_vwap_hkd": 5000.0,
    "flow_missing_reason": None,
} | PROVENANCE
NO_FLOW = {"estimated_flow_vwap_hkd": None, "flow_missing_reason": "no_price"}
WEEK = {
    "week_start": dt.date(2025, 2, 3),
    "fund_symbol": "KWEB",
    "session_count": 5,
    "sessions_expected": 5,
    "flow_pct_aum": 2.5,
    "highest_since_missing_reason": "none_higher_in_lake",
} | PROVENANCE
WIDE = {
    "trade_date": DAY,
    "net_buy_hkd_mn": Decimal("250.0"),
    "turnover_share_hkex_pct": 9.0,
    "turnover_share_gross_pct": 18.0,
} | PROVENANCE

ROWS = {
    "fct_southbound_monthly": [MONTH, MONTH | {"channel": "SSE"}],
    "fct_southbound_security_flow": [FLOW, FLOW | {"security_code": "09988"} | NO_FLOW],
    "fct_etf_flow_weekly": [WEEK, WEEK | {"fund_symbol": "FXI"}],
    "mart_inflows_daily": [WIDE, WIDE | {"trade_date": dt.date(2025, 2, 18)}],
}
MUTATIONS = {
    "fct_southbound_monthly": [
        (UNIQUE, "month_start, channel", {"channel": "SSE"}, 0),
        (NULL, "month_start", {"month_start": None}, 0),
        (NULL, "channel", {"channel": None}, 0),
        (IN_SET, "is_rank_of_complete", {"net_buy_rank_all": None}, 0),
        (BETWEEN, "sessions_gap", {"session_count": 19}, 0),
        (BETWEEN, "net_to_total_ratio", {"net_buy_hkd_mn": Decimal("1001.0")}, 0),
        (
            IN_SET,
            "months_since_higher_missing_reason",
            {"months_since_higher_missing_reason": "unknown"},
            0,
        ),
        (NULL, "known_at", {"known_at": None}, 0),
        *GRADES,
    ],
    "fct_southbound_security_flow": [
        (UNIQUE, "trade_date, security_code", {"security_code": "09988"}, 0),
        (NULL, "trade_date", {"trade_date": None}, 0),
        (NULL, "security_code", {"security_code": None}, 0),
        (BETWEEN, "held_shares", {"held_shares": -1}, 0),
        (BETWEEN, "flow_sign_agreement", {"estimated_flow_vwap_hkd": -5000.0}, 0),
        (IN_SET, "has_flow_or_reason", {"flow_missing_reason": "no_price"}, 0),
        (IN_SET, "flow_missing_reason", NO_FLOW | {"flow_missing_reason": "holiday"}, 0),
        (BETWEEN, "share_change_pct_issued", {"share_change_pct_issued": 3.5}, 0),
        (NULL, "known_at", {"known_at": None}, 0),
        *GRADES,
    ],
    "fct_etf_flow_weekly": [
        (UNIQUE, "week_start, fund_symbol", {"fund_symbol": "FXI"}, 0),
        (NULL, "week_start", {"week_start": None}, 0),
        (NULL, "fund_symbol", {"fund_symbol": None}, 0),
        (BETWEEN, "sessions_gap", {"session_count": 6}, 0),
        (BETWEEN, "flow_pct_aum", {"flow_pct_aum": -61.0}, 0),
        (IN_SET, "highest_since_missing_reason", {"highest_since_missing_reason": "?"}, 0),
        (NULL, "known_at", {"known_at": None}, 0),
        *GRADES,
    ],
    "mart_inflows_daily": [
        ("column_values_to_be_unique", "trade_date", {"trade_date": dt.date(2025, 2, 18)}, 0),
        (NULL, "trade_date", {"trade_date": None}, 0),
        (BETWEEN, "share_bases_ratio", {"turnover_share_gross_pct": 9.0}, 0),
        (BETWEEN, "net_buy_hkd_mn", {"net_buy_hkd_mn": Decimal("22623000.0")}, 0),
        (NULL, "known_at", {"known_at": None}, 0),
        *GRADES,
    ],
}
CASES = [(mart, mutation) for mart, mutations in MUTATIONS.items() for mutation in mutations]


@pytest.mark.parametrize("mart", ROWS)
def test_good_rows_pass(mart):
    assert [failure.message for failure in judged(mart, ROWS[mart])] == []


@pytest.mark.parametrize(("mart", "mutation"), CASES)
def test_mutation_is_caught(mart, mutation):
    assert_caught(judged(mart, changed(ROWS[mart], mutation)), mutation)


@pytest.mark.parametrize("mart", ROWS)
def test_every_expectation_has_its_mutation(mart):
    tried = {(f"expect_{kind}", column) for kind, column, _, _ in MUTATIONS[mart]}
    assert {(kind, columns) for kind, columns, _ in entries(mart)} <= tried
