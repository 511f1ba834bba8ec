WITH placed AS (
    SELECT
        *,
        100 * cume_dist() OVER (PARTITION BY subject_id ORDER BY pe_ttm) AS pe_percentile_lake,
        count(*) OVER (PARTITION BY subject_id) AS pe_observations,
        min(trade_date) OVER (PARTITION BY subject_id) AS pe_first_date
    FROM mart_valuations_daily
    WHERE pe_ttm IS NOT NULL
),
now AS (
    SELECT * FROM mart_valuations_daily
    WHERE trade_date = (SELECT max(trade_date) FROM mart_valuations_daily WHERE pe_ttm IS NOT NULL)
    AND subject_kind IN ('index', 'security')
)
SELECT
    now.trade_date,
    now.subject_id,
    now.subject_kind,
    coalesce(security.name_en, owner.index_name, now.subject_id) AS subject_name,
    now.pe_ttm,
    now.pe_percentile_3y,
    now.pe_percentile_5y,
    now.pe_percentile_10y,
    placed.pe_percentile_lake,
    placed.pe_observations,
    placed.pe_first_date,
    now.pb,
    now.dividend_yield_pct,
    now.erp_us10y_pct,
    now.recovery_from_intraday_low_pct,
    now.intraday_low_date,
    now.drawdown_close_pct
FROM now
LEFT JOIN placed USING (trade_date, subject_id)
LEFT JOIN dim_security AS security ON security.security_code = now.subject_id
LEFT JOIN fct_index_valuations_daily AS owner
    ON owner.index_symbol = now.subject_id AND owner.trade_date = now.trade_date
WHERE owner.index_name IS NOT NULL OR security.listing_kind = 'stock'
ORDER BY now.subject_kind, now.subject_id
