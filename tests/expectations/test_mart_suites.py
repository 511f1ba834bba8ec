"""Suites of the marts: good rows pass, and every expectation has a mutation that trips it."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from expectations.runner import SUITES, Failure, load_suite, validate
from tests.expectations.mart_mutations import changed, suite_about

DAY, NEXT = dt.date(2025, 2, 17), dt.date(2025, 2, 18)
EVENING = dt.datetime(2025, 2, 18, 10, tzinfo=dt.UTC)
MONEY, PRICE = pa.decimal128(18, 2), pa.decimal128(18, 6)
UTC = pa.timestamp("us", "UTC")
TYPES = {
    **dict.fromkeys(("trade_date", "nav_date", "previous_trade_date"), pa.date32()),
    **dict.fromkeys(("known_at", "close_at"), UTC),
}
SUFFIXES = {"_hkd_mn": MONEY, "_price": PRICE, "_pct": pa.float64(), "_usd": pa.float64()}
SUFFIXES |= {"_shares": pa.int64(), "_trades": pa.int64(), "_hkd": pa.decimal128(20, 2)}
PROVENANCE = {"evidence_grade": "synthetic", "is_synthetic": True, "known_at": EVENING}
Row = dict[str, Any]


def flow(channel: str, buy: str, sell: str, **more: Any) -> Row:
    net = Decimal(buy) - Decimal(sell)
    return {
        "trade_date": DAY,
        "channel": channel,
        "session_number": 2400,
        "buy_turnover_hkd_mn": Decimal(buy),
        "sell_turnover_hkd_mn": Decimal(sell),
        "total_turnover_hkd_mn": Decimal(buy) + Decimal(sell),
        "etf_turnover_hkd_mn": Decimal("512.25"),
        "buy_trades": 400_000,
        "sell_trades": 300_000,
        "total_trades": 700_000,
        "net_buy_hkd_mn": net,
        "net_buy_mtd_hkd_mn": net,
        "is_mtd_complete": True,
        "net_buy_ytd_hkd_mn": None,
        "is_ytd_complete": False,
        "net_buy_since_first_lake_row_hkd_mn": net,
        "is_cumulative_complete": True,
        "sessions_since_higher": 3,
        "sessions_since_higher_missing_reason": None,
        "highest_in_n_sessions": 3,
        **PROVENANCE,
        **more,
    }


def fund(day: dt.date, shares: int, **more: Any) -> Row:
    return {
        "nav_date": day,
        "fund_symbol": "KWEB",
        "exchange_calendar": "XNYS",
        "fund_currency": "USD",
        "shares_outstanding": shares,
        "nav_per_share": 32.0,
        "nav_per_share_usd": 32.0,
        "close_price_usd": 32.16,
        "premium_pct": 0.5,
        "aum_fund_currency": shares * 32.0,
        "aum_usd": shares * 32.0,
        "fund_currency_per_usd": 1.0,
        "share_change_shares": None,
        "flow_fund_currency": None,
        "flow_usd": None,
        "flow_at_current_nav_usd": None,
        "flow_pct_aum": None,
        "flow_missing_reason": None,
        **PROVENANCE,
        **more,
    }


def price(security: str, close: str | None, **more: Any) -> Row:
    value = None if close is None else Decimal(close)
    return {
        "trade_date": DAY,
        "security_id": security,
        "security_code": security if security.isdigit() else None,
        "exchange_calendar": "XHKG",
        "currency": "HKD",
        **dict.fromkeys(("open_price", "high_price", "low_price", "close_price"), value),
        "adjusted_close_price": value,
        "previous_close_price": value,
        "return_pct": None if close is None else 0.0,
        "volume_shares": None if close is None else 1000,
        "turnover_hkd": None if value is None else value * 1000,
        "price_source": "hkex_quotation_sheet",
        "is_missing_price": close is None,
        "missing_price_reason": "suspended" if close is None else None,
        **PROVENANCE,
        **more,
    }


def short(security: str, shares: int, initial: int | None, **more: Any) -> Row:
    return {
        "trade_date": DAY,
        "security_code": security,
        "short_shares": shares,
        "initial_short_shares": initial,
        "short_shares_revision_shares": None if initial is None else shares - initial,
        "is_revised": shares != initial,
        "total_shares": shares * 5,
        "short_turnover_hkd": Decimal(shares * 500),
        "total_turnover_hkd": Decimal(shares * 2000),
        "short_turnover_ratio_pct": 25.0,
        "has_unconverted_counter": False,
        **PROVENANCE,
        **more,
    }


def security(number: int, **more: Any) -> Row:
    return {
        "security_code": f"{number:05}",
        "name_en": "Invented",
        "name_zh": "虚构",
        "sector": "Software",
        "listing_kind": "stock",
        "is_hstech": True,
        "yahoo_symbol": f"{number:04}.HK",
        "counter_codes": f"{number:05}",
        "rmb_counter_code": f"8{number:04}",
        **more,
    }


def session(calendar: str, day: dt.date, number: int, previous: dt.date | None, **more: Any) -> Row:
    is_hong_kong = calendar in ("XHKG", "CONNECT")
    return {
        "calendar": calendar,
        "trade_date": day,
        "session_number": number,
        "previous_trade_date": previous,
        "is_half_day": False,
        "is_connect_session": True if is_hong_kong else None,
        "close_at": dt.datetime.combine(day, dt.time(8 if is_hong_kong else 21), tzinfo=dt.UTC),
        **more,
    }


CREATED = {
    "share_change_shares": 100_000,
    "flow_fund_currency": 3_150_000.0,
    "flow_usd": 3_150_000.0,
    "flow_at_current_nav_usd": 3_200_000.0,
    "flow_pct_aum": 0.1,
}
NONE_HIGHER = {
    "sessions_since_higher": None,
    "sessions_since_higher_missing_reason": "none_higher_in_lake",
    "highest_in_n_sessions": 240,
}
GOOD: dict[str, list[Row]] = {
    "fct_southbound_daily": [
        flow("SSE", "20000.10", "15000.05"),
        flow("SZSE", "10000.00", "12000.00", **NONE_HIGHER),
        flow("ALL", "30000.10", "27000.05", total_turnover_hkd_mn=Decimal("57000.17")),
    ],
    "fct_etf_flow_daily": [
        fund(DAY, 100_000_000, flow_missing_reason="first_row_of_lake"),
        fund(NEXT, 100_100_000, **CREATED),
    ],
    "fct_prices_daily": [
        price("00700", "500"),
        price("09988", None),
        price("HKD=X", "7.781", exchange_calendar="WEEKDAY", volume_shares=0, turnover_hkd=None),
        *(price(f"{number:05}", "12.5") for number in range(1, 10)),
    ],
    "fct_short_selling_daily": [
        short("00700", 1_000_000, 900_000),
        short("09988", 0, 0, short_turnover_ratio_pct=None, total_turnover_hkd=None),
        short("03690", 700, None, total_shares=None, is_revised=True),
    ],
    "dim_security": [security(number) for number in range(1, 31)],
    "dim_session": [
        session("XHKG", DAY, 1, None),
        session("XHKG", NEXT, 2, DAY),
        session("CONNECT", NEXT, 1, None),
        session("XNYS", NEXT, 3, DAY),
    ],
}


def table(rows: list[Row]) -> pa.Table:
    """Return rows as DuckDB gives them: typed by the name of the column, all nullable."""
    arrays = {}
    for name in rows[0]:
        is_flag = name.startswith("is_")
        endings = (
            kind for ending, kind in SUFFIXES.items() if name.endswith(ending) and not is_flag
        )
        arrays[name] = pa.array([row[name] for row in rows], TYPES.get(name) or next(endings, None))
    return pa.table(arrays)


def judged(mart: str, rows: list[Row], columns: Iterable[str] = ()) -> tuple[Failure, ...]:
    return validate(table(rows), suite_about(mart, frozenset(columns))).failures


@cache
def judged_mutation(mart: str, number: int) -> tuple[Failure, ...]:
    mutation = MUTATIONS[mart][number]
    return judged(mart, changed(GOOD[mart], mutation), mutation[2])


UNIQUE, NULL, BETWEEN, IN_SET, REGEX = (
    "compound_columns_to_be_unique",
    "column_values_to_not_be_null",
    "column_values_to_be_between",
    "column_values_to_be_in_set",
    "column_values_to_match_regex",
)
LOOK_AHEAD = {"known_at": dt.datetime(2025, 2, 16, 23, tzinfo=dt.UTC)}
# mart: (what must fail, on which column, the change, the row it is made in)
MUTATIONS: dict[str, list[tuple[str, str, Row, int]]] = {
    "fct_southbound_daily": [
        (UNIQUE, "trade_date, channel", {"channel": "SZSE"}, 0),
        (IN_SET, "channel", {"channel": "HK"}, 0),
        (BETWEEN, "trade_date", {"trade_date": dt.date(2014, 11, 16)}, 0),
        (BETWEEN, "session_number", {"session_number": 0}, 0),
        (BETWEEN, "buy_turnover_hkd_mn", {"buy_turnover_hkd_mn": Decimal(0)}, 0),
        (BETWEEN, "buy_turnover_hkd_mn", {"buy_turnover_hkd_mn": Decimal("20000100")}, 0),
        (BETWEEN, "sell_turnover_hkd_mn", {"sell_turnover_hkd_mn": Decimal("-1")}, 0),
        (BETWEEN, "net_gap_hkd_mn", {"net_buy_hkd_mn": Decimal("5000.07")}, 0),
        (BETWEEN, "total_gap_hkd_mn", {"total_turnover_hkd_mn": Decimal("35000.18")}, 0),
        (BETWEEN, "trades_gap", {"total_trades": 700_001}, 0),
        (BETWEEN, "mean_trade_hkd_mn", {"total_turnover_hkd_mn": Decimal("35.00")}, 0),
        (BETWEEN, "etf_turnover_hkd_mn", {"etf_turnover_hkd_mn": Decimal("-0.01")}, 0),
        (BETWEEN, "not_etf_hkd_mn", {"etf_turnover_hkd_mn": Decimal("35000.16")}, 0),
        (BETWEEN, "net_buy_to_total_ratio", {"net_buy_hkd_mn": Decimal("22000")}, 0),
        (IN_SET, "is_mtd_where_complete", {"net_buy_mtd_hkd_mn": None}, 0),
        (IN_SET, "is_ytd_where_complete", {"is_ytd_complete": True}, 0),
        (IN_SET, "is_cumulative_where_complete", {"is_cumulative_complete": False}, 0),
        (
            IN_SET,
            "sessions_since_higher_missing_reason",
            {"sessions_since_higher_missing_reason": "holiday"},
            1,
        ),
        (IN_SET, "has_higher_or_reason", {"sessions_since_higher": None}, 0),
        (BETWEEN, "higher_to_highest_sessions", {"highest_in_n_sessions": 4}, 0),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "fct_etf_flow_daily": [
        (UNIQUE, "nav_date, fund_symbol", {"nav_date": DAY}, 1),
        (REGEX, "fund_symbol", {"fund_symbol": "kweb us"}, 0),
        (IN_SET, "exchange_calendar", {"exchange_calendar": "XSHG"}, 0),
        (IN_SET, "fund_currency", {"fund_currency": "CNY"}, 0),
        (IN_SET, "is_rate_of_currency", {"fund_currency_per_usd": 0.128}, 0),
        (BETWEEN, "nav_per_share_usd", {"nav_per_share_usd": 3200.0}, 0),
        (BETWEEN, "close_price_usd", {"close_price_usd": 3216.0}, 0),
        (BETWEEN, "shares_outstanding", {"shares_outstanding": 9_999}, 0),
        (BETWEEN, "aum_usd", {"aum_usd": 3200.0}, 0),
        (BETWEEN, "assets_to_shares_ratio", {"aum_fund_currency": 3.22e9}, 0),
        (BETWEEN, "flow_gap_to_aum_ratio", {"flow_at_current_nav_usd": 3.21e6}, 1),
        (BETWEEN, "premium_gap_pct", {"premium_pct": 0.51}, 0),
        (BETWEEN, "premium_pct", {"premium_pct": 50.0}, 0),
        (BETWEEN, "premium_pct", {"premium_pct": 11.0}, 0),
        (IN_SET, "has_fund_flow_where_flow", {"flow_fund_currency": None}, 1),
        (BETWEEN, "flow_currency_gap_ratio", {"flow_fund_currency": 3.16e6}, 1),
        (BETWEEN, "flow_sign_agreement", {"flow_usd": -3.15e6}, 1),
        (BETWEEN, "flow_pct_aum", {"flow_pct_aum": -101.0}, 1),
        (BETWEEN, "flow_pct_aum", {"flow_pct_aum": 26.0}, 1),
        (IN_SET, "flow_missing_reason", {"flow_missing_reason": "forgotten"}, 0),
        (IN_SET, "has_flow_or_reason", {"flow_missing_reason": None}, 0),
        (IN_SET, "has_flow_or_reason", {"flow_missing_reason": "no_nav"}, 1),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "fct_prices_daily": [
        (UNIQUE, "trade_date, security_id", {"security_id": "09988"}, 0),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (IN_SET, "exchange_calendar", {"exchange_calendar": "XLON"}, 0),
        (REGEX, "currency", {"currency": "HK$"}, 0),
        (BETWEEN, "low_price", {"low_price": Decimal(0)}, 0),
        (BETWEEN, "close_price", {"close_price": Decimal("500000")}, 0),
        (BETWEEN, "high_minus_low", {"low_price": Decimal("501")}, 0),
        (BETWEEN, "close_to_high_ratio", {"close_price": Decimal("751")}, 0),
        (BETWEEN, "close_to_low_ratio", {"close_price": Decimal("249")}, 0),
        (BETWEEN, "close_to_high_ratio", {"close_price": Decimal("501")}, 0),
        (BETWEEN, "close_to_low_ratio", {"close_price": Decimal("499")}, 0),
        (BETWEEN, "open_minus_low", {"open_price": Decimal("499")}, 0),
        (BETWEEN, "high_minus_open", {"open_price": Decimal("501")}, 0),
        (BETWEEN, "adjusted_close_price", {"adjusted_close_price": Decimal("-1")}, 0),
        (BETWEEN, "volume_shares", {"volume_shares": -1}, 0),
        (BETWEEN, "turnover_hkd", {"turnover_hkd": Decimal(-1)}, 0),
        (BETWEEN, "turnover_at_high_ratio", {"turnover_hkd": Decimal(500_000_000)}, 0),
        (BETWEEN, "return_pct", {"return_pct": -100.0}, 0),
        (BETWEEN, "return_pct", {"return_pct": 400.0}, 0),
        (IN_SET, "return_with_previous", {"previous_close_price": None}, 0),
        (IN_SET, "is_missing_where_null", {"is_missing_price": True}, 0),
        (IN_SET, "missing_price_reason", {"missing_price_reason": "forgotten"}, 1),
        (IN_SET, "is_reason_where_null", {"missing_price_reason": None}, 1),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "fct_short_selling_daily": [
        (UNIQUE, "trade_date, security_code", {"security_code": "09988"}, 0),
        (REGEX, "security_code", {"security_code": "700"}, 0),
        (BETWEEN, "short_shares", {"short_shares": -1}, 0),
        (BETWEEN, "initial_short_shares", {"initial_short_shares": -1}, 0),
        (BETWEEN, "revision_gap_shares", {"short_shares_revision_shares": 1}, 0),
        (BETWEEN, "short_turnover_hkd", {"short_turnover_hkd": Decimal(-1)}, 0),
        (BETWEEN, "short_price_hkd", {"short_turnover_hkd": Decimal(50_000_000_000)}, 0),
        (BETWEEN, "not_short_shares", {"total_shares": 999_999}, 0),
        (BETWEEN, "not_short_hkd", {"total_turnover_hkd": Decimal(499_999_999)}, 0),
        (BETWEEN, "short_turnover_ratio_pct", {"short_turnover_ratio_pct": 101.0}, 0),
        (BETWEEN, "short_turnover_ratio_pct", {"short_turnover_ratio_pct": 81.0}, 0),
        (BETWEEN, "ratio_gap_pct", {"short_turnover_ratio_pct": 25.1}, 0),
        (BETWEEN, "days_until_known", LOOK_AHEAD, 0),
    ],
    "dim_security": [
        ("column_values_to_be_unique", "security_code", {"security_code": "00002"}, 0),
        (REGEX, "security_code", {"security_code": "0001"}, 0),
        (IN_SET, "listing_kind", {"listing_kind": "warrant"}, 0),
        (REGEX, "yahoo_symbol", {"yahoo_symbol": "0001"}, 0),
        (IN_SET, "symbol_of_code", {"yahoo_symbol": "0002.HK"}, 0),
        (REGEX, "rmb_counter_code", {"rmb_counter_code": "00001"}, 0),
    ],
    "dim_session": [
        (UNIQUE, "calendar, trade_date", {"trade_date": NEXT}, 0),
        (UNIQUE, "calendar, session_number", {"session_number": 2}, 0),
        (IN_SET, "calendar", {"calendar": "XLON"}, 0),
        (BETWEEN, "trade_date", {"trade_date": dt.date(2011, 12, 30)}, 0),
        (BETWEEN, "weekday", {"trade_date": dt.date(2025, 2, 15)}, 0),
        (BETWEEN, "session_number", {"session_number": 0}, 0),
        (BETWEEN, "days_since_previous", {"previous_trade_date": dt.date(2025, 2, 1)}, 1),
        (BETWEEN, "days_since_previous", {"previous_trade_date": NEXT}, 1),
        (IN_SET, "is_first", {"previous_trade_date": None}, 1),
        (IN_SET, "is_connect_known", {"is_connect_session": None}, 0),
        (IN_SET, "is_connect_known", {"is_connect_session": True}, 3),
        (IN_SET, "is_connect_itself", {"is_connect_session": False}, 2),
        (BETWEEN, "close_hour", {"close_at": EVENING}, 0),
    ],
}
for mart, rows in GOOD.items():
    expected = load_suite(SUITES / "marts" / f"{mart}.json").expectations
    columns = [e["kwargs"]["column"] for e in expected if e["type"].endswith(NULL)]
    MUTATIONS[mart] += [(NULL, columns[0], dict.fromkeys(columns), 0)]
    if "evidence_grade" in rows[0]:
        MUTATIONS[mart] += [
            (IN_SET, "evidence_grade", {"evidence_grade": "hearsay"}, 0),
            (IN_SET, "is_grade_of_its_world", {"evidence_grade": "official"}, 0),
            (IN_SET, "is_grade_of_its_world", {"is_synthetic": False}, 0),
        ]
TOO_FEW_MEMBERS = [
    row | {"is_hstech": row["security_code"] > "00003"} for row in GOOD["dim_security"]
]


@pytest.mark.parametrize("mart", GOOD)
def test_good_rows_pass_without_a_warning(mart):
    assert judged(mart, GOOD[mart]) == ()


@pytest.mark.parametrize(
    ("mart", "number"),
    [(mart, number) for mart, mutations in MUTATIONS.items() for number in range(len(mutations))],
)
def test_mutation_is_caught_where_it_was_made(mart, number):
    kind, column, changes, row = MUTATIONS[mart][number]
    failures = judged_mutation(mart, number)
    wanted = (f"expect_{kind}", column)
    caught = [each for each in failures if (each.expectation, each.column) == wanted]
    assert caught, (changes, [each.message for each in failures])
    assert all(row in each.unexpected_rows for each in caught)
    assert all(each.notes for each in caught)


def test_index_with_too_few_members_is_caught():
    (failure,) = judged("dim_security", TOO_FEW_MEMBERS)
    assert (failure.expectation, failure.column) == (
        "expect_column_sum_to_be_between",
        "member_count",
    )


@pytest.mark.parametrize("mart", GOOD)
def test_every_expectation_has_a_mutation_that_trips_it(mart):
    tripped = {
        (each.expectation, each.column, each.severity)
        for number in range(len(MUTATIONS[mart]))
        for each in judged_mutation(mart, number)
    }
    if mart == "dim_security":
        tripped |= {(f.expectation, f.column, f.severity) for f in judged(mart, TOO_FEW_MEMBERS)}
    expected = set()
    for entry in load_suite(SUITES / "marts" / f"{mart}.json").expectations:
        kwargs = entry["kwargs"]
        columns = kwargs.get("column") or ", ".join(kwargs["column_list"])
        expected.add((entry["type"], columns, entry["severity"]))
    assert expected - tripped == set()
