SELECT
    trade_date,
    subject_id,
    pe_ttm,
    erp_us10y_pct,
    dividend_yield_pct
FROM mart_valuations_daily
WHERE subject_kind = 'index' AND pe_ttm IS NOT NULL
AND trade_date > (SELECT max(trade_date) FROM mart_valuations_daily) - INTERVAL 5 YEAR
ORDER BY trade_date DESC, subject_id
