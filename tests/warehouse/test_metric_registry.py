"""The registry, the long form made by it, and the reconciliation of sources, on hand-made lakes."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration import calendar
from orchestration.warehouse import DATABASE
from tests.warehouse.conftest import Build
from tests.warehouse.dbt import Dbt, Warehouse, copied_project
from tests.warehouse.lake_rows import Lake, row, southbound

# Stock Connect rests from 28 January to 4 February 2025: six sessions span three weeks.
SESSIONS = [
    day
    for day in calendar.all_sessions("CONNECT")
    if dt.date(2025, 1, 2) <= day <= dt.date(2025, 2, 7)
]
POSSIBLE = "metric_figures_are_possible_dim_metric_"
CHOSEN = (
    "+mart_metric_observations +fct_reconciliation +dim_metric +dim_index_membership +dim_security"
)


def vendor(day: dt.date, net: str) -> dict:
    return row("southbound_vendor_daily", day, channel="SSE", net_buy_hkd_mn=Decimal(net))


def lake() -> Lake:
    """Return net buys of SSE that rise by 1 a session from 101, and a vendor that errs."""
    flows = [
        southbound(day, "SSE", f"{1000 + 2 * number}.00", f"{900 + number}.00")
        for number, day in enumerate(SESSIONS, start=1)
    ]
    errors = ["101.00", "1020.00", "-103.00", "103.00", "106.50"]
    copies = [vendor(day, net) for day, net in zip(SESSIONS, errors, strict=False)]
    return {"southbound_daily": flows, "southbound_vendor_daily": copies}


@pytest.fixture(scope="module")
def built(build: Build) -> Warehouse:
    return build(lake(), select=CHOSEN)


def observed(warehouse: Warehouse, window: str, length: int) -> list[tuple]:
    return warehouse.rows(
        "select period_start, period_end, value, window_sessions from core.mart_metric_observations"
        " where metric_id = 'southbound_net_buy' and variant_id = 'net_buy_hkd'"
        " and subject_id = 'SSE'"
        f" and observation_window = '{window}' and window_length = {length} order by period_end"
    )


def test_the_registry_and_the_long_form_agree_with_the_marts(built: Warehouse) -> None:
    for name in (
        "observes_every_figure_mart_metric_observations_",
        POSSIBLE,
    ):
        assert built.statuses[name] == "pass", built.messages[name]


def test_a_day_is_its_own_window(built: Warehouse) -> None:
    days = observed(built, "day", 1)
    assert days[:2] == [
        (SESSIONS[0], SESSIONS[0], 101.0, None),
        (SESSIONS[1], SESSIONS[1], 102.0, None),
    ]
    assert len(days) == len(SESSIONS)


def test_a_window_of_sessions_begins_before_the_holiday_it_spans(built: Warehouse) -> None:
    windows = observed(built, "sessions", 5)
    count = len(SESSIONS)
    last_five = [100 + number for number in range(count - 4, count + 1)]
    assert windows[-1] == (dt.date(2025, 1, 24), dt.date(2025, 2, 7), float(sum(last_five)), 5)
    assert len(windows) == count - 4


def test_periods_to_date_begin_with_the_calendar_period(built: Warehouse) -> None:
    year = observed(built, "ytd", 1)[-1]
    month = observed(built, "mtd", 1)[-1]
    assert year[:2] == (dt.date(2025, 1, 1), dt.date(2025, 2, 7))
    assert year[2] == sum(100 + number for number in range(1, len(SESSIONS) + 1))
    assert month[:2] == (dt.date(2025, 2, 1), dt.date(2025, 2, 7))


def test_only_a_complete_month_is_a_month(built: Warehouse) -> None:
    january = [day for day in SESSIONS if day.month == 1]
    assert observed(built, "month", 1) == [
        (
            dt.date(2025, 1, 1),
            dt.date(2025, 1, 31),
            float(sum(100 + number for number in range(1, len(january) + 1))),
            None,
        )
    ]


def test_what_runs_since_the_first_row_is_no_flow_and_has_no_first_day(built: Warehouse) -> None:
    assert built.rows(
        "select distinct metric_id, period_start from core.mart_metric_observations "
        "where observation_window = 'lake' and subject_kind = 'channel'"
    ) == [("southbound_cumulative_net_buy", None)]


def test_both_variants_of_a_day_stand_beside_each_other(built: Warehouse) -> None:
    assert built.rows(
        "select variant_id, value from core.mart_metric_observations "
        f"where metric_id = 'southbound_net_buy' and period_end = '{SESSIONS[1]}' "
        "and observation_window = 'day' and subject_id = 'SSE' order by variant_id"
    ) == [("net_buy_hkd", 102.0), ("vendor_net_buy_hkd", 1020.0)]


@pytest.mark.parametrize(
    ("session", "status", "explained_by"),
    [
        pytest.param(0, "agrees", None, id="the same figure"),
        pytest.param(1, "differs", "unit", id="ten times"),
        pytest.param(2, "differs", "sign", id="sale for purchase"),
        pytest.param(3, "differs", "timing", id="the session before"),
        pytest.param(4, "differs", "unknown", id="another figure"),
        pytest.param(5, "not_in_b", None, id="no copy"),
    ],
)
def test_a_difference_between_sources_is_named(
    built: Warehouse, session: int, status: str, explained_by: str | None
) -> None:
    assert built.rows(
        "select status, explained_by from quality.fct_reconciliation "
        "where metric_id = 'southbound_net_buy' and source_b = 'eastmoney' "
        f"and subject_id = 'SSE' and observed_on = '{SESSIONS[session]}'"
    ) == [(status, explained_by)]


FAULTS = [
    {"model": "fct_no_such_mart"},
    {"value_column": "net_buy_usd"},
    {"variant_id": "net_buy_usd"},
    {"subject_value": "ALL"},
    {"observation_window": "week"},
]


def test_a_line_that_no_mart_can_answer_fails_a_test_and_not_the_build(
    built: Warehouse, tmp_path: Path
) -> None:
    project = copied_project(tmp_path)
    seed = project / "seeds" / "core" / "metric_figure.csv"
    with seed.open(encoding="utf-8", newline="") as lines:
        figures = list(csv.DictReader(lines))
    good = next(each for each in figures if each["value_column"] == "net_buy_mtd_hkd_mn")
    broken = [
        good | {"window_length": str(90 + number)} | change for number, change in enumerate(FAULTS)
    ]
    with seed.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(good))
        writer.writeheader()
        writer.writerows([*figures, *broken])
    shutil.copy(built.file, tmp_path / DATABASE)
    chosen = ["--select", "metric_figure", "mart_metric_observations", POSSIBLE]
    results = Dbt(tmp_path, project).invoke(
        *("build", "--indirect-selection", "empty", *chosen),
        HKFLOW_WAREHOUSE=str(tmp_path / DATABASE),
    )
    found = {each.node.name: (str(each.status), str(each.message)) for each in results}
    assert found["mart_metric_observations"][0] == "success"
    status, message = found[POSSIBLE]
    assert status == "fail"
    assert f"Got {len(FAULTS)} results" in message


def test_members_of_an_index_are_those_that_the_securities_name(built: Warehouse) -> None:
    assert built.rows(
        "select count(*) from core.dim_security as securities "
        "full join (select * from core.dim_index_membership where is_member_today) as members "
        "using (security_code) where is_hstech is distinct from (members.index_symbol is not null)"
    ) == [(0,)]
    before_nio_was_listed = (
        "select count(*) from core.dim_index_membership where security_code = '09866' "
        "and coalesce(valid_from, not_before) <= date '2022-03-09'"
    )
    assert built.rows(before_nio_was_listed) == [(0,)]
