"""Identities between marts: each holds on a few right rows, and is broken by one wrong figure.

The SQL is that of `dbt_project/tests`; its `ref`s become tables of an empty database.
"""

from __future__ import annotations

import re
from typing import Any

import duckdb
import pytest

from orchestration.warehouse import PROJECT

FLOW = {"channel": "SSE", "is_synthetic": False}
SESSION = FLOW | {"total_turnover_hkd_mn": 100.0}
KWEB = {"fund_symbol": "KWEB", "is_synthetic": False}
HOLDING = {"security_code": "00700", "holding_date": "2025-02-20", "is_synthetic": False}
TRADED = {"security_id": "00700", "trade_date": "2025-02-18", "is_synthetic": False}
INDEX = {"subject_id": "HSTECH.HK", "trade_date": "2025-02-18", "is_synthetic": False}
RATE = {"rate_date": "2025-02-18", "is_synthetic": False}


def day(date: str, buy: float, sell: float, to_date: float | None = None) -> dict[str, Any]:
    return SESSION | {
        "trade_date": date,
        "buy_turnover_hkd_mn": buy,
        "sell_turnover_hkd_mn": sell,
        "net_buy_hkd_mn": buy - sell,
        "net_buy_ytd_hkd_mn": to_date,
    }


def month(start: str, net_buy: float, turnover: float, sessions: int) -> dict[str, Any]:
    return FLOW | {
        "month_start": start,
        "net_buy_hkd_mn": net_buy,
        "total_turnover_hkd_mn": turnover,
        "session_count": sessions,
    }


def rows_of_a_world() -> dict[str, list[dict[str, Any]]]:
    """Return rows of every mart that the identities speak of; all of them hold."""
    return {
        "fct_southbound_daily": [
            day("2025-01-27", 60.01, 40.0, 20.01),
            day("2025-02-05", 55.0, 45.0, 30.01),
            day("2025-02-06", 40.0, 60.0, 10.01),
        ],
        "fct_southbound_monthly": [
            month("2025-01-01", 20.01, 100.0, 1),
            month("2025-02-01", -10.0, 200.0, 2),
        ],
        "fct_etf_flow_daily": [
            KWEB | {"nav_date": "2025-02-03", "flow_usd": 7e6},
            KWEB | {"nav_date": "2025-02-07", "flow_usd": -2e6},
            KWEB | {"nav_date": "2025-02-10", "flow_usd": 9e6},
        ],
        "fct_etf_flow_weekly": [
            KWEB
            | {
                "week_start": "2025-02-03",
                "week_end": "2025-02-07",
                "flow_usd": 5e6,
                "is_complete": True,
            }
        ],
        "fct_southbound_holdings": [
            HOLDING | {"implied_trade_date": "2025-02-18", "share_change_shares": -5000}
        ],
        "fct_prices_daily": [TRADED | {"volume_shares": 5000}],
        "fct_reference_rates": [
            RATE | {"series": "USDHKD", "rate_value": 7.78},
            RATE | {"series": "USDCNY", "rate_value": 7.28},
            RATE | {"series": "CNYHKD", "rate_value": 1.0687},
        ],
        "fct_relative_returns": [
            INDEX
            | {"benchmark_market": market, "window_sessions": sessions, "subject_return_pct": pct}
            for market, sessions, pct in (
                ("Hong Kong", 1, 0.5),
                ("Hong Kong", 20, -0.9),
                ("United States", 20, 1.2),
            )
        ],
        "mart_valuations_daily": [
            INDEX
            | {
                "return_1_session_pct": 0.5,
                "return_5_sessions_pct": None,
                "return_20_sessions_pct": -0.9,
                "return_60_sessions_pct": 3.0,
            }
        ],
    }


WRONG = {
    "assert_southbound_month_is_sum_of_days": [
        ("fct_southbound_monthly", 0, {"net_buy_hkd_mn": 20.02}),
        ("fct_southbound_monthly", 1, {"total_turnover_hkd_mn": 100.0}),
        ("fct_southbound_monthly", 1, {"session_count": 3}),
        ("fct_southbound_monthly", 1, {"month_start": "2025-03-01"}),
    ],
    "assert_southbound_year_is_sum_of_months": [
        ("fct_southbound_daily", 2, {"net_buy_ytd_hkd_mn": -10.0}),
        ("fct_southbound_monthly", 0, {"net_buy_hkd_mn": 200.1}),
    ],
    "assert_southbound_day_is_not_the_day_before": [
        ("fct_southbound_daily", 1, {"buy_turnover_hkd_mn": 60.01, "sell_turnover_hkd_mn": 40.0}),
    ],
    "assert_etf_week_is_sum_of_days": [
        ("fct_etf_flow_weekly", 0, {"flow_usd": 14e6}),
        ("fct_etf_flow_daily", 1, {"flow_usd": -2000002.0}),
    ],
    "assert_southbound_holding_changes_within_volume": [
        ("fct_southbound_holdings", 0, {"share_change_shares": -5001}),
        ("fct_prices_daily", 0, {"volume_shares": 500}),
    ],
    "assert_exchange_rates_close_the_triangle": [
        ("fct_reference_rates", 0, {"rate_value": 7.81}),
        ("fct_reference_rates", 2, {"rate_value": 1 / 1.0687}),
    ],
    "assert_returns_of_an_index_agree": [
        ("fct_relative_returns", 0, {"subject_return_pct": 0.51}),
        ("mart_valuations_daily", 0, {"return_20_sessions_pct": 1.9}),
    ],
}


def against(identity: str, world: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    """Return the rows that an identity finds in a world."""
    sql = (PROJECT / "tests" / f"{identity}.sql").read_text(encoding="utf-8")
    sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", re.sub(r"\{\{ config.*?\}\}", "", sql))
    with duckdb.connect() as connection:
        for mart, rows in world.items():
            columns = ", ".join(rows[0])
            values = ", ".join(f"({', '.join(map(literal, row.values()))})" for row in rows)
            connection.execute(
                f"create table {mart} as select * from (values {values}) as rows ({columns})"
            )
        return connection.execute(sql).fetchall()


def literal(value: Any) -> str:
    is_date = isinstance(value, str) and value[:2] == "20"
    text = f"'{value}'" if isinstance(value, str) else "null" if value is None else str(value)
    return f"date {text}" if is_date else text


@pytest.mark.parametrize("identity", WRONG)
def test_identity_holds_on_right_rows(identity: str) -> None:
    assert against(identity, rows_of_a_world()) == []


@pytest.mark.parametrize(
    ("identity", "mart", "place", "change"),
    [(identity, *case) for identity, cases in WRONG.items() for case in cases],
)
def test_identity_is_broken_by_one_wrong_figure(
    identity: str, mart: str, place: int, change: dict[str, Any]
) -> None:
    world = rows_of_a_world()
    world[mart][place] |= change
    assert len(against(identity, world)) >= 1
