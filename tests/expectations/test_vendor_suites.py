"""Suites of bars, funds and rates: each expectation has its mutation."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from data_lake.tables import TABLES
from expectations.runner import SUITES, load_suite, validate

BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
REGEX = "expect_column_values_to_match_regex"
CRITICAL, WARNING = "critical", "warning"
UNIQUE = "expect_compound_columns_to_be_unique"
DAY = dt.date(2024, 1, 2)
Rows = list[dict[str, Any]]
Expectation = tuple[str, str, str]


def row(table: str, *values: Any) -> dict[str, Any]:
    """Return a row of a table: the day, then the values in the order of its columns."""
    return dict(zip(TABLES[table].schema.names, (DAY, *values), strict=True))


def bar(symbol: str, calendar: str, currency: str, close: float | None, **more: Any) -> dict:
    volume, prices = (None if close is None else 1000), [close] * 5
    return row("daily_bars", symbol, calendar, currency, *prices, volume, None) | more


def holding(rank: int, name: str, ticker: str | None, identifier: str | None) -> dict:
    return row("etf_holdings", "KWEB", rank, name, ticker, identifier, 10.0, 1e7, 1e8)


BARS = [
    bar("0700.HK", "XHKG", "HKD", 300.0, open_price=298.0, high_price=301.0, low_price=297.0),
    bar("9988.HK", "XHKG", "HKD", None, missing_price_reason="flat_bar_without_volume"),
    bar("KWEB", "XNYS", "USD", 27.0),
    bar("^HSI", "XHKG", "HKD", 16_700.0),
    bar("HKD=X", "WEEKDAY", "HKD", 7.81),
    bar("CNY=X", "WEEKDAY", "CNY", 7.1),
    bar("CNYHKD=X", "WEEKDAY", "HKD", 1.1),
    bar("688981.SS", "XSHG", "CNY", 90.0),
    bar("000300.SS", "XSHG", "CNY", 3_900.0),
    bar("^NDX", "XNYS", "USD", 21_000.0),
]
ACTIONS = [
    row("corporate_actions", "0700.HK", "dividend", "HKD", 4.5, None),
    row("corporate_actions", "0700.HK", "split", "HKD", None, 5.0),
]
HOLDINGS = [holding(rank, "Invented", f"{rank}00", "KYG000000001") for rank in range(1, 10)]
HOLDINGS += [holding(10, "Cash", None, None)]
NAVS = [
    row("etf_nav", "KWEB", "USD", None, 0.004),
    row("etf_nav", "FXI", "USD", 31.25, None),
    row("etf_nav", "MCHI", "USD", 47.5, None),
    row("etf_nav", "3033.HK", "HKD", 3.9, None),
]
LIQUIDITY = "daily-figures-interbank-liquidity"
RATES = [
    row("reference_rates", "USDHKD", "DEXHKUS", "HKD per USD", 7.81),
    row("reference_rates", "USDCNY", "DEXCHUS", "CNY per USD", 7.14),
    row("reference_rates", "US_POLICY_RATE", "DFEDTARU", "percent", 5.5),
    row("reference_rates", "US_10Y", "DGS10", "percent", 3.95),
    row("reference_rates", "USDHKD", "er-eeri-daily.usd", "HKD per USD", 7.811),
    row("reference_rates", "CNYHKD", "er-eeri-daily.cny", "HKD per CNY", 1.0945),
    row("reference_rates", "HIBOR_3M", "hk-interbank-ir-daily.ir_3m", "percent", 5.15),
    row("reference_rates", "HIBOR_1M", f"{LIQUIDITY}.hibor_fixing_1m", "percent", 5.2),
    row("reference_rates", "HIBOR_OVERNIGHT", f"{LIQUIDITY}.hibor_overnight", "percent", 5.6),
    row("reference_rates", "HKMA_BASE_RATE", f"{LIQUIDITY}.disc_win_base_rate", "percent", 5.75),
]
GOOD: dict[str, Rows] = {
    "daily_bars": BARS,
    "corporate_actions": ACTIONS,
    "etf_holdings": HOLDINGS,
    "etf_nav": NAVS,
    "reference_rates": RATES,
}


def put(row: int, **values: Any) -> Callable[[Rows], Rows]:
    """Return a mutation that sets values in one row."""
    return lambda rows: [{**r, **values} if i == row else r for i, r in enumerate(rows)]


def put_all(**values: Any) -> Callable[[Rows], Rows]:
    """Return a mutation that sets values in every row."""
    return lambda rows: [{**r, **values} for r in rows]


def scale(column: str, factor: float) -> Callable[[Rows], Rows]:
    """Return a mutation of a whole column to another unit."""
    return lambda rows: [{**r, column: r[column] * factor} for r in rows]


def repeat(rows: Rows) -> Rows:
    """Return the rows with the first one doubled."""
    return [*rows, rows[0]]


def drop(start: int, stop: int) -> Callable[[Rows], Rows]:
    """Return a mutation that loses rows."""
    return lambda rows: rows[:start] + rows[stop:]


TRIPS: dict[str, list[tuple[str, str, str, Callable[[Rows], Rows]]]] = {
    "daily_bars": [
        (UNIQUE, "trade_date, symbol, payload_sha256", CRITICAL, repeat),
        (REGEX, "symbol", CRITICAL, put(0, symbol="700.HK")),
        (IN_SET, "exchange_calendar", CRITICAL, put(0, exchange_calendar="XSHE")),
        (IN_SET, "currency", CRITICAL, put(0, currency="JPY")),
        (IN_SET, "is_usd_only_in_new_york", CRITICAL, put(2, currency="HKD")),
        (IN_SET, "is_cny_in_shanghai", CRITICAL, put(7, currency="HKD")),
        (IN_SET, "missing_price_reason", CRITICAL, put(1, missing_price_reason="?")),
        (IN_SET, "has_close_or_reason", CRITICAL, put(1, missing_price_reason=None)),
        (BETWEEN, "high_minus_open", CRITICAL, put(0, open_price=301.01)),
        (BETWEEN, "high_minus_close", CRITICAL, put(0, close_price=301.01)),
        (BETWEEN, "open_minus_low", CRITICAL, put(0, open_price=296.99)),
        (BETWEEN, "close_minus_low", CRITICAL, put(0, close_price=296.99)),
        (BETWEEN, "low_price", CRITICAL, put(0, low_price=0.0)),
        (BETWEEN, "high_to_low_ratio", WARNING, put(0, high_price=700.0)),
        (BETWEEN, "security_close", CRITICAL, put(0, close_price=30_000.0)),
        (BETWEEN, "index_close", CRITICAL, put(3, close_price=167.0)),
        (BETWEEN, "usdhkd_close", CRITICAL, put(4, close_price=7.91)),
        (BETWEEN, "usdhkd_close", WARNING, put(4, close_price=7.86)),
        (BETWEEN, "usdcny_close", CRITICAL, put(5, close_price=0.14)),
        (BETWEEN, "cnyhkd_close", CRITICAL, put(6, close_price=0.91 / 1.1)),
        (BETWEEN, "adjusted_to_close_ratio", WARNING, put(0, adjusted_close_price=301.0)),
        (BETWEEN, "volume_shares", CRITICAL, put(0, volume_shares=-1)),
    ],
    "corporate_actions": [
        (UNIQUE, "ex_date, symbol, action_type, payload_sha256", CRITICAL, repeat),
        (REGEX, "symbol", CRITICAL, put(0, symbol="00700")),
        (IN_SET, "action_type", CRITICAL, put(0, action_type="spin-off")),
        (IN_SET, "currency", CRITICAL, put(0, currency="HKd")),
        (IN_SET, "has_amount_if_dividend", CRITICAL, put(0, dividend_amount=None)),
        (IN_SET, "has_ratio_if_split", CRITICAL, put(0, split_ratio=2.0)),
        (BETWEEN, "dividend_amount", CRITICAL, put(0, dividend_amount=0.0)),
        (BETWEEN, "split_ratio", CRITICAL, put(1, split_ratio=5000.0)),
        (IN_SET, "is_ratio_of_one", WARNING, put(1, split_ratio=1.0)),
    ],
    "etf_holdings": [
        (UNIQUE, "holding_date, fund_symbol, line_number, payload_sha256", CRITICAL, repeat),
        (IN_SET, "fund_symbol", CRITICAL, put_all(fund_symbol="KLIP")),
        (BETWEEN, "line_number", CRITICAL, put(0, line_number=0)),
        (IN_SET, "is_line_missing", WARNING, put(9, line_number=11)),
        (BETWEEN, "line_count", CRITICAL, drop(0, 1)),
        (BETWEEN, "cash_line_count", WARNING, put(9, ticker="USD")),
        (BETWEEN, "weight_pct", CRITICAL, put(0, weight_pct=51.0)),
        (BETWEEN, "weight_sum_pct", CRITICAL, scale("weight_pct", 0.01)),
        (BETWEEN, "weight_sum_pct", WARNING, put(0, weight_pct=10.51)),
        (BETWEEN, "weight_error_pct", CRITICAL, put(0, market_value_usd=1e5)),
        (BETWEEN, "market_value_usd", CRITICAL, scale("market_value_usd", 1000)),
        (BETWEEN, "net_assets_usd", CRITICAL, scale("market_value_usd", 0.001)),
        (BETWEEN, "value_per_share_usd", CRITICAL, put(0, shares_held=60_000_000_000_000.0)),
        (REGEX, "ticker", WARNING, put(0, ticker="00700")),
        (REGEX, "identifier", WARNING, put(0, identifier="n/a")),
    ],
    "etf_nav": [
        (UNIQUE, "nav_date, fund_symbol, payload_sha256", CRITICAL, repeat),
        (IN_SET, "fund_symbol", CRITICAL, put(0, fund_symbol="KLIP")),
        (IN_SET, "currency", CRITICAL, put(0, currency="JPY")),
        (IN_SET, "is_hkd_if_in_hong_kong", CRITICAL, put(3, currency="USD")),
        (IN_SET, "has_nav_or_premium", CRITICAL, put(0, premium_ratio=None)),
        (BETWEEN, "nav_per_share", CRITICAL, put(0, nav_per_share=2700.0)),
        (BETWEEN, "premium_ratio", CRITICAL, put(0, premium_ratio=0.4)),
        (BETWEEN, "premium_ratio", WARNING, put(0, premium_ratio=-0.06)),
    ],
    "reference_rates": [
        (UNIQUE, "rate_date, series, publisher_series, payload_sha256", CRITICAL, repeat),
        (IN_SET, "series", CRITICAL, put(3, series="US_2Y")),
        (IN_SET, "publisher_series", CRITICAL, put(3, publisher_series="DGS2")),
        (IN_SET, "unit", CRITICAL, put(3, unit="basis points")),
        (IN_SET, "is_hkd_per_usd_if_usdhkd", CRITICAL, put(0, unit="percent")),
        (IN_SET, "is_cny_per_usd_if_usdcny", CRITICAL, put(1, unit="percent")),
        (IN_SET, "is_hkd_per_cny_if_cnyhkd", CRITICAL, put(5, unit="HKD per USD")),
        (IN_SET, "is_percent_if_interest", CRITICAL, put(9, unit="HKD per USD")),
        (BETWEEN, "usdhkd", CRITICAL, put(0, rate_value=0.128)),
        (BETWEEN, "usdhkd", WARNING, put(0, rate_value=7.8501)),
        (BETWEEN, "usdcny", CRITICAL, put(1, rate_value=0.14)),
        (BETWEEN, "policy_rate_pct", CRITICAL, put(2, rate_value=550.0)),
        (IN_SET, "policy_rate_off_grid", WARNING, put(2, rate_value=5.33)),
        (BETWEEN, "ten_year_pct", CRITICAL, put(3, rate_value=395.0)),
        (BETWEEN, "cnyhkd", CRITICAL, put(5, rate_value=7.8)),
        (BETWEEN, "hibor_pct", CRITICAL, put(7, rate_value=520.0)),
        (BETWEEN, "hibor_pct", WARNING, put(8, rate_value=12.0)),
        (BETWEEN, "base_rate_pct", CRITICAL, put(9, rate_value=575.0)),
    ],
}
CASES = [(table, trip[:3], trip[3]) for table, trips in TRIPS.items() for trip in trips]


def suite_of(table: str) -> Path:
    return SUITES / "lake" / f"{table}.json"


def frame_of(table: str, rows: Rows) -> pa.Table:
    frame = pa.Table.from_pylist(rows, schema=TABLES[table].schema)
    return frame.append_column("payload_sha256", pa.array(["a"] * len(rows)))


def failures(table: str, rows: Rows) -> set[Expectation]:
    verdict = validate(frame_of(table, rows), suite_of(table))
    return {(item.expectation, item.column, item.severity) for item in verdict.failures}


@pytest.mark.parametrize("table", GOOD)
def test_a_plausible_frame_meets_its_suite(table):
    assert failures(table, GOOD[table]) == set()


@pytest.mark.parametrize("table", GOOD)
def test_every_expectation_has_a_mutation(table):
    stated = [
        (
            entry["type"],
            entry["kwargs"].get("column") or ", ".join(entry["kwargs"]["column_list"]),
            entry["severity"],
        )
        for entry in load_suite(suite_of(table)).expectations
    ]
    assert sorted(stated) == sorted(trip[:3] for trip in TRIPS[table])


@pytest.mark.parametrize("table", GOOD)
def test_every_expectation_says_why(table):
    assert all(len(entry["notes"]) > 20 for entry in load_suite(suite_of(table)).expectations)


@pytest.mark.parametrize(
    ("table", "expected", "mutate"), CASES, ids=[f"{t}-{e[1]}-{e[2]}-{e[0]}" for t, e, _ in CASES]
)
def test_the_mutation_trips_its_expectation(table, expected, mutate):
    assert expected in failures(table, mutate(GOOD[table]))


@pytest.mark.parametrize(
    ("table", "mutate"),
    [
        ("daily_bars", put(4, open_price=7.86, high_price=7.86, low_price=7.86, close_price=7.86)),
        ("reference_rates", put(0, rate_value=7.86)),
        ("etf_nav", put(0, premium_ratio=0.06)),
    ],
)
def test_a_figure_between_the_two_limits_warns_and_does_not_stop(table, mutate):
    verdict = validate(frame_of(table, mutate(GOOD[table])), suite_of(table))
    assert verdict.passed
    assert len(verdict.warnings) >= 1
