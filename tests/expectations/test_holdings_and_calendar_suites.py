"""Suites of CCASS, the SFC, the exchange calendar and Eastmoney: each expectation is tripped."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from data_lake.tables.base import Table
from data_lake.tables.exchange_calendar import EXCHANGE_CALENDAR
from data_lake.tables.short_positions_weekly import SHORT_POSITIONS_WEEKLY
from data_lake.tables.southbound_holdings import SOUTHBOUND_HOLDINGS
from data_lake.tables.southbound_vendor_daily import SOUTHBOUND_VENDOR_DAILY
from data_lake.tables.southbound_vendor_holdings import SOUTHBOUND_VENDOR_HOLDINGS
from expectations.runner import SUITES, load_suite, validate
from expectations.suite import columns_of

BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
REGEX = "expect_column_values_to_match_regex"
LENGTH = "expect_column_value_lengths_to_be_between"
UNIQUE = "expect_compound_columns_to_be_unique"
CRITICAL, WARNING = "critical", "warning"
DAY = dt.date(2024, 9, 2)
Rows = list[dict[str, Any]]
CODES = [f"{number:05d}" for number in range(1, 13)]

HOLDINGS = [
    {
        "holding_date": DAY,
        "security_code": code,
        "security_name": f"COMPANY {code}",
        "held_shares": 12_600_000,
        "held_pct_issued": 1.26,
        "implied_trade_date": dt.date(2024, 8, 29),
    }
    for code in CODES
]
POSITIONS = [
    {
        "position_date": dt.date(2024, 8, 30),
        "security_code": code,
        "security_name": f"COMPANY {code}",
        "short_position_shares": 1_000_000,
        "short_position_hkd": 65_000_000,
    }
    for code in CODES[:6]
]
WEEKDAYS = [day for n in range(170) if (day := DAY + dt.timedelta(days=n)).weekday() < 5]
OPENINGS = [
    {
        "trade_date": day,
        "is_hong_kong_open": True,
        "is_hong_kong_half_day": False,
        "is_mainland_open": True,
        "is_northbound_open": True,
        "is_southbound_open": True,
        "is_southbound_half_day": False,
    }
    for day in WEEKDAYS
]


def totals(channel: str, buy: str, sell: str) -> dict[str, Any]:
    bought, sold = Decimal(buy), Decimal(sell)
    return {
        "trade_date": DAY,
        "channel": channel,
        "buy_turnover_hkd_mn": bought,
        "sell_turnover_hkd_mn": sold,
        "net_buy_hkd_mn": bought - sold,
        "total_turnover_hkd_mn": bought + sold,
        "quota_flow_cny_mn": Decimal("1150.00"),
        "quota_balance_cny_mn": Decimal("40850.00"),
        "cumulative_net_buy_hkd_mn": Decimal("1234567.89"),
        "total_trades": 300_000,
    }


FIRST_SESSIONS = {"SSE": dt.date(2014, 11, 17), "SZSE": dt.date(2016, 12, 5)}
TOTALS = [
    totals("SSE", "9250.50", "8000.25"),
    totals("SZSE", "7000.00", "7500.00"),
    *(
        totals(channel, "9250.50", "8000.25")
        | {"trade_date": opened, "cumulative_net_buy_hkd_mn": Decimal("1250.25")}
        for channel, opened in FIRST_SESSIONS.items()
    ),
]
VALUED = [
    {
        "holding_date": DAY,
        "security_code": code,
        "security_name": f"COMPANY {code}",
        "held_shares": 1_000_000,
        "held_value_hkd": Decimal("380200000.0000"),
        "close_price": Decimal("380.200"),
        "held_pct_issued": 11.5,
        "share_change": 20_000,
        "share_change_value_hkd": Decimal("7630000.0000"),
        "value_change_1d_hkd": Decimal("-3920000.0000"),
        "value_change_5d_hkd": Decimal("-1000000.6000"),
        "value_change_10d_hkd": None,
    }
    for code in CODES
]
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SOUTHBOUND_HOLDINGS,
        SHORT_POSITIONS_WEEKLY,
        EXCHANGE_CALENDAR,
        SOUTHBOUND_VENDOR_DAILY,
        SOUTHBOUND_VENDOR_HOLDINGS,
    )
}
GOOD: dict[str, Rows] = {
    "southbound_holdings": HOLDINGS,
    "short_positions_weekly": POSITIONS,
    "exchange_calendar": OPENINGS,
    "southbound_vendor_daily": TOTALS,
    "southbound_vendor_holdings": VALUED,
}


def put(**values: Any) -> Callable[[Rows], Rows]:
    """Return a mutation that sets values in the first row."""
    return lambda rows: [{**rows[0], **values}, *rows[1:]]


def put_all(**values: Any) -> Callable[[Rows], Rows]:
    """Return a mutation that sets values in every row."""
    return lambda rows: [{**row, **values} for row in rows]


def scale(column: str, factor: float) -> Callable[[Rows], Rows]:
    """Return a mutation of one column to another unit, in every row."""

    def mutate(rows: Rows) -> Rows:
        kind = type(rows[0][column])
        return [{**row, column: kind(row[column] * kind(factor))} for row in rows]

    return mutate


def repeat(rows: Rows) -> Rows:
    """Return the rows with the first one doubled."""
    return [*rows, rows[0]]


def keep(count: int) -> Callable[[Rows], Rows]:
    """Return a mutation that loses all rows but the first few."""
    return lambda rows: rows[:count]


BUY, SELL = "buy_turnover_hkd_mn", "sell_turnover_hkd_mn"
TRIPS: dict[str, list[tuple[str, str, str, Callable[[Rows], Rows]]]] = {
    "southbound_holdings": [
        (UNIQUE, "holding_date, security_code, payload_sha256", CRITICAL, repeat),
        (REGEX, "security_code", CRITICAL, put(security_code="700")),
        (LENGTH, "security_name", CRITICAL, put(security_name="")),
        (BETWEEN, "held_shares", CRITICAL, put(held_shares=-1)),
        (BETWEEN, "held_pct_issued", CRITICAL, scale("held_pct_issued", 100)),
        (BETWEEN, "percent_missing_ratio", WARNING, put(held_pct_issued=None)),
        (BETWEEN, "issued_shares_mn", WARNING, put(held_shares=500)),
        (BETWEEN, "row_count", CRITICAL, keep(9)),
        (BETWEEN, "days_to_settlement", CRITICAL, put(implied_trade_date=DAY)),
    ],
    "short_positions_weekly": [
        (UNIQUE, "position_date, security_code, payload_sha256", CRITICAL, repeat),
        (REGEX, "security_code", CRITICAL, put(security_code="700")),
        (LENGTH, "security_name", CRITICAL, put(security_name="")),
        (BETWEEN, "short_position_shares", CRITICAL, put(short_position_shares=0)),
        (BETWEEN, "short_position_hkd", CRITICAL, put(short_position_hkd=-65_000_000)),
        (BETWEEN, "price_hkd", CRITICAL, scale("short_position_hkd", 1000)),
        (BETWEEN, "price_hkd", WARNING, scale("short_position_hkd", 100)),
        (BETWEEN, "row_count", CRITICAL, keep(4)),
        (BETWEEN, "value_missing_ratio", WARNING, put_all(short_position_hkd=None)),
    ],
    "exchange_calendar": [
        (UNIQUE, "trade_date, payload_sha256", CRITICAL, repeat),
        (BETWEEN, "day_of_week", CRITICAL, put(trade_date=dt.date(2024, 9, 1))),
        (
            IN_SET,
            "is_half_day_closed",
            CRITICAL,
            put(is_hong_kong_half_day=True, is_hong_kong_open=False),
        ),
        (
            IN_SET,
            "is_southbound_half_day_closed",
            CRITICAL,
            put(is_southbound_half_day=True, is_southbound_open=False),
        ),
        (IN_SET, "is_southbound_without_a_market", CRITICAL, put(is_mainland_open=False)),
        (IN_SET, "is_northbound_without_a_market", CRITICAL, put(is_hong_kong_open=False)),
        (IN_SET, "is_southbound_half_day_alone", CRITICAL, put(is_southbound_half_day=True)),
        (BETWEEN, "hong_kong_open_ratio", CRITICAL, put_all(is_hong_kong_open=False)),
        (BETWEEN, "southbound_open_ratio", CRITICAL, put_all(is_southbound_open=False)),
    ],
    "southbound_vendor_daily": [
        (UNIQUE, "trade_date, channel, payload_sha256", CRITICAL, repeat),
        (IN_SET, "channel", CRITICAL, put(channel="006")),
        (BETWEEN, BUY, CRITICAL, put(**{BUY: Decimal("0.00")})),
        (BETWEEN, SELL, CRITICAL, put(**{SELL: Decimal("0.00")})),
        (BETWEEN, "total_turnover_hkd_mn", CRITICAL, scale("total_turnover_hkd_mn", 100)),
        (BETWEEN, "net_buy_error_hkd_mn", CRITICAL, scale("net_buy_hkd_mn", -1)),
        (BETWEEN, "total_error_hkd_mn", CRITICAL, put(**{BUY: Decimal("9250.47")})),
        (BETWEEN, "net_buy_to_total_ratio", WARNING, scale("net_buy_hkd_mn", 10)),
        (BETWEEN, "quota_flow_cny_mn", CRITICAL, scale("quota_flow_cny_mn", 10_000)),
        (
            BETWEEN,
            "quota_balance_to_quota_ratio",
            WARNING,
            put(quota_flow_cny_mn=Decimal(-22_000), quota_balance_cny_mn=Decimal(64_000)),
        ),
        (BETWEEN, "flow_plus_balance_cny_mn", CRITICAL, scale("quota_balance_cny_mn", 0)),
        (
            BETWEEN,
            "quota_flow_to_total_ratio",
            WARNING,
            put_all(quota_flow_cny_mn=Decimal(42_000), quota_balance_cny_mn=Decimal(0)),
        ),
        (BETWEEN, "cumulative_net_buy_hkd_mn", CRITICAL, scale("cumulative_net_buy_hkd_mn", 100)),
        (IN_SET, "is_cumulative_in_flow", CRITICAL, put(net_buy_hkd_mn=Decimal("1234567.89"))),
        (BETWEEN, "total_trades", CRITICAL, put(total_trades=0)),
        (BETWEEN, "mean_trade_hkd_mn", CRITICAL, put(total_trades=3)),
    ],
    "southbound_vendor_holdings": [
        (UNIQUE, "holding_date, security_code, payload_sha256", CRITICAL, repeat),
        (REGEX, "security_code", CRITICAL, put(security_code="00700.HK")),
        (LENGTH, "security_name", CRITICAL, put(security_name="")),
        (BETWEEN, "held_shares", CRITICAL, put(held_shares=-1)),
        (BETWEEN, "close_price", CRITICAL, scale("close_price", 1000)),
        (BETWEEN, "value_error_ratio", CRITICAL, scale("held_value_hkd", 10_000)),
        (BETWEEN, "held_pct_issued", CRITICAL, scale("held_pct_issued", 100)),
        (BETWEEN, "row_count", CRITICAL, keep(9)),
        (BETWEEN, "average_price_ratio", WARNING, scale("share_change", 5)),
        (BETWEEN, "value_change_1d_ratio", WARNING, scale("value_change_1d_hkd", 10_000)),
        (BETWEEN, "value_change_5d_ratio", WARNING, scale("value_change_5d_hkd", 10_000)),
        (
            BETWEEN,
            "value_change_10d_ratio",
            WARNING,
            put(value_change_10d_hkd=Decimal("-1500000000")),
        ),
    ],
}


def verdict(name: str, rows: Rows):
    frame = pa.Table.from_pylist(rows, schema=TABLES[name].schema)
    body = pa.repeat(pa.scalar("f" * 64), frame.num_rows)
    return validate(frame.append_column("payload_sha256", body), SUITES / "lake" / f"{name}.json")


@pytest.mark.parametrize("name", GOOD)
def test_good_rows_pass_without_a_warning(name):
    assert verdict(name, GOOD[name]).failures == ()


@pytest.mark.parametrize(
    ("name", "trip"), [(name, trip) for name, trips in TRIPS.items() for trip in trips]
)
def test_a_mutation_trips_its_expectation(name, trip):
    expectation, columns, severity, mutate = trip
    found = {
        (f.expectation, f.column, f.severity) for f in verdict(name, mutate(GOOD[name])).failures
    }
    assert (expectation, columns, severity) in found


@pytest.mark.parametrize("name", TRIPS)
def test_every_expectation_has_its_mutation(name):
    suite = load_suite(SUITES / "lake" / f"{name}.json")
    expected = [
        (entry["type"], ", ".join(columns_of(entry["kwargs"])), entry["severity"])
        for entry in suite.expectations
    ]
    assert sorted(expected) == sorted(trip[:3] for trip in TRIPS[name])


def test_two_versions_of_a_key_in_one_frame_are_no_duplicate():
    frame = pa.Table.from_pylist(HOLDINGS + HOLDINGS, schema=SOUTHBOUND_HOLDINGS.schema)
    bodies = pa.array(["a" * 64] * 12 + ["b" * 64] * 12)
    both = frame.append_column("payload_sha256", bodies)
    assert validate(both, SUITES / "lake" / "southbound_holdings.json").failures == ()
