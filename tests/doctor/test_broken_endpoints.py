"""Each way an endpoint can break ends in one finding of its own, while others stay fine."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from orchestration.doctor import Verdict
from tests.doctor.endpoints import (
    ADDRESSES,
    BULLETIN_FX,
    BULLETIN_HIBOR,
    CALENDAR,
    CCASS,
    CHART,
    CSOP,
    HOLDINGS,
    HSCEI,
    HSI,
    HSTECH,
    ISHARES,
    LIQUIDITY,
    PREMIUM,
    QUOTES,
    RATES,
    SHEET,
    SHORTS,
    STOCK_CONNECT,
    VENDOR_DAILY,
    VENDOR_HOLDINGS,
    asked_with,
)
from tests.doctor.faults import HTML, all_dashes, changing, cut, recoded, with_body, with_status

TYPHOON = (
    r'(?s)(name = "quotations">QUOTATIONS</a>\r\n).*?(\r\n-{70})',
    r"\1 NO TRADING DUE TO TYPHOON\2",
)
AS_OF_AND_MORE = r'As Of\1\n<ss:Cell><ss:Data ss:Type="String">Yield</ss:Data></ss:Cell>'
BROKEN = [
    *[
        (endpoint, fault, breaks, verdict, problem)
        for endpoint in ADDRESSES
        for fault, breaks, verdict, problem in [
            ("404", with_status(404), Verdict.NO_FILE, "HTTP 404"),
            ("429", with_status(429), Verdict.UNREACHABLE, "HTTP 429"),
            ("maintenance page", lambda _: HTML, Verdict.UNREADABLE, ""),
            ("empty body", with_body(b""), Verdict.UNREADABLE, ""),
        ]
    ],
    *[
        (endpoint, fault, breaks, Verdict.UNREACHABLE, problem)
        for endpoint in (HOLDINGS, CCASS)  # a plain file, and a form with its page
        for fault, breaks, problem in [
            ("403", with_status(403), "HTTP 403; check access rights"),
            ("503", with_status(503), "HTTP 503"),
            ("dropped", lambda _: None, "broke off|dropped"),
        ]
    ],
    *[(endpoint, "truncated", cut(0.5), Verdict.UNREADABLE, "") for endpoint in ADDRESSES],
    *[
        (endpoint, "cut in transit", cut(0.5, announced=1), Verdict.UNREACHABLE, "broke off")
        for endpoint in ADDRESSES
    ],
    (
        STOCK_CONNECT,
        "yesterday's date",
        changing("2025-02-19", "2025-02-18"),
        Verdict.UNREADABLE,
        "2025-02-18",
    ),
    (
        STOCK_CONNECT,
        "unknown column",
        changing("Buy Turnover", "Bid Turnover"),
        Verdict.COLUMNS_CHANGED,
        "'Bid Turnover'",
    ),
    (STOCK_CONNECT, "empty list", with_body("tabData = [];"), Verdict.UNREADABLE, "missing"),
    (STOCK_CONNECT, "all dashes", all_dashes, Verdict.NO_ROWS, "expected some of 2025-02-19"),
    (SHEET, "typhoon text", changing(*TYPHOON), Verdict.NO_ROWS, "holds no rows"),
    (
        SHEET,
        "yesterday's date",
        changing("18 FEB 2025", "17 FEB 2025"),
        Verdict.UNREADABLE,
        "17 FEB 2025",
    ),
    (
        CHART,
        "unknown column",
        changing('"volume"', '"lots"', 1),
        Verdict.COLUMNS_CHANGED,
        "column 'lots'",
    ),
    (
        CHART,
        "error answer",
        with_body('{"chart":{"result":null,"error":{"code":"Not Found","description":"gone"}}}'),
        Verdict.UNREADABLE,
        "'Not Found'",
    ),
    (HOLDINGS, "unknown column", changing("Ticker", "Symbol"), Verdict.COLUMNS_CHANGED, "'Symbol'"),
    (
        HOLDINGS,
        "missing column",
        changing("Ticker,", ""),
        Verdict.COLUMNS_CHANGED,
        "missing column 'Ticker'",
    ),
    (
        HOLDINGS,
        "other date",
        changing("As of 2025-02-18", "As of 2025-02-14"),
        Verdict.UNREADABLE,
        "2025-02-14",
    ),
    (PREMIUM, "empty list", with_body("[]"), Verdict.NO_ROWS, "expected some of 2025-02-18"),
    (
        RATES,
        "unknown column",
        changing("DEXHKUS", "RENAMED"),
        Verdict.COLUMNS_CHANGED,
        "'RENAMED'",
    ),
    (RATES, "only dots", changing(r",[0-9.]*\n", ",.\n"), Verdict.NO_ROWS, "holds no rows"),
    (
        CCASS,
        "unknown column",
        changing('column-class="col-shareholding"', 'column-class="col-units"'),
        Verdict.COLUMNS_CHANGED,
        "col-units",
    ),
    (
        CCASS,
        "later heading",
        changing(r"[0-9]{4}/[0-9]{2}/[0-9]{2}", "2025/02/19"),
        Verdict.UNREADABLE,
        "later than the asked",
    ),
    (
        CCASS,
        "missing viewstate",
        changing('"__VIEWSTATE"', '"__LOST"'),
        Verdict.UNREADABLE,
        "",
    ),
    (SHORTS, "missing column", changing("Stock Name,", ""), Verdict.COLUMNS_CHANGED, "Stock Name"),
    (
        SHORTS,
        "scientific notation",
        changing(",744906419,", ",7.45E+08,"),
        Verdict.UNREADABLE,
        "scientific notation",
    ),
    (SHORTS, "header alone", changing(r"(?s)\n.*", "\n"), Verdict.UNREADABLE, "no positions"),
    (
        CALENDAR,
        "unknown column",
        changing("Northbound Trading", "Night Trading"),
        Verdict.COLUMNS_CHANGED,
        "'Night Trading'",
    ),
    (CALENDAR, "lost weekday", changing(r"2025-03-04[^\n]*\n", ""), Verdict.UNREADABLE, "lacks"),
    (
        VENDOR_DAILY,
        "busy",
        with_body('{"result":null,"success":false,"message":"busy","code":9701}'),
        Verdict.UNREADABLE,
        "busy",
    ),
    (
        VENDOR_DAILY,
        "success=false",
        changing('"success":true', '"success":false'),
        Verdict.UNREADABLE,
        "refuses",
    ),
    (
        VENDOR_HOLDINGS,
        "null result",
        with_body('{"result":null,"success":false,"message":"empty","code":9201}'),
        Verdict.NO_ROWS,
        "holds no rows",
    ),
    (
        VENDOR_HOLDINGS,
        "unknown field",
        changing('"HOLD_SHARES"', '"SHARES_HELD"'),
        Verdict.COLUMNS_CHANGED,
        "'SHARES_HELD'",
    ),
    (
        VENDOR_DAILY,
        "last page short",
        changing('"count":5', '"count":6'),
        Verdict.UNREADABLE,
        "instead of 6",
    ),
    (
        ISHARES,
        "extra column",
        changing("(?s)As Of(.*?</ss:Cell>)", AS_OF_AND_MORE),
        Verdict.COLUMNS_CHANGED,
        "'Yield'",
    ),
    (ISHARES, "lost sheet", changing('"Historical"', '"History"'), Verdict.UNREADABLE, "no sheet"),
    (CSOP, "lost counter", changing('"3033 HK"', '"3033"'), Verdict.UNREADABLE, "instead of 1"),
    (CSOP, "empty list", with_body("[]"), Verdict.UNREADABLE, "instead of 1"),
    (
        HSTECH,
        "unknown column",
        changing("Index Close", "Index Level", encoding="utf-16-le"),
        Verdict.COLUMNS_CHANGED,
        "'Index Level'",
    ),
    (HSI, "UTF-8", recoded, Verdict.UNREADABLE, "byte order mark"),
    (
        HSCEI,
        "other date",
        changing("20250218|2025-02-18|18/02/2025", "", encoding="utf-16-le"),
        Verdict.UNREADABLE,
        "asked was 2025-02-18",
    ),
    (QUOTES, "77 fields", changing("~HKD~1~50", "~HKD~1"), Verdict.UNREADABLE, "instead of 78"),
    (QUOTES, "no match", with_body('v_pv_none_match="1";'), Verdict.NO_ROWS, "holds no rows"),
    *[
        (
            endpoint,
            "success=false",
            with_body('{"header":{"success":false,"err_code":"9999","err_msg":"down"}}'),
            Verdict.UNREADABLE,
            "refuses",
        )
        for endpoint in (BULLETIN_FX, BULLETIN_HIBOR, LIQUIDITY)
    ],
    (
        LIQUIDITY,
        "stale month",
        with_body(
            '{"header":{"success":true,"err_code":"0000","err_msg":"No error found"},"result":'
            '{"datasize":1,"records":[{"end_of_date":"2025-02-10","disc_win_base_rate":4.75,'
            '"hibor_overnight":3.9,"hibor_fixing_1m":3.8}]}}'
        ),
        Verdict.LATE,
        "ends with 2025-02-10, expected 2025-02-19 or later",
    ),
    (
        BULLETIN_HIBOR,
        "unknown field",
        changing('"ir_3m"', '"ir_3_months"'),
        Verdict.COLUMNS_CHANGED,
        "'ir_3m'",
    ),
    (
        BULLETIN_FX,
        "empty month",
        with_body(
            '{"header":{"success":true,"err_code":"0000","err_msg":""},'
            '"result":{"datasize":0,"records":[]}}'
        ),
        Verdict.NO_ROWS,
        "holds no rows",
    ),
]


def name_of(case) -> str:
    return f"{case[0].split('/')[0]}-{case[1]}" if isinstance(case, tuple) else str(case)


def assert_only(endpoint, findings, verdict, problem=""):
    """One endpoint has this finding; every other one that was asked is fine."""
    names = asked_with(endpoint)
    asked = {each for each in ADDRESSES if not names or each.split("/")[0] in names}
    assert findings.keys() == asked
    broken = findings.pop(endpoint)
    assert broken.verdict is verdict, broken.problem
    assert re.search(problem, broken.problem)
    assert {item.problem for item in findings.values()} == {""}
    assert all(item.is_fine for item in findings.values())


@pytest.mark.parametrize("case", BROKEN, ids=name_of)
def test_a_broken_endpoint_is_found_and_others_stay_fine(case, faulty, findings):
    endpoint, _, faulty.breaks, verdict, problem = case
    faulty.where = ADDRESSES[endpoint]
    found = findings(*asked_with(endpoint))
    broken = found[endpoint]
    is_file = verdict not in (Verdict.NO_FILE, Verdict.UNREACHABLE)
    assert broken.is_reachable is is_file
    has_format = verdict in (Verdict.NO_ROWS, Verdict.LATE) if is_file else None
    assert broken.is_as_expected is has_format
    assert_only(endpoint, found, verdict, problem)


STALE = [
    (CHART, ("period2=[0-9]+", "period2=1739836800"), dt.date(2025, 2, 17)),
    (PREMIUM, ("end=2025-02-18", "end=2025-02-14"), dt.date(2025, 2, 14)),
    (RATES, ("coed=2025-02-17", "coed=2025-02-09"), dt.date(2025, 2, 7)),
    (CCASS, ("2025%2F02%2F18", "2025%2F02%2F17"), dt.date(2025, 2, 17)),
    (VENDOR_DAILY, ("2025-02-18", "2025-02-17"), dt.date(2025, 2, 17)),
    (ISHARES, ("asOfDate=20250218", "asOfDate=20250214"), dt.date(2025, 2, 14)),
    (CSOP, ("2025-02-18", "2025-02-17"), dt.date(2025, 2, 17)),
    (QUOTES, ("r=20250219", "r=20250218"), dt.date(2025, 2, 18)),
]


@pytest.mark.parametrize(("endpoint", "rewrite", "newest"), STALE, ids=lambda x: str(x)[:24])
def test_a_publisher_that_stopped_is_older_than_expected(
    endpoint, rewrite, newest, faulty, findings
):
    faulty.where = ADDRESSES[endpoint]
    faulty.asks = lambda text: re.sub(*rewrite, text)
    found = findings(*asked_with(endpoint))
    assert found[endpoint].newest == newest
    assert found[endpoint].is_as_expected
    assert_only(endpoint, found, Verdict.LATE, f"{newest:%Y}-.* or later")


HARMLESS = [
    (CALENDAR, "preamble", changing(r"\A\ufeff", "Stock Connect,,,,,\r\n")),
    (CCASS, "empty percentage", changing(r"[0-9.]+%", "", 1)),
    (SHORTS, "byte order mark", changing(r"\ADate", "\ufeffDate")),
    (SHORTS, "n.a.", changing(r",[0-9]+\n\Z", ",n.a.\n")),
    (RATES, "a dot", changing(r",[0-9.]*\n", ",.\n", 1)),
    (CHART, "null bar", changing(r'"open":\[[0-9.]+', '"open":[null')),
    (
        VENDOR_DAILY,
        "JSONP",
        lambda healthy: replace(healthy, body=b"jQuery1(" + healthy.body + b");"),
    ),
    (
        VENDOR_HOLDINGS,
        "null money",
        changing(r'"ADD_MARKET_CAP":[-0-9.]+', '"ADD_MARKET_CAP":null'),
    ),
]


@pytest.mark.parametrize("case", HARMLESS, ids=name_of)
def test_what_a_publisher_does_on_a_good_day_is_no_finding(case, faulty, findings):
    endpoint, _, faulty.breaks = case
    faulty.where = ADDRESSES[endpoint]
    assert all(item.is_fine for item in findings(*asked_with(endpoint)).values())
