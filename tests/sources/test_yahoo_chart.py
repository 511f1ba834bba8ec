"""Yahoo chart API: what is asked, how the JSON is read."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables import TABLES
from orchestration.sources.base import Payload, Request
from orchestration.sources.yahoo_chart import SOURCE, SYMBOLS, heal, parse, requests

SAMPLES = Path(__file__).parents[1] / "samples" / "yahoo_chart"


def payload(body: bytes, key: str = "0700.HK.json") -> Payload:
    day = dt.date(2024, 12, 23)
    request = Request(SOURCE.name, key, "https://example.test/", day, day)
    return Payload(request, body, 200, {}, dt.datetime(2025, 1, 1, tzinfo=dt.UTC), False)


def sample(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / name).read_bytes())


def read(answer: Any, key: str = "0700.HK.json") -> dict[str, list[dict[str, Any]]]:
    tables = parse(payload(json.dumps(answer).encode(), key))
    return {name: table.to_pylist() for name, table in tables.items()}


def result_of(answer: dict[str, Any]) -> dict[str, Any]:
    return answer["chart"]["result"][0]


def quote_of(answer: dict[str, Any]) -> dict[str, Any]:
    return result_of(answer)["indicators"]["quote"][0]


def test_every_symbol_is_asked_once_over_the_whole_range():
    asked = requests([dt.date(2024, 1, 2), dt.date(2024, 1, 3), dt.date(2024, 1, 31)])
    assert [request.key for request in asked] == [f"{symbol}.json" for symbol, _ in SYMBOLS]
    assert len({request.key for request in asked}) == 50
    tencent = next(request for request in asked if request.key == "0700.HK.json")
    assert tencent.params["period1"] == "1704153600"  # 2024-01-02 00:00 UTC
    assert tencent.params["period2"] == "1706745600"  # 2024-02-01 00:00 UTC
    assert (tencent.first_session, tencent.last_session) == (
        dt.date(2024, 1, 2),
        dt.date(2024, 1, 31),
    )


def test_index_symbols_are_escaped_in_the_url_and_readable_in_the_key():
    asked = {request.key: request.url for request in requests([dt.date(2024, 1, 2)])}
    assert asked["^HSI.json"].endswith("/chart/%5EHSI")
    assert asked["HKD=X.json"].endswith("/chart/HKD=X")


def test_fx_is_asked_from_a_day_earlier_because_its_summer_day_begins_the_evening_before():
    asked = {request.key: request for request in requests([dt.date(2024, 6, 3)])}
    bar_of_3_june = 1717369200
    assert int(asked["HKD=X.json"].params["period1"]) <= bar_of_3_june


def test_no_sessions_means_no_requests():
    assert requests([]) == []


def test_bars_are_read_healed_and_dated_in_the_exchange_zone():
    bars = read(sample("0700.HK.json"))["daily_bars"]
    assert bars[0] == {
        "trade_date": dt.date(2024, 12, 23),
        "symbol": "0700.HK",
        "exchange_calendar": "XHKG",
        "currency": "HKD",
        "open_price": 418.4,
        "high_price": 421.6,
        "low_price": 417.2,
        "close_price": 419.8,
        "adjusted_close_price": 415.25,
        "volume_shares": 14301500,
        "missing_price_reason": None,
    }
    assert [bar["trade_date"].day for bar in bars] == [23, 24, 27, 30]


@pytest.mark.parametrize(("row", "reason"), [(1, "flat_bar_without_volume"), (2, "no_data")])
def test_trap_11_a_bar_that_stands_for_nothing_has_no_price_and_says_why(row, reason):
    bar = read(sample("0700.HK.json"))["daily_bars"][row]
    assert bar["missing_price_reason"] == reason
    assert {bar[name] for name in bar if name.endswith(("_price", "_shares"))} == {None}


def test_a_row_without_a_close_has_no_price():
    answer = sample("0700.HK.json")
    quote_of(answer)["close"][0] = None
    bar = read(answer)["daily_bars"][0]
    assert (bar["missing_price_reason"], bar["open_price"]) == ("no_data", None)


@pytest.mark.parametrize(("volume", "high"), [(5, 419.79998779296875), (0, 420.0), (None, 420.0)])
def test_only_zero_volume_and_equal_prices_together_make_a_missing_session(volume, high):
    answer = sample("0700.HK.json")
    quote_of(answer)["volume"][1] = volume
    quote_of(answer)["high"][1] = high
    bar = read(answer)["daily_bars"][1]
    assert (bar["missing_price_reason"], bar["close_price"]) == (None, 419.8)
    assert bar["volume_shares"] == volume


def test_fx_bars_keep_flat_prices_have_no_volume_and_take_the_london_date():
    bars = read(sample("HKD=X.json"), "HKD=X.json")["daily_bars"]
    assert [bar["trade_date"] for bar in bars] == [
        dt.date(2024, 6, 3),
        dt.date(2024, 6, 4),
        dt.date(2024, 12, 2),
    ]
    assert [bar["close_price"] for bar in bars] == [7.8123, 7.81, 7.78]
    assert {bar["volume_shares"] for bar in bars} == {None}
    assert {bar["exchange_calendar"] for bar in bars} == {"WEEKDAY"}


@pytest.mark.parametrize(
    ("volumes", "reason"), [([0, 0, 0, 0], None), ([7, 0, 0, 9], "flat_bar_without_volume")]
)
def test_a_flat_index_bar_is_missing_only_where_the_index_has_volumes(volumes, reason):
    answer = sample("0700.HK.json")
    result_of(answer)["meta"]["symbol"] = "^HSI"
    quote_of(answer)["volume"] = volumes
    bar = read(answer, "^HSI.json")["daily_bars"][1]
    assert bar["missing_price_reason"] == reason


def test_new_york_dates_hold_across_daylight_saving_and_adjusted_close_may_be_absent():
    bars = read(sample("KWEB.json"), "KWEB.json")["daily_bars"]
    assert [bar["trade_date"] for bar in bars] == [dt.date(2024, 3, 8), dt.date(2024, 3, 11)]
    assert [bar["adjusted_close_price"] for bar in bars] == [None, None]
    assert {bar["exchange_calendar"] for bar in bars} == {"XNYS"}


def test_a_shanghai_share_is_read_in_cny_on_its_own_calendar():
    answer = {
        "chart": {
            "result": [
                {
                    "meta": {
                        "currency": "CNY",
                        "symbol": "688981.SS",
                        "exchangeName": "SHH",
                        "instrumentType": "EQUITY",
                        "gmtoffset": 28800,
                        "exchangeTimezoneName": "Asia/Shanghai",
                    },
                    "timestamp": [1735781400, 1735867800],
                    "indicators": {
                        "quote": [
                            {
                                "open": [94.5, 91.0],
                                "high": [95.0, 92.18000030517578],
                                "low": [90.01000213623047, 89.5],
                                "close": [91.0, 90.0],
                                "volume": [72300000, 55000000],
                            }
                        ],
                        "adjclose": [{"adjclose": [91.0, 90.0]}],
                    },
                }
            ],
            "error": None,
        }
    }
    bars = read(answer, "688981.SS.json")["daily_bars"]
    assert [bar["trade_date"] for bar in bars] == [dt.date(2025, 1, 2), dt.date(2025, 1, 3)]
    assert {(bar["exchange_calendar"], bar["currency"]) for bar in bars} == {("XSHG", "CNY")}
    assert (bars[0]["low_price"], bars[1]["high_price"]) == (90.01, 92.18)


def test_the_offset_serves_where_the_zone_is_unknown():
    answer = sample("0700.HK.json")
    result_of(answer)["meta"]["exchangeTimezoneName"] = "Asia/Nowhere"
    assert read(answer)["daily_bars"][0]["trade_date"] == dt.date(2024, 12, 23)


@pytest.mark.parametrize(
    ("exchange", "calendar"),
    [("HKG", "XHKG"), ("SHH", "XSHG"), ("CCY", "WEEKDAY"), ("PCX", "XNYS"), (None, "XNYS")],
)
def test_the_exchange_decides_the_calendar_of_a_symbol_that_is_not_listed(exchange, calendar):
    answer = sample("KWEB.json")
    result_of(answer)["meta"].update(symbol="NEW", exchangeName=exchange)
    assert read(answer, "NEW.json")["daily_bars"][0]["exchange_calendar"] == calendar


def test_dividends_and_splits_become_actions_and_capital_gains_do_not():
    assert read(sample("0700.HK.json"))["corporate_actions"] == [
        {
            "ex_date": dt.date(2024, 12, 23),
            "symbol": "0700.HK",
            "action_type": "dividend",
            "currency": "HKD",
            "dividend_amount": 4.5,
            "split_ratio": None,
        },
        {
            "ex_date": dt.date(2024, 12, 30),
            "symbol": "0700.HK",
            "action_type": "split",
            "currency": "HKD",
            "dividend_amount": None,
            "split_ratio": 5.0,
        },
    ]


def test_ordinary_and_special_dividend_of_one_day_are_added_and_may_name_their_currency():
    answer = sample("0700.HK.json")
    result_of(answer)["events"]["dividends"] = {
        "1734917400": {"amount": 4.5, "date": 1734917400, "currency": "CNY"},
        "1734917401": {"amount": 0.25, "date": 1734917401, "currency": "CNY"},
    }
    dividend = read(answer)["corporate_actions"][0]
    assert (dividend["dividend_amount"], dividend["currency"]) == (4.75, "CNY")


def test_an_answer_without_data_gives_two_empty_tables():
    tables = parse(payload((SAMPLES / "no_data.json").read_bytes()))
    assert {name: table.num_rows for name, table in tables.items()} == {
        "daily_bars": 0,
        "corporate_actions": 0,
    }
    assert all(table.schema == TABLES[name].schema for name, table in tables.items())


def live(stamp: int) -> dict[str, Any]:
    """Return the sample with a fifth element of the same day as the fourth, stamped itself."""
    answer = sample("0700.HK.json")
    result = result_of(answer)
    result["timestamp"].append(stamp)
    result["meta"]["regularMarketTime"] = stamp
    for column, values in quote_of(answer).items():
        values.append(99 if column == "volume" else 423.0)
    result["indicators"]["adjclose"][0]["adjclose"].append(423.0)
    return answer


def test_the_last_of_two_bars_of_a_closed_session_is_kept():
    bars = read(live(1735546091))["daily_bars"]
    assert len(bars) == 4
    assert (bars[-1]["trade_date"], bars[-1]["close_price"]) == (dt.date(2024, 12, 30), 423.0)


def test_a_session_that_is_still_running_is_left_out():
    bars = read(live(1735528200))["daily_bars"]
    assert [bar["trade_date"].day for bar in bars] == [23, 24, 27]


@given(st.integers(min_value=1, max_value=9_999_999))
def test_trap_12_healing_undoes_the_32_bit_float_for_every_price_of_seven_digits(thousandths):
    import numpy as np

    price = thousandths / 1000
    assert heal(float(np.float32(price))) == price
    assert heal(round(float(np.float32(price)), 6)) == price
    assert heal(price) == price


@given(st.floats(min_value=-1e300, max_value=1e300))
def test_healing_moves_no_price_by_more_than_a_32_bit_step(price):
    assert abs(heal(price) - price) <= max(1.1e-6, abs(price) * 1e-7)
