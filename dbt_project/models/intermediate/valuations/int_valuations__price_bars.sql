-- Prices of securities, indices and funds in the terms of the lake's first share.
with prices as (
    select * from {{ ref('fct_prices_daily') }}
    where exchange_calendar in ('XHKG', 'XNYS')
),

sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
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
        prices.security_id as subject_id,
        prices.exchange_calendar,
        prices.currency,
        sessions.session_number,
        cast(prices.close_price as double) as close_price,
        cast(prices.adjusted_close_price as double) as adjusted_close_price,
        prices.return_pct,
        coalesce(factors.split_factor, 1) as split_factor,
        cast(prices.close_price as double) * coalesce(factors.split_factor, 1) as base_close,
        cast(coalesce(prices.high_price, prices.close_price) as double)
        * coalesce(factors.split_factor, 1) as base_high,
        cast(coalesce(prices.low_price, prices.close_price) as double)
        * coalesce(factors.split_factor, 1) as base_low,
        prices.missing_price_reason,
        prices.evidence_grade,
        prices.is_synthetic,
        greatest(prices.known_at, factors.known_at) as known_at
    from prices
    inner join sessions
        on
            prices.exchange_calendar = sessions.calendar
            and prices.trade_date = sessions.trade_date
    left join factors
        on
            prices.trade_date = factors.trade_date
            and prices.security_id = factors.security_id
)

select * from final
