-- Every session of every security, index and fund; an index as its owner prints it, where held.
-- Base prices are in the terms of the lake's first share: no split looks like a fall.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with prices as (
    select * from {{ ref('fct_prices_daily') }}
    where
        exchange_calendar != 'WEEKDAY'
        and {{ is_changed('trade_date') }}
),

bulletins as (
    select * from {{ ref('fct_index_valuations_daily') }}
    where {{ is_changed('trade_date') }}
),

joined as (
    select
        prices.security_code,
        prices.adjusted_close_price,
        prices.return_pct,
        prices.volume_shares,
        prices.turnover_hkd,
        coalesce(bulletins.trade_date, prices.trade_date) as trade_date,
        coalesce(bulletins.index_symbol, prices.security_id) as subject_id,
        coalesce(prices.exchange_calendar, 'XHKG') as exchange_calendar,
        coalesce(bulletins.currency, prices.currency) as currency,
        coalesce(bulletins.close_level, cast(prices.close_price as double)) as close_price,
        case
            when bulletins.trade_date is null then cast(prices.high_price as double)
            else bulletins.high_level
        end as high_price,
        case
            when bulletins.trade_date is null then cast(prices.low_price as double)
            else bulletins.low_level
        end as low_price,
        case when bulletins.trade_date is null then prices.price_source else 'hsi_bulletin' end
            as price_source,
        case when bulletins.trade_date is null then prices.missing_price_reason end
            as missing_price_reason,
        coalesce(
            {{ grade_rank('bulletins.evidence_grade') }}, {{ grade_rank('prices.evidence_grade') }}
        ) as grade_rank,
        coalesce(bulletins.is_synthetic, false) or coalesce(prices.is_synthetic, false)
            as is_synthetic,
        greatest(bulletins.known_at, prices.known_at) as known_at
    from prices
    full outer join bulletins
        on
            prices.trade_date = bulletins.trade_date
            and prices.security_id = bulletins.index_symbol
),

-- Only splits up to a session are in its factor: what comes later changes no row before it.
factors as (
    select
        joined.trade_date,
        joined.subject_id,
        {{ product_of('splits.split_ratio') }} as split_factor,
        max(splits.known_at) as known_at
    from joined
    inner join {{ ref('int_valuations__splits_mapped') }} as splits
        on
            joined.subject_id = splits.security_id
            and joined.is_synthetic = splits.is_synthetic
            and joined.trade_date >= splits.ex_date
    group by joined.trade_date, joined.subject_id
),

-- A close may pass the day's range a little; the range of the day then reaches as far.
final as (
    select
        joined.*,
        case
            when indices.index_symbol is not null then 'index'
            when securities.listing_kind = 'etf' or joined.exchange_calendar = 'XNYS' then 'fund'
            else 'security'
        end as subject_kind,
        sessions.session_number,
        sessions.is_half_day,
        coalesce(factors.split_factor, 1) as split_factor,
        joined.close_price * coalesce(factors.split_factor, 1) as base_close,
        greatest(joined.high_price, joined.close_price) * coalesce(factors.split_factor, 1)
            as base_high,
        least(joined.low_price, joined.close_price) * coalesce(factors.split_factor, 1)
            as base_low,
        factors.known_at as split_known_at
    from joined
    inner join {{ ref('int_core__sessions_numbered') }} as sessions
        on
            joined.exchange_calendar = sessions.calendar
            and joined.trade_date = sessions.trade_date
    left join factors
        on
            joined.trade_date = factors.trade_date
            and joined.subject_id = factors.subject_id
    left join {{ ref('index_launch') }} as indices
        on joined.subject_id = indices.index_symbol
    left join {{ ref('security') }} as securities
        on joined.security_code = securities.security_code
)

select * from final
{{ in_order_of_days() }}
