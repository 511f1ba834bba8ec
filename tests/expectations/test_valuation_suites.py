"""Suites of fund shares and of index and security valuations: each expectation has its mutation."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from data_lake.tables.etf_shares import ETF_SHARES
from data_lake.tables.index_valuations import INDEX_VALUATIONS
from data_lake.tables.security_valuations import SECURITY_VALUATIONS
from expectations.runner import SUITES, load_suite, validate

BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
REGEX = "expect_column_values_to_match_regex"
UNIQUE = "expect_compound_columns_to_be_unique"
CRITICAL, WARNING = "critical", "warning"
DAY = dt.date(2025, 2, 18)
Rows = list[dict[str, Any]]
TABLES = {table.name: table for table in (ETF_SHARES, INDEX_VALUATIONS, SECURITY_VALUATIONS)}


def row(table: str, *values: Any) -> dict[str, Any]:
    """Return a row of a table: the day, then the values in the order of its columns."""
    return dict(zip(TABLES[table].schema.names, (DAY, *values), strict=True))


def index(symbol: str, name: str, close: float, *ratios: float) -> dict[str, Any]:
    levels = (close, close + 100, close - 100, close - close / 1.02, 2.0)
    return row("index_valuations", symbol, name, "HKD", *levels, *ratios, 90_000.0)


def quote(number: int, pe_ratio: float | None) -> dict[str, Any]:
    own = (f"{number:05d}", "HKD", 50.0, pe_ratio, 2.5)
    return row("security_valuations", *own, 2_000_000_000, 100_000.0)


GOOD: dict[str, Rows] = {
    "etf_shares": [
        row("etf_shares", "FXI", "XNYS", "USD", 145_400_000.0),
        row("etf_shares", "MCHI", "XNYS", "USD", 95_050_000.0),
        row("etf_shares", "3033.HK", "XHKG", "HKD", 8_331_312_345.0),
    ],
    "index_valuations": [
        index("^HSI", "Hang Seng Index", 22_900.0, 3.4, 11.2),
        index("^HSCE", "Hang Seng China Enterprises Index", 8_400.0, 3.2, 10.1),
        index("HSTECH.HK", "Hang Seng Tech Index", 5_700.0, 0.6, 25.0),
    ],
    "security_valuations": [quote(n, None if n % 7 == 0 else 15.0) for n in range(1, 33)],
}


def put(position: int, **values: Any) -> Callable[[Rows], Rows]:
    """Return a mutation that sets values in one row."""
    return lambda rows: [{**r, **values} if i == position else r for i, r in enumerate(rows)]


def scale(column: str, factor: float) -> Callable[[Rows], Rows]:
    """Return a mutation of a whole column to another unit."""
    return lambda rows: [{**r, column: r[column] * factor} for r in rows]


def repeat(rows: Rows) -> Rows:
    """Return the rows with the first one doubled."""
    return [*rows, rows[0]]


def shrink(column: str, factor: float) -> Callable[[Rows], Rows]:
    """Return a mutation of a whole column of whole numbers to another unit."""
    return lambda rows: [{**r, column: int(r[column] * factor)} for r in rows]


TRIPS: dict[str, list[tuple[str, str, str, Callable[[Rows], Rows]]]] = {
    "etf_shares": [
        (UNIQUE, "share_date, fund_symbol, payload_sha256", CRITICAL, repeat),
        (IN_SET, "fund_symbol", CRITICAL, put(0, fund_symbol="EEM")),
        (IN_SET, "exchange_calendar", CRITICAL, put(0, exchange_calendar="XSHG")),
        (IN_SET, "is_in_hong_kong_if_named_so", CRITICAL, put(2, exchange_calendar="XNYS")),
        (IN_SET, "is_hkd_if_in_hong_kong", CRITICAL, put(2, currency="USD")),
        (IN_SET, "currency", CRITICAL, put(0, currency="EUR")),
        (BETWEEN, "shares_outstanding", CRITICAL, scale("shares_outstanding", 1e-6)),
        (BETWEEN, "shares_outstanding", CRITICAL, scale("shares_outstanding", 1e3)),
        (IN_SET, "shares_beyond_creation_units", WARNING, put(0, shares_outstanding=145_400_001.0)),
    ],
    "index_valuations": [
        (UNIQUE, "trade_date, index_symbol, payload_sha256", CRITICAL, repeat),
        (IN_SET, "symbol_and_name", CRITICAL, put(0, index_name="HSI - Finance")),
        (IN_SET, "symbol_and_name", CRITICAL, put(0, index_symbol="HSTECH.HK")),
        (IN_SET, "currency", CRITICAL, put(0, currency="USD")),
        (BETWEEN, "high_minus_close", CRITICAL, put(0, high_level=22_899.9)),
        (BETWEEN, "close_minus_low", CRITICAL, put(0, low_level=22_900.1)),
        (BETWEEN, "low_level", CRITICAL, put(2, low_level=0.0)),
        (BETWEEN, "close_level", CRITICAL, put(0, close_level=229_000.0, high_level=229_000.0)),
        (BETWEEN, "change_error_pct", CRITICAL, put(0, change_pct=0.02)),
        (BETWEEN, "change_error_pct", CRITICAL, put(0, point_change=-449.02)),
        (BETWEEN, "change_pct", WARNING, put(0, change_pct=-15.0)),
        (BETWEEN, "dividend_yield_pct", CRITICAL, scale("dividend_yield_pct", 100)),
        (BETWEEN, "dividend_yield_pct", WARNING, scale("dividend_yield_pct", 0.01)),
        (BETWEEN, "pe_ratio", CRITICAL, put(0, pe_ratio=0.089)),
        (BETWEEN, "index_turnover_mn", CRITICAL, scale("index_turnover_mn", 1e-3)),
    ],
    "security_valuations": [
        (UNIQUE, "trade_date, security_code, payload_sha256", CRITICAL, repeat),
        (REGEX, "security_code", CRITICAL, put(0, security_code="700")),
        (IN_SET, "currency", CRITICAL, put(0, currency="CNY")),
        (BETWEEN, "close_price", CRITICAL, put(0, close_price=0.0)),
        (BETWEEN, "pe_ratio", WARNING, put(0, pe_ratio=0.2)),
        (BETWEEN, "pb_ratio", WARNING, put(0, pb_ratio=500.0)),
        (BETWEEN, "shares_in_issue", CRITICAL, shrink("shares_in_issue", 1e-6)),
        (BETWEEN, "market_cap_error_pct", CRITICAL, put(0, market_cap_hkd_mn=100_600.0)),
        (BETWEEN, "market_cap_error_pct", CRITICAL, scale("market_cap_hkd_mn", 0.01)),
        (BETWEEN, "market_cap_hkd_mn", CRITICAL, scale("market_cap_hkd_mn", 1e4)),
        (BETWEEN, "quotes_in_answer", WARNING, lambda rows: rows[:29]),
    ],
}
CASES = [(table, trip[:3], trip[3]) for table, trips in TRIPS.items() for trip in trips]


def failures(table: str, rows: Rows) -> set[tuple[str, str, str]]:
    frame = pa.Table.from_pylist(rows, schema=TABLES[table].schema)
    frame = frame.append_column("payload_sha256", pa.array(["a"] * len(rows)))
    verdict = validate(frame, SUITES / "lake" / f"{table}.json")
    return {(item.expectation, item.column, item.severity) for item in verdict.failures}


@pytest.mark.parametrize("table", GOOD)
def test_a_plausible_frame_meets_its_suite(table):
    assert failures(table, GOOD[table]) == set()


@pytest.mark.parametrize("table", GOOD)
def test_every_expectation_has_a_mutation_and_a_reason(table):
    entries = load_suite(SUITES / "lake" / f"{table}.json").expectations
    stated = {
        (
            entry["type"],
            entry["kwargs"].get("column") or ", ".join(entry["kwargs"]["column_list"]),
            entry["severity"],
        )
        for entry in entries
    }
    assert stated == {trip[:3] for trip in TRIPS[table]}
    assert all(len(entry["notes"]) > 20 for entry in entries)


@pytest.mark.parametrize(
    ("table", "expected", "mutate"), CASES, ids=[f"{t}-{e[1]}-{e[2]}" for t, e, _ in CASES]
)
def test_the_mutation_trips_its_expectation(table, expected, mutate):
    assert expected in failures(table, mutate(GOOD[table]))
