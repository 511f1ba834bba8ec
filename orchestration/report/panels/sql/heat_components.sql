SELECT
    trade_date,
    component,
    raw_value,
    raw_unit,
    is_inverted,
    percentile_score,
    weight,
    contribution,
    observation_count,
    score_missing_reason
FROM mart_sentiment_components
WHERE trade_date = (SELECT max(trade_date) FROM mart_sentiment_components)
ORDER BY contribution DESC NULLS LAST, component
