-- Hong Kong prices in the terms of the lake's first share, so that no split looks like a fall.
with prices as (
    select * from {{ ref('fct_prices_daily') }}
    where
        exchange_calendar = 'XHKG'
        and {{ is_changed('trade_date', price_reach_days()) }}
),

sessions as (
    select * from {{ ref('int_sentiment__hong_kong_sessions') }}
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

-- Only splits up to a session are in its factor: what comes later changes no row before it.
factors as (
    select
        prices.trade_date,
        prices.security_id,
        {{ product_of('splits.split_ratio') }} as split_factor,
        max(splits.known_at) as known_at
    from prices
    inner join splits
        on
            prices.security_id = splits.security_id
            and prices.is_synthetic = splits.is_synthetic
            and prices.trade_date >= splits.ex_date
    group by prices.trade_date, prices.security_id
),

final as (
    select
        prices.trade_date,
        prices.security_id,
        prices.security_code,
        sessions.session_number,
        sessions.is_half_day,
        sessions.full_session_order,
        cast(prices.close_price as double) as close_price,
        prices.return_pct,
        prices.volume_shares,
        coalesce(factors.split_factor, 1) as split_factor,
        cast(prices.close_price as double) * coalesce(factors.split_factor, 1) as base_price,
        prices.evidence_grade,
        prices.is_synthetic,
        greatest(prices.known_at, factors.known_at) as known_at
    from prices
    inner join sessions
        on prices.trade_date = sessions.trade_date
    left join factors
        on
            prices.trade_date = factors.trade_date
            and prices.security_id = factors.security_id
)

select * from final
