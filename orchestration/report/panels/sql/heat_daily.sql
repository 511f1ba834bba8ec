SELECT
    trade_date,
    composite_score,
    composite_band,
    component_count,
    score_missing_reason,
    score_minus_may_2024_peak,
    score_minus_oct_2024_peak,
    hstech_rsi14_wilder,
    short_turnover_ratio_market_pct,
    weights_version
FROM mart_sentiment_daily
ORDER BY trade_date DESC
LIMIT 1250
