{{ config(materialized='incremental', meta={'day_column': 'holding_date'}) }}

with holdings as (
    select * from {{ ref('int_inflows__holdings_followed') }}
    where {{ is_changed('holding_date') }}
),

prices as (
    select * from {{ ref('fct_prices_daily') }}
    where
        currency = 'HKD'
        and close_price is not null
        and {{ is_changed('trade_date') }}
),

final as (
    select
        holdings.holding_date,
        holdings.security_code,
        holdings.security_name,
        holdings.implied_trade_date,
        holdings.held_shares,
        holdings.held_pct_issued,
        holdings.split_factor,
        holdings.held_shares - holdings.previous_held_shares as share_change_shares,
        prices.close_price,
        cast(holdings.held_shares * prices.close_price as decimal(20, 2)) as held_value_hkd,
        {{ grade_name(
            'greatest(' ~ grade_rank('holdings.evidence_grade') ~ ', '
            ~ grade_rank('prices.evidence_grade') ~ ')'
        ) }} as evidence_grade,
        holdings.is_synthetic or coalesce(prices.is_synthetic, false) as is_synthetic,
        greatest(holdings.known_at, prices.known_at) as known_at
    from holdings
    left join prices
        on
            holdings.holding_date = prices.trade_date
            and holdings.security_code = prices.security_id
)

select * from final
{{ in_order_of_days() }}
