"""Before the first run there is no row: everything builds, and says that it knows nothing."""

from __future__ import annotations

import pytest

from orchestration.warehouse import PROJECT
from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Warehouse


@pytest.fixture(scope="module")
def empty(build_with_dbt: Build) -> Warehouse:
    return build_with_dbt({})


def test_every_model_and_test_passes_on_a_lake_without_files(empty: Warehouse) -> None:
    assert empty.failures == {}
    marts = {file.stem for file in (PROJECT / "models" / "marts").rglob("*.sql")}
    assert marts <= set(empty.statuses)


def test_facts_are_empty_and_dimensions_are_not(empty: Warehouse) -> None:
    # Claims are there before any row of the lake, and so are their verdicts.
    facts = empty.rows(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where starts_with(table_name, 'fct_') and schema_name <> 'claims'"
    )
    assert len(facts) >= 10
    assert {fact: empty.rows(f"select count(*) from {fact}") for (fact,) in facts} == {
        fact: [(0,)] for (fact,) in facts
    }
    assert empty.rows("select count(*) from core.dim_security where is_hstech") == [(30,)]


def test_tencent_has_two_counters(empty: Warehouse) -> None:
    rows = empty.rows(
        "select counter_codes, rmb_counter_code, yahoo_symbol from core.dim_security "
        "where security_code = '00700'"
    )
    assert rows == [("00700,80700", "80700", "0700.HK")]


@pytest.mark.parametrize(
    ("day", "is_half_day", "is_connect_session", "close_hour_utc"),
    [
        pytest.param("2025-01-27", False, True, 8, id="ordinary"),
        pytest.param("2025-01-28", True, False, 4, id="half day, mainland closed"),
        pytest.param("2025-02-03", False, False, 8, id="mainland closed"),
    ],
)
def test_sessions_of_hong_kong_tell_half_days_and_connect(
    empty: Warehouse, day: str, is_half_day: bool, is_connect_session: bool, close_hour_utc: int
) -> None:
    rows = empty.rows(
        "select is_half_day, is_connect_session, hour(close_at at time zone 'UTC') "
        f"from core.dim_session where calendar = 'XHKG' and trade_date = '{day}'"
    )
    assert rows == [(is_half_day, is_connect_session, close_hour_utc)]


def test_what_a_calendar_does_after_its_end_is_not_known(empty: Warehouse) -> None:
    ends = "(select max(trade_date) from core.dim_session where calendar = '{}')"
    connect, hong_kong = ends.format("CONNECT"), ends.format("XHKG")
    of_sessions = empty.rows(
        f"select distinct trade_date > {connect}, is_connect_session is null "
        "from core.dim_session where calendar = 'XHKG' order by all"
    )
    of_days = empty.rows(
        f"select distinct date_day > {connect}, is_connect_session is null from core.dim_date "
        f"where date_day <= {hong_kong} order by all"
    )
    assert of_sessions == of_days == [(False, False), (True, True)]
    others = "is_hong_kong_session is null or is_new_york_session is null"
    assert empty.rows(f"select distinct {others} from core.dim_date") == [(False,)]


def test_a_closed_day_has_no_session(empty: Warehouse) -> None:
    assert empty.rows(
        "select count(*) from core.dim_session "
        "where calendar = 'XHKG' and trade_date = '2025-01-29'"
    ) == [(0,)]


def test_columns_of_marts_carry_their_descriptions(empty: Warehouse) -> None:
    [(comment,)] = empty.rows(
        "select comment from duckdb_columns() "
        "where table_name = 'fct_southbound_daily' and column_name = 'net_buy_hkd_mn'"
    )
    assert "净买额" in comment


def test_a_lake_without_a_folder_is_named_as_the_cause(build_with_dbt: Build) -> None:
    outcome = build_with_dbt({}, select="stg_fred__reference_rates", HKFLOW_LAKE_TABLES="")
    assert "HKFLOW_LAKE_TABLES is not set" in outcome.failures["stg_fred__reference_rates"]
