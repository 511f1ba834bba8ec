-- The day's score, count and premium are those of its components.
select
    daily.trade_date,
    components.component
from {{ ref('mart_sentiment_daily') }} as daily
inner join {{ ref('mart_sentiment_components') }} as components
    on daily.trade_date = components.trade_date
where
    daily.component_count != components.component_count
    or (daily.composite_score is null) != (components.composite_score is null)
    or abs(daily.composite_score - components.composite_score) > 0.000001
    or (
        components.component = 'equity_risk_premium'
        and abs(daily.erp_inverse_percentile - components.percentile_score) > 0.000001
    )
