-- What southbound holders bought of a security on the session whose trades settled, by two prices.
with holdings as (
    select * from {{ ref('int_inflows__holdings_followed') }}
),

valued as (
    select * from {{ ref('fct_southbound_holdings') }}
    where {{ is_changed('holding_date', 125) }}
),

-- A half day of which a vendor has no price is estimated at the close before it, of a session two
-- weeks before at most.
prices as (
    select
        *,
        cast(turnover_hkd as double) / nullif(volume_shares, 0) as vwap_hkd,
        coalesce(
            close_price,
            {{ lagged_within('close_price', 1) }},
            {{ lagged_within('close_price', 2) }}
        ) as latest_close_price,
        case
            when close_price is not null then trade_date
            when lag(close_price) over in_order is not null then lag(trade_date) over in_order
            else lag(trade_date, 2) over in_order
        end as latest_close_date
    from {{ ref('int_valuations__subject_bars') }}
    where currency = 'HKD' and {{ is_changed('trade_date', 150) }}
    window in_order as (partition by subject_id, is_synthetic order by trade_date)
),

sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
    where calendar = 'XHKG'
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

-- Shares are counted as of the holding date: a split between its price and settlement is in them.
price_factors as (
    select
        holdings.holding_date,
        holdings.security_code,
        {{ product_of('splits.split_ratio') }} as split_factor
    from holdings
    inner join prices
        on
            holdings.implied_trade_date = prices.trade_date
            and holdings.security_code = prices.subject_id
    inner join splits
        on
            holdings.security_code = splits.security_id
            and prices.latest_close_date < splits.ex_date
            and holdings.holding_date >= splits.ex_date
    group by holdings.holding_date, holdings.security_code
),

followed as (
    select
        *,
        lag(held_value_hkd) over in_order as previous_value_hkd
    from valued
    window in_order as (partition by security_code, is_synthetic order by holding_date)
),

final as (
    select
        holdings.implied_trade_date as trade_date,
        holdings.security_code,
        holdings.holding_date,
        sessions.session_number,
        settled.session_number as holding_session_number,
        holdings.held_shares,
        holdings.held_pct_issued,
        holdings.held_shares - holdings.previous_held_shares as share_change_shares,
        case
            when holdings.held_shares = holdings.previous_held_shares then 0
            else
                (holdings.held_shares - holdings.previous_held_shares)
                * prices.vwap_hkd / coalesce(price_factors.split_factor, 1)
        end as estimated_flow_vwap_hkd,
        case
            when holdings.held_shares = holdings.previous_held_shares then 0
            else
                (holdings.held_shares - holdings.previous_held_shares)
                * cast(prices.latest_close_price as double)
                / coalesce(price_factors.split_factor, 1)
        end as estimated_flow_close_hkd,
        followed.held_value_hkd,
        case
            when holdings.previous_held_shares is not null
                then cast(followed.held_value_hkd - followed.previous_value_hkd as double)
        end as held_value_change_hkd,
        case
            when holdings.previous_held_shares is null then 'previous_holding_missing'
            when holdings.held_shares = holdings.previous_held_shares then null
            when prices.trade_date is null then 'no_price'
            when prices.vwap_hkd is null then 'no_turnover'
        end as flow_missing_reason,
        {{ grade_name(
            'greatest(' ~ grade_rank('holdings.evidence_grade') ~ ', prices.grade_rank)'
        ) }} as evidence_grade,
        holdings.is_synthetic or coalesce(prices.is_synthetic, false) as is_synthetic,
        greatest(holdings.known_at, prices.known_at, followed.known_at) as known_at
    from holdings
    left join prices
        on
            holdings.implied_trade_date = prices.trade_date
            and holdings.security_code = prices.subject_id
    left join followed
        on
            holdings.holding_date = followed.holding_date
            and holdings.security_code = followed.security_code
    left join price_factors
        on
            holdings.holding_date = price_factors.holding_date
            and holdings.security_code = price_factors.security_code
    left join sessions
        on holdings.implied_trade_date = sessions.trade_date
    left join sessions as settled
        on holdings.holding_date = settled.trade_date
    where holdings.implied_trade_date is not null
)

select * from final
