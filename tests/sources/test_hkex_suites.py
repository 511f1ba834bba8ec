"""Every expectation about the HKEX tables holds on good rows and is tripped by one damage."""

import datetime as dt
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from expectations.frame import to_pandas
from expectations.runner import SUITES as ALL_SUITES
from expectations.runner import load_suite, validate
from expectations.suite import columns_of
from orchestration.sources import hkex_quotation_sheet, hkex_stock_connect
from orchestration.sources.base import Payload

SUITES = ALL_SUITES / "lake"
SAMPLES = Path(__file__).parents[1] / "samples"
NOT_NULL = "expect_column_values_to_not_be_null"
BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
REGEX = "expect_column_values_to_match_regex"
LENGTH = "expect_column_value_lengths_to_be_between"
UNIQUE = "expect_compound_columns_to_be_unique"
AT_LEAST = "expect_column_pair_values_a_to_be_greater_than_b"


@cache
def parsed(source, file, day):
    (request,) = source.requests([day])
    body = (SAMPLES / source.name / file).read_bytes()
    fetched = dt.datetime(2025, 4, 10, tzinfo=dt.UTC)
    return source.parse(Payload(request, body, 200, {}, fetched, is_synthetic=False))


@cache
def good_rows(table):
    connect = parsed(hkex_stock_connect.SOURCE, "2024-01-02.js", dt.date(2024, 1, 2))
    sheet = parsed(hkex_quotation_sheet.SOURCE, "2025-04-09.htm", dt.date(2025, 4, 9))
    return to_pandas({**connect, **sheet}[table], ())


def verdict(table, frame):
    rows = pa.Table.from_pandas(frame.assign(payload_sha256="a"), preserve_index=False)
    return validate(rows, SUITES / f"{table}.json")


def subject(expectation):
    """Return what tells an expectation from the others of its suite."""
    kwargs = expectation["kwargs"]
    return expectation["type"], ", ".join(columns_of(kwargs)), expectation["severity"]


def first(column, value):
    """Return a damage: the first row with a value in the column has another one, or none."""

    def damage(frame):
        row = frame[column].first_valid_index()
        new = value(frame.at[row, column]) if callable(value) else value
        frame[column] = [new if here == row else old for here, old in frame[column].items()]
        return frame

    return damage


def every(column, factor):
    def damage(frame):
        frame[column] = frame[column] * factor
        return frame

    return damage


def times(column, factor):
    def damage(frame):
        frame[column] = frame[column].astype("float64")
        row = frame[column].first_valid_index()
        frame.loc[row, column] *= factor
        return frame

    return damage


def doubled(**changed):
    def damage(frame):
        return pd.concat([frame, frame.tail(1).assign(**changed)], ignore_index=True)

    return damage


def without(column):
    def damage(frame):
        frame[column] = float("nan")
        return frame

    return damage


def nulls(*columns):
    return {(NOT_NULL, column, "critical"): first(column, None) for column in columns}


CONNECT_MONEY = ("buy_turnover_hkd_mn", "sell_turnover_hkd_mn", "total_turnover_hkd_mn")
CONNECT_TRADES = ("buy_trades", "sell_trades", "total_trades")
TOP10_MONEY = ("buy_turnover_hkd", "sell_turnover_hkd", "total_turnover_hkd")
PRICES = ("previous_close", "close_price", "high_price", "low_price")
DAMAGES = {
    "southbound_daily": {
        **nulls("trade_date", "channel", *CONNECT_MONEY, *CONNECT_TRADES),
        (IN_SET, "channel", "critical"): first("channel", "ALL"),
        (UNIQUE, "trade_date, channel, payload_sha256", "critical"): doubled(),
        **{(BETWEEN, c, "critical"): times(c, 1000) for c in CONNECT_MONEY},
        **{(BETWEEN, c, "critical"): times(c, 1000) for c in CONNECT_TRADES},
        (BETWEEN, "etf_turnover_hkd_mn", "critical"): times("etf_turnover_hkd_mn", 1000),
        (BETWEEN, "buy_plus_sell_minus_total_hkd_mn", "critical"): first(
            "buy_turnover_hkd_mn", lambda value: value + 0.02
        ),
        (BETWEEN, "buy_plus_sell_minus_total_trades", "critical"): first(
            "buy_trades", lambda value: value + 1
        ),
        (BETWEEN, "mean_trade_hkd_mn", "critical"): times("total_turnover_hkd_mn", 1000),
        (BETWEEN, "net_buy_to_total_ratio", "warning"): times("buy_turnover_hkd_mn", 3),
        (BETWEEN, "etf_to_total_ratio", "critical"): times("etf_turnover_hkd_mn", 30),
    },
    "southbound_top10": {
        **nulls("trade_date", "channel", "rank", "security_code", "security_name", *TOP10_MONEY),
        (IN_SET, "channel", "critical"): first("channel", "ALL"),
        (BETWEEN, "rank", "critical"): first("rank", 11),
        (REGEX, "security_code", "critical"): first("security_code", "700"),
        (LENGTH, "security_name", "critical"): first("security_name", ""),
        (UNIQUE, "trade_date, channel, rank, payload_sha256", "critical"): doubled(
            security_code="09999"
        ),
        (UNIQUE, "trade_date, channel, security_code, payload_sha256", "critical"): doubled(rank=9),
        **{(BETWEEN, c, "critical"): times(c, 1000) for c in TOP10_MONEY},
        (BETWEEN, "buy_plus_sell_minus_total_hkd", "critical"): first(
            "buy_turnover_hkd", lambda value: value + 1
        ),
    },
    "quotations": {
        **nulls("trade_date", "security_code", "security_name", "currency", "is_suspended"),
        (NOT_NULL, "close_price", "critical"): without("close_price"),
        (REGEX, "security_code", "critical"): first("security_code", "5"),
        (LENGTH, "security_name", "critical"): first("security_name", ""),
        (IN_SET, "currency", "critical"): first("currency", "RMB"),
        (UNIQUE, "trade_date, security_code, payload_sha256", "critical"): doubled(),
        **{(BETWEEN, c, "critical"): times(c, 1000) for c in PRICES},
        (BETWEEN, "traded_shares", "critical"): times("traded_shares", 10_000),
        (BETWEEN, "turnover_amount", "critical"): times("turnover_amount", 1000),
        (AT_LEAST, "high_price, low_price", "critical"): times("high_price", 0.5),
        (BETWEEN, "turnover_at_high_ratio", "critical"): times("turnover_amount", 1000),
        (BETWEEN, "turnover_at_low_ratio", "critical"): times("turnover_amount", 0.001),
        (BETWEEN, "turnover_at_high_ratio", "warning"): every("turnover_amount", 1.1),
        (BETWEEN, "turnover_at_low_ratio", "warning"): every("turnover_amount", 0.9),
        (BETWEEN, "close_to_high_ratio", "critical"): times("close_price", 10),
        (BETWEEN, "close_to_low_ratio", "critical"): times("close_price", 0.1),
        (BETWEEN, "close_to_high_ratio", "warning"): every("close_price", 1.1),
        (BETWEEN, "close_to_low_ratio", "warning"): every("close_price", 0.8),
        (BETWEEN, "close_to_previous_ratio", "critical"): times("previous_close", 1000),
        (BETWEEN, "close_to_previous_ratio", "warning"): every("previous_close", 2),
    },
    "short_selling": {
        **nulls("trade_date", "security_code", "security_name", "is_hkd_counter", "is_adjustment"),
        **nulls("short_shares", "short_turnover_amount"),
        (REGEX, "security_code", "critical"): first("security_code", "5"),
        (LENGTH, "security_name", "critical"): first("security_name", "X" * 25),
        (UNIQUE, "trade_date, security_code, is_adjustment, payload_sha256", "critical"): doubled(),
        (BETWEEN, "short_shares", "critical"): times("short_shares", 10_000),
        (BETWEEN, "short_turnover_amount", "critical"): times("short_turnover_amount", 1000),
        (BETWEEN, "total_shares", "critical"): times("total_shares", 10_000),
        (BETWEEN, "total_turnover_amount", "critical"): times("total_turnover_amount", 1000),
        (AT_LEAST, "total_shares, short_shares", "critical"): times("total_shares", 0.01),
        (AT_LEAST, "total_turnover_amount, short_turnover_amount", "critical"): times(
            "total_turnover_amount", 0.01
        ),
        (BETWEEN, "short_price", "critical"): times("short_turnover_amount", 1000),
        (BETWEEN, "short_to_mean_price_ratio", "critical"): times("short_turnover_amount", 1000),
    },
}
CASES = [(table, damaged) for table, damages in DAMAGES.items() for damaged in damages]


@pytest.mark.parametrize("table", DAMAGES)
def test_good_rows_meet_the_whole_suite(table):
    assert verdict(table, good_rows(table)).failures == ()


@pytest.mark.parametrize("table", DAMAGES)
def test_every_expectation_has_one_damage_and_a_reason(table):
    expectations = load_suite(SUITES / f"{table}.json").expectations
    assert sorted(map(subject, expectations)) == sorted(DAMAGES[table])
    assert all(len(expectation["notes"]) > 20 for expectation in expectations)


@pytest.mark.parametrize(
    ("table", "damaged"), CASES, ids=lambda part: part if isinstance(part, str) else " ".join(part)
)
def test_its_damage_trips_the_expectation(table, damaged):
    frame = DAMAGES[table][damaged](good_rows(table).copy())
    tripped = {(f.expectation, f.column, f.severity) for f in verdict(table, frame).failures}
    assert damaged in tripped


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("southbound_daily", CONNECT_MONEY),
        ("southbound_daily", ("total_turnover_hkd_mn",)),
        ("southbound_top10", ("total_turnover_hkd",)),
        ("quotations", ("turnover_amount",)),
        ("short_selling", ("short_turnover_amount",)),
    ],
    ids=lambda part: part if isinstance(part, str) else " ".join(part),
)
@pytest.mark.parametrize("factor", [1000, 0.001])
def test_a_single_row_in_another_unit_is_critical(table, columns, factor):
    frame = good_rows(table).copy()
    for column in columns:
        frame = times(column, factor)(frame)
    assert not verdict(table, frame).passed


def test_the_zeros_of_a_closed_channel_cannot_pass_as_a_session():
    closed = parsed(hkex_stock_connect.SOURCE, "2025-02-03-closed.js", dt.date(2025, 2, 3))
    rows = closed["southbound_daily"]
    body = pa.array(["a"] * rows.num_rows)
    rows = rows.append_column("payload_sha256", body)
    assert not validate(rows, SUITES / "southbound_daily.json").passed
