"""The sentence of each panel says what the rows say, and says so when they say nothing."""

import pytest

from orchestration.report.panels import buying, claimed, dear, overheated, trusted
from tests.report import tiny

DAY = (
    "On 18 February 2025 mainland investors sold HKD 253.2 million more in Hong Kong than they "
    "bought."
)
SUMS = "net purchases of HKD 13.87 billion in February so far and net sales of HKD 12.08 billion"


def headline(module, folder, marts):
    return module.panel(tiny.snapshot(folder, marts)).headline


def southbound(daily=tiny.DAILY, monthly=tiny.MONTHLY, **others):
    return {"fct_southbound_daily": daily, "fct_southbound_monthly": monthly, **others}


def test_buying_tells_day_month_and_year_apart_by_sign(tmp_path):
    said = headline(buying, tmp_path, southbound())
    assert said == f"{DAY} The sums are {SUMS} in 2025 to date."


def test_buying_adds_sums_of_one_sign_in_one_sentence(tmp_path):
    said = headline(buying, tmp_path, southbound(tiny.DAILY.replace("-12083.91", "12083.91")))
    assert "Net purchases come to HKD 13.87 billion in February so far and HKD 12.08 b" in said


def test_buying_gives_no_sum_over_missing_sessions(tmp_path):
    daily = tiny.DAILY.replace("-12083.91, true", "-12083.91, false")
    said = headline(buying, tmp_path, southbound(daily))
    assert "No sum is given for 2025 to date: sessions are missing." in said
    assert "12.08" not in said


def test_buying_says_a_record_only_of_a_whole_month(tmp_path):
    whole = tiny.MONTHLY.replace("10, 18, false, NULL", "18, 18, true, 14")
    said = headline(buying, tmp_path / "whole", southbound(monthly=whole))
    assert "HKD 13.87 billion in February and" in said
    assert "February is the highest of the last 14 months." in said
    part = tiny.MONTHLY.replace("10, 18, false, NULL", "10, 18, false, 14")
    assert "highest" not in headline(buying, tmp_path / "part", southbound(monthly=part))


def test_buying_adds_the_funds_of_the_newest_whole_week_only(tmp_path):
    weeks = """SELECT * FROM (VALUES
        (DATE '2025-02-10', DATE '2025-02-14', 'KWEB', 30e6, 0.4, 7e9, true, true),
        (DATE '2025-02-10', DATE '2025-02-14', 'FXI', -50e6, -0.7, 6e9, true, false),
        (DATE '2025-02-17', DATE '2025-02-21', 'KWEB', 900e6, 9.9, 7e9, false, true)
    ) AS t (week_start, week_end, fund_symbol, flow_usd, flow_pct_aum, aum_end_usd, is_complete,
        is_inferred_shares)"""
    said = headline(buying, tmp_path, southbound(fct_etf_flow_weekly=weeks))
    assert "In the week to 14 February 2025 the funds FXI and KWEB lost USD 20.0 million." in said


def test_buying_keeps_flow_and_change_of_value_in_two_figures(market):
    titles = {figure.key: figure for figure in buying.panel(market).figures}
    flow, value = titles["buying-flow"], titles["buying-value"]
    assert "estimated flow" in flow.title and "holding value" in value.title
    assert flow.charts[0].rows == value.charts[0].rows
    assert flow.charts[0].fields != value.charts[0].fields


VALUATION = """SELECT (DATE '2025-02-17' + n::INT) AS trade_date,
    id AS subject_id, 'index' AS subject_kind,
    10.0 + n AS pe_ttm, -0.5 AS erp_us10y_pct, 2.0 AS dividend_yield_pct, 1.0 AS pb,
    NULL::DOUBLE AS pe_percentile_3y, {five} AS pe_percentile_5y, NULL::DOUBLE AS pe_percentile_10y,
    61.53 AS recovery_from_intraday_low_pct, DATE '2024-07-31' AS intraday_low_date,
    -1.5 AS drawdown_close_pct
    FROM range(0, 4) AS t (n), (VALUES ('^HSI'), ('HSTECH.HK')) AS i (id)"""


def valuation(five):
    tables = ("dim_security", "fct_index_valuations_daily")
    marts = {name: tiny.MARKET[name] for name in tables}
    return {"mart_valuations_daily": VALUATION.format(five=five), **marts}


def test_dear_names_the_window_of_its_percentile(tmp_path):
    assert headline(dear, tmp_path, valuation("12.4")) == (
        "At 13.0 times earnings the Hang Seng Index is near the bottom of its range: 12 % of the "
        "last 5 years was as low or lower. Its earnings yield 0.50 percentage points less than a "
        "10-year US Treasury. It stands 61.5 % above its low of 31 July 2024."
    )


def test_dear_does_not_call_a_short_past_a_percentile_of_years(tmp_path):
    said = headline(dear, tmp_path, valuation("NULL::DOUBLE"))
    assert "as low or lower on 100 % of the 4 sessions held since 17 February 2025" in said
    assert "too short a past to call it dear or cheap" in said


def test_overheated_names_scale_band_components_and_stretched_stocks(market):
    said = overheated.panel(market).headline
    assert "on a scale from 0 (fear) to 100 (greed): neutral, by 2 of 3 components." in said
    assert "which is called overbought" in said
    assert said.endswith(
        "Of 14 stocks followed, 1 is overbought (Company number 14) and none oversold."
    )


def test_overheated_says_why_there_is_no_score(tmp_path):
    daily = (
        tiny.MARKET["mart_sentiment_daily"]
        .replace("50 + 30 * sin(n / 15.0) AS", "NULL::DOUBLE AS")
        .replace("NULL::VARCHAR AS", "'fewer_than_5_components' AS")
    )
    said = headline(overheated, tmp_path, {"mart_sentiment_daily": daily})
    assert "no score on 28 February 2025 (fewer than 5 components)" in said


def test_claimed_counts_verdicts_and_what_cannot_be_checked(market):
    assert claimed.panel(market).headline == (
        "Of 3 claims, 1 seems to have a wrong unit and 1 is confirmed; 1 cannot be "
        "checked with what the lake holds."
    )


def test_claimed_shows_the_kind_of_error_and_the_suggested_reading(market):
    checked, not_checkable = claimed.panel(market).grids
    first = checked.rows[0]
    assert (first["claim_id"], first["verdict"]) == ("C02", "unit error suspected")
    assert (first["remarks"], first["meant"]) == ("scale 1e3", "253 HKD mn")
    assert first["evidence"] == "253.2 HKD mn, official"
    assert [row["claim_id"] for row in not_checkable.rows] == ["C03"]


@pytest.mark.parametrize(
    ("module", "table"),
    [
        (buying, "fct_southbound_daily"),
        (dear, "mart_valuations_daily"),
        (overheated, "mart_sentiment_daily"),
        (claimed, "mart_claim_verification"),
    ],
)
def test_a_panel_without_its_table_says_which(module, table, tmp_path):
    panel = module.panel(tiny.snapshot(tmp_path, {"dim_other": "SELECT 1 AS x"}))
    assert f"This snapshot has no table {table}." in panel.headline
    assert all(figure.reason and not figure.charts for figure in panel.figures)


def test_a_panel_whose_table_is_empty_says_so(tmp_path):
    said = headline(buying, tmp_path, southbound(tiny.DAILY + " WHERE false"))
    assert "Table fct_southbound_daily has no rows." in said


def test_a_panel_over_an_older_table_says_what_does_not_fit(tmp_path):
    daily = tiny.DAILY.replace("net_buy_ytd_hkd_mn", "net_buy_year_hkd_mn")
    said = headline(buying, tmp_path, southbound(daily))
    assert "do not fit the query" in said and "net_buy_ytd_hkd_mn" in said


def test_trusted_calls_invented_figures_invented(market):
    said = trusted.panel(market).headline
    assert "every figure here is invented by the sandbox" in said
    assert "99.5 % of 200 comparisons" in said
