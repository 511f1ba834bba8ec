"""Snapshots made by hand: a few rows a mart, or a small invented market over ten months."""

import datetime as dt
from pathlib import Path

import duckdb

from orchestration.publishing.manifest import Mart, Snapshot

SCHEMAS = {
    "fct_southbound": "inflows",
    "fct_etf": "inflows",
    "fct_index": "valuations",
    "fct_prices": "valuations",
    "fct_security": "valuations",
    "fct_short": "sentiment",
    "fct_reconciliation": "quality",
    "mart_valuations": "valuations",
    "mart_sentiment": "sentiment",
    "mart_claim": "claims",
    "dim": "core",
}

DAILY = """SELECT * FROM (VALUES
    (DATE '2025-02-17', 'ALL', 2974.60, 5000.00, 14125.04, true, -11830.75, true, 13.2),
    (DATE '2025-02-18', 'ALL', -253.16, 4200.00, 13871.89, true, -12083.91, true, 13.9),
    (DATE '2025-02-18', 'SSE', -370.79, 100.00, 100.00, true, 100.00, true, 1.0)
) AS t (trade_date, channel, net_buy_hkd_mn, net_buy_20_sessions_hkd_mn, net_buy_mtd_hkd_mn,
    is_mtd_complete, net_buy_ytd_hkd_mn, is_ytd_complete, turnover_share_hkex_pct)"""

MONTHLY = """SELECT * FROM (VALUES
    (DATE '2025-01-01', 'ALL', -25955.80, 18, 18, true, 1),
    (DATE '2025-02-01', 'ALL', 13871.89, 10, 18, false, NULL)
) AS t (month_start, channel, net_buy_hkd_mn, session_count, sessions_expected, is_complete,
    highest_in_n_months)"""


def snapshot(folder: Path, marts: dict[str, str], world: str = "sandbox") -> Snapshot:
    """Write the marts, each from its SELECT, and return the snapshot that holds them."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    with duckdb.connect(str(folder / "marts.duckdb")) as connection:
        for name, select in marts.items():
            schema = next(schema for part, schema in SCHEMAS.items() if name.startswith(part))
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            connection.execute(f"CREATE TABLE {schema}.{name} AS {select}")
            [(rows,)] = connection.execute(f"SELECT count(*) FROM {schema}.{name}").fetchall()
            status = "passed" if rows else "no_data"
            found.append(Mart(name, schema, rows, "0", status, "all expectations hold"))
    return Snapshot(
        id="20250228T120000000000Z-00000000",
        path=folder,
        created_at=dt.datetime(2025, 2, 28, 12, tzinfo=dt.UTC),
        world=world,
        replaces=None,
        marts=tuple(found),
        facts={"world": world, "code_version": "0.1.0+test"},
        files={},
    )


_SESSIONS = """(SELECT day::DATE AS day, row_number() OVER (ORDER BY day) AS n
    FROM range(DATE '2024-05-01', DATE '2025-03-01', INTERVAL 1 DAY) AS t (day)
    WHERE dayofweek(day) BETWEEN 1 AND 5)"""
_CODES = """(SELECT printf('%05d', c * 100) AS security_code, 'Company number ' || c AS name_en, c
    FROM range(1, 15) AS t (c))"""
_GRADED = """'synthetic' AS evidence_grade, true AS is_synthetic,
    TIMESTAMPTZ '2025-02-28 12:00:00+00' AS known_at"""

MARKET = {
    "fct_southbound_daily": f"""SELECT day AS trade_date, 'ALL' AS channel,
        3000 * sin(n / 7.0) AS net_buy_hkd_mn, 9000 * sin(n / 9.0) AS net_buy_20_sessions_hkd_mn,
        20000 * sin(n / 20.0) AS net_buy_mtd_hkd_mn, true AS is_mtd_complete,
        40000 * cos(n / 40.0) AS net_buy_ytd_hkd_mn, true AS is_ytd_complete,
        13.5 AS turnover_share_hkex_pct, {_GRADED} FROM {_SESSIONS}""",
    "fct_southbound_monthly": f"""SELECT date_trunc('month', day)::DATE AS month_start,
        'ALL' AS channel, sum(3000 * sin(n / 7.0)) AS net_buy_hkd_mn, count(*) AS session_count,
        count(*) AS sessions_expected, true AS is_complete, 4 AS highest_in_n_months
        FROM {_SESSIONS} GROUP BY ALL""",
    "fct_southbound_security_flow": f"""SELECT day AS trade_date, day + 2 AS holding_date,
        security_code, name_en AS security_name, 1e8 * (20 - c) AS estimated_flow_20_sessions_hkd,
        1e9 * sin(c) AS held_value_change_20_sessions_hkd, 1e11 AS held_value_hkd,
        7.5 AS held_pct_issued FROM {_SESSIONS}, {_CODES}""",
    "fct_etf_flow_weekly": f"""SELECT day AS week_start, day + 4 AS week_end, fund AS fund_symbol,
        1e8 * sin(n) AS flow_usd, sin(n) AS flow_pct_aum, 7e9 AS aum_end_usd, true AS is_complete,
        fund = 'KWEB' AS is_inferred_shares FROM {_SESSIONS}, (VALUES ('KWEB'), ('FXI')) AS f (fund)
        WHERE dayofweek(day) = 1""",
    "mart_valuations_daily": f"""SELECT day AS trade_date, id AS subject_id, kind AS subject_kind,
        10 + 3 * sin(n / 30.0 + c) AS pe_ttm, 3 + sin(n / 30.0) AS erp_us10y_pct,
        2.5 AS dividend_yield_pct, 1.2 AS pb, NULL::DOUBLE AS pe_percentile_3y,
        NULL::DOUBLE AS pe_percentile_5y, NULL::DOUBLE AS pe_percentile_10y,
        20.0 + c AS recovery_from_intraday_low_pct, DATE '2024-08-01' AS intraday_low_date,
        -3.0 AS drawdown_close_pct FROM {_SESSIONS},
        (SELECT security_code AS id, 'security' AS kind, c FROM {_CODES}
         UNION ALL VALUES ('^HSI', 'index', 0), ('HSTECH.HK', 'index', 1))""",
    "fct_index_valuations_daily": f"""SELECT day AS trade_date, '^HSI' AS index_symbol,
        'Hang Seng Index' AS index_name, {_GRADED} FROM {_SESSIONS}""",
    "dim_security": f"SELECT security_code, name_en, 'stock' AS listing_kind FROM {_CODES}",
    "mart_sentiment_daily": f"""SELECT day AS trade_date,
        50 + 30 * sin(n / 15.0) AS composite_score,
        'neutral' AS composite_band, 2 AS component_count, NULL::VARCHAR AS score_missing_reason,
        -3.0 AS score_minus_may_2024_peak, 4.0 AS score_minus_oct_2024_peak,
        50 + 25 * sin(n / 11.0) AS hstech_rsi14_wilder,
        13 + sin(n) AS short_turnover_ratio_market_pct, '2026-1' AS weights_version, {_GRADED}
        FROM {_SESSIONS}""",
    "mart_sentiment_components": """SELECT * FROM (VALUES
        (DATE '2025-02-28', 'breadth', 2.2, 'percent', false, 60.0, 0.5, 5.0, 200, NULL),
        (DATE '2025-02-28', 'turnover', 1.1, 'ratio', false, 40.0, 0.5, -5.0, 200, NULL),
        (DATE '2025-02-28', 'put_call_ratio', NULL, 'ratio', true, NULL, NULL, NULL, 0,
         'no_options_in_lake')
    ) AS t (trade_date, component, raw_value, raw_unit, is_inverted, percentile_score, weight,
        contribution, observation_count, score_missing_reason)""",
    "mart_sentiment_security": f"""SELECT DATE '2025-02-28' AS trade_date, security_code,
        30 + 3.0 * c AS rsi14_wilder, CASE WHEN c = 14 THEN 'overbought' ELSE 'neutral' END
        AS momentum_state, true AS is_rsi_warm, 12.0 AS short_turnover_ratio_pct,
        11.0 AS short_ratio_mean_20_pct, 0.5 AS short_ratio_z20, 2.0 AS days_to_cover
        FROM {_CODES}""",
    "mart_claim_verification": """SELECT * FROM (VALUES
        ('C01', 'Net buy in January reached 10 billion', 10.0, 'hkd_bn', 'confirmed', NULL, NULL,
         NULL, NULL, NULL, 10.02, 'hkd_bn', 'official', NULL),
        ('C02', 'Net buy on the day was 253 billion', 253.0, 'hkd_bn', 'unit error suspected',
         'scale_1e3', 253.0, 'hkd_mn', NULL, NULL, 253.2, 'hkd_mn', 'official', NULL),
        ('C03', 'The index doubled', 2.0, 'ratio', 'not checkable', 'no_evidence', NULL, NULL, NULL,
         NULL, NULL, NULL, 'none', 'Index levels of 2014')
    ) AS t (claim_id, statement, published_value, published_unit, verdict, reason_codes,
        suggested_value, suggested_unit, suggested_period_start, suggested_period_end,
        warehouse_value, warehouse_unit, evidence_grade, missing_evidence)""",
    "dim_session": f"""SELECT calendar, day AS trade_date FROM {_SESSIONS},
        (VALUES ('XHKG'), ('CONNECT')) AS t (calendar)""",
    "fct_reconciliation": """SELECT 'price' AS metric_id, 'hkex' AS source_a, 'yahoo' AS source_b,
        CASE WHEN n = 1 THEN 'differs' ELSE 'agrees' END AS status,
        CASE WHEN n = 1 THEN 'unknown' END AS explained_by FROM range(1, 201) AS t (n)""",
    "dim_metric": """SELECT * FROM (VALUES
        ('fct_southbound_daily', 'HKEX Stock Connect daily statistics'), (NULL, 'none')
    ) AS t (model, source)""",
}
"""An invented market in which every panel has something to draw."""
