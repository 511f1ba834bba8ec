"""Hang Seng Indexes' bulletin: what is asked, how it is read, which bytes are refused."""

import datetime as dt
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_lake.tables.index_valuations import INDEX_VALUATIONS
from orchestration import calendar
from orchestration.sandbox import hsi_bulletin as sandbox
from orchestration.sandbox.index_levels import PAYOUT_RATIO
from orchestration.sandbox.market import Market
from orchestration.sources.base import ParseError, Payload, Request
from orchestration.sources.hsi_bulletin import COLUMNS, SOURCE, parse, requests

DAY = dt.date(2025, 2, 3)
KEY = "hsi.2025-02-03.csv"
BODY = (Path(__file__).parents[1] / "samples" / "hsi_bulletin" / KEY).read_bytes()
TEXT = BODY.decode("utf-16")
BOM = "\ufeff"


def payload(body: bytes, key: str = KEY, day: dt.date = DAY) -> Payload:
    request = Request(SOURCE.name, key, "https://example.test/", day, day)
    return Payload(request, body, 200, {}, dt.datetime(2025, 2, 4, tzinfo=dt.UTC), False)


def read(text: str, key: str = KEY) -> list[dict]:
    body = (BOM + text).encode("utf-16-le")
    return parse(payload(body, key))["index_valuations"].to_pylist()


def test_trap_15_the_day_in_the_address_has_no_leading_zero():
    asked = requests([DAY, dt.date(2025, 2, 18)])
    assert [request.key for request in asked[:3]] == [
        KEY,
        "hscei.2025-02-03.csv",
        "hstech.2025-02-03.csv",
    ]
    assert asked[0].url.endswith("/report/hsi/idx_3Feb25.csv")
    assert asked[5].url.endswith("/report/hstech/idx_18Feb25.csv")
    assert requests([]) == []


def test_trap_15_the_csv_is_utf_16_of_tabs_with_two_header_lines():
    assert BODY.startswith(b"\xff\xfe")
    assert TEXT.count("\t") == 12 * 5
    (row,) = parse(payload(BODY))["index_valuations"].to_pylist()
    assert row == {
        "trade_date": DAY,
        "index_symbol": "^HSI",
        "index_name": "Hang Seng Index",
        "currency": "HKD",
        "close_level": 20217.26,
        "high_level": 20310.5,
        "low_level": 19764.25,
        "point_change": -7.85,
        "change_pct": -0.04,
        "dividend_yield_pct": 3.73,
        "pe_ratio": 10.05,
        "index_turnover_mn": 69512.4,
    }


def test_big_endian_bytes_and_bare_line_feeds_change_nothing():
    big = parse(payload((BOM + TEXT).encode("utf-16-be")))["index_valuations"].to_pylist()
    assert big == read(TEXT) == read(TEXT.replace("\r\n", "\n"))


def test_columns_are_found_by_name_and_the_header_lines_may_change_places():
    lines = TEXT.splitlines()
    moved = ["\t".join(line.split("\t")[::-1]) for line in lines]
    assert read("\n".join([lines[1], lines[0], *lines[2:]])) == read(TEXT)
    with pytest.raises(ParseError, match="begin with 'Trade Date'"):
        read("\n".join(moved))  # the date leads, else the English line cannot be told
    swapped = [line.split("\t") for line in lines]
    swapped = [
        "\t".join([*cells[:5], cells[9], *cells[6:9], cells[5], *cells[10:]]) for cells in swapped
    ]
    assert read("\n".join(swapped)) == read(TEXT)


def test_the_older_name_of_a_column_is_known():
    assert read(TEXT.replace("PE Ratio (times)", "PE Ratio")) == read(TEXT)


def test_sub_indices_and_the_index_in_usd_are_left_out():
    assert TEXT.count("Hang Seng Index 恒生指數") == 2
    assert len(read(TEXT)) == 1


@pytest.mark.parametrize("none", ["-", "", "--"])
def test_a_ratio_that_is_not_given_is_null(none):
    (row,) = read(TEXT.replace('"3.73"\t"10.05"', f'"{none}"\t"{none}"'))
    assert (row["dividend_yield_pct"], row["pe_ratio"]) == (None, None)


def test_a_row_of_dashes_is_no_row():
    lines = TEXT.splitlines()
    cells = lines[2].split("\t")
    lines[2] = "\t".join([*cells[:3], *['"-"'] * 8, *cells[11:]])
    assert read("\n".join(lines)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Index Close", "Close", "unknown column 'Close'"),
        ('\t"% Change"', "", "missing column '% Change'"),
        ("Daily Low", "Daily High", "missing column 'Daily Low'"),
        ("Trade Date", "Date", "begin with 'Trade Date'"),
        ("20250203", "20250130", "Trade Date: is '20250130', asked was 2025-02-03"),
        ("20250203", "3 Feb 2025", "Trade Date: is '3 Feb 2025'"),
        ("20,217.26", "20.217,26", "Index Close: is '20.217,26'"),
        ("20,217.26", "-", "Index Close: is '-', a number is expected"),
        ('"10.05"', '"n.a."', "PE Ratio .times.: is 'n.a.'"),
        ("Hang Seng Index", "Hang Seng Composite", "'Hang Seng Index' in HKD comes 0 times"),
        ('"USD"', '"HKD"', "comes 2 times"),
        ('\t"1.0000"', "", "line 3: has 12 cells instead of 13"),
        ('"HKD"', '"HK"D', "is not UTF-16 text of tabs"),
    ],
)
def test_a_deviation_from_the_format_is_named(old, new, message):
    assert old in TEXT
    with pytest.raises(ParseError, match=message):
        read(TEXT.replace(old, new))


@pytest.mark.parametrize(
    ("body", "key", "message"),
    [
        (b"<!DOCTYPE html><html></html>", KEY, "no UTF-16 byte order mark"),
        (TEXT.encode(), KEY, "no UTF-16 byte order mark"),
        (b"", KEY, "no UTF-16 byte order mark"),
        (b"\xff\xfe", KEY, "neither or both"),
        (BODY[:-1], KEY, "is not UTF-16 text"),
        (BODY[: len(BODY) // 2 * 2 - 400], KEY, "cells instead of 13|not UTF-16 text"),
        (b"\xff\xfe\x00\xd8a\x00", KEY, "is not UTF-16 text"),
        (BODY, "hscei.2025-02-03.csv", "'Hang Seng China Enterprises Index' in HKD comes 0"),
        (BODY, "hsi.csv", "unknown key"),
    ],
)
def test_other_bytes_and_keys_are_refused(body, key, message):
    with pytest.raises(ParseError, match=message):
        parse(payload(body, key))


@given(st.binary(max_size=100), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff"]))
def test_arbitrary_bytes_raise_nothing_but_a_parse_error(body, mark):
    with pytest.raises(ParseError):
        parse(payload(mark + body))


@given(st.integers(0, len(TEXT) - 1), st.integers(0, 6), st.text(max_size=5))
def test_a_bulletin_with_a_damaged_place_is_read_or_refused(start, length, junk):
    damaged = BOM + TEXT[:start] + junk + TEXT[start + length :]
    try:
        table = parse(payload(damaged.encode("utf-16-le", "replace")))["index_valuations"]
    except ParseError:
        return
    assert table.schema == INDEX_VALUATIONS.schema
    assert table.num_rows <= 1


HUNDREDTHS = st.integers(-(10**8), 10**8).map(lambda n: n / 100)


@given(st.lists(HUNDREDTHS, min_size=8, max_size=8), st.booleans())
def test_figures_written_in_the_format_are_read_back(figures, with_commas):
    style = ",.2f" if with_commas else ".2f"
    own = ["20250203", "Hang Seng Index 恒生指數", "HKD"]
    cells = [*own, *(format(figure, style) for figure in figures), "1", "1"]
    lines = [["註"] * len(COLUMNS), list(COLUMNS), cells]
    (row,) = read("\r\n".join("\t".join(f'"{cell}"' for cell in line) for line in lines))
    names = ["high_level", "low_level", "close_level", "point_change", "change_pct"]
    names += ["dividend_yield_pct", "pe_ratio", "index_turnover_mn"]
    assert [row[name] for name in names] == [float(format(f, ".2f")) for f in figures]


@pytest.fixture(scope="module")
def market() -> Market:
    return Market()


@pytest.fixture(scope="module")
def rendered(market) -> dict[tuple[str, dt.date], dict]:
    """Return the sandbox's rows of two months, half days among them."""
    days = calendar.sessions("XHKG", dt.date(2024, 12, 16), dt.date(2025, 2, 28))
    rows = {}
    for request in requests(days):
        answer = sandbox.render(market, request)
        found = Payload(request, answer.body, 200, {}, dt.datetime.now(dt.UTC), True)
        (row,) = parse(found)["index_valuations"].to_pylist()
        rows[row["index_symbol"], row["trade_date"]] = row
    return rows


def test_the_sandboxs_levels_are_the_vendors_except_on_half_days(market, rendered):
    days = sorted({day for _, day in rendered})
    for symbol in ("^HSI", "HSTECH.HK"):
        for bar in market.bars(symbol, days[0], days[-1]):
            row = rendered[symbol, bar.day]
            is_same = (row["high_level"], row["low_level"], row["close_level"]) == (
                bar.high,
                bar.low,
                bar.close,
            )
            assert is_same == (bar.day not in calendar.half_days("XHKG"))


def test_the_sandboxs_changes_lead_from_close_to_close(rendered):
    for symbol in ("^HSI", "^HSCE", "HSTECH.HK"):
        closes = {
            day: row["close_level"] for (name, day), row in rendered.items() if name == symbol
        }
        days = sorted(closes)
        for before, day in zip(days, days[1:], strict=False):
            change = rendered[symbol, day]["point_change"]
            assert change == pytest.approx(closes[day] - closes[before], abs=0.006)
            assert 0 < abs(change) < 0.2 * closes[before]


def test_the_sandboxs_multiples_follow_the_level_and_agree_with_each_other(rendered):
    for (symbol, day), row in rendered.items():
        payout = row["dividend_yield_pct"] * row["pe_ratio"] / 100
        assert payout == pytest.approx(PAYOUT_RATIO[symbol], rel=0.02)
        other = rendered[symbol, max(d for s, d in rendered if d.month == day.month)]
        earnings, others = (r["close_level"] / r["pe_ratio"] for r in (row, other))
        assert earnings == pytest.approx(others, rel=0.002)


@pytest.mark.parametrize(
    "path",
    ["hsi/idx_29Jan25.csv", "hsi/idx_03Feb25.csv", "hsi/idx_31Feb25.csv", "dax/idx_3Feb25.csv"],
)
def test_a_closed_day_a_padded_day_and_an_unknown_family_are_404(path, market):
    address = f"https://www.hsi.com.hk/static/uploads/contents/en/indexes/report/{path}"
    assert sandbox.render(market, Request(SOURCE.name, KEY, address, DAY, DAY)).status == 404


def test_an_address_leads_back_to_the_request_and_others_lead_nowhere():
    for request in requests([DAY, dt.date(2025, 2, 18)]):
        path = urlsplit(request.url).path
        again = sandbox.route("GET", path, {}, {})
        assert (again, again.fingerprint) == (request, request.fingerprint)
        assert sandbox.route("POST", path, {}, {}) is None
        assert sandbox.route("GET", path.replace("Feb", "Fev"), {}, {}) is None
