SELECT
    own.trade_date,
    own.security_code,
    coalesce(security.name_en, own.security_code) AS security_name,
    own.rsi14_wilder,
    own.momentum_state,
    own.is_rsi_warm,
    own.short_turnover_ratio_pct,
    own.short_ratio_mean_20_pct,
    own.short_ratio_z20,
    own.days_to_cover
FROM mart_sentiment_security AS own
INNER JOIN dim_security AS security USING (security_code)
WHERE own.trade_date = (SELECT max(trade_date) FROM mart_sentiment_security)
AND security.listing_kind = 'stock'
ORDER BY own.rsi14_wilder DESC NULLS LAST, own.security_code
