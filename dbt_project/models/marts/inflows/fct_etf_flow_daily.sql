with fund_days as (
    select * from {{ ref('int_inflows__etf_fund_days') }}
),

sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

-- A fund repeats its figures on closed days; those days are none.
session_days as (
    select
        fund_days.*,
        sessions.session_number,
        coalesce(splits.split_ratio, 1) as split_ratio
    from fund_days
    inner join sessions
        on
            fund_days.exchange_calendar = sessions.calendar
            and fund_days.nav_date = sessions.trade_date
    left join splits
        on
            fund_days.fund_symbol = splits.symbol
            and fund_days.nav_date = splits.ex_date
),

-- The day before, in shares as they are after a split of today.
followed as (
    select
        *,
        lag(session_number) over in_order as previous_session_number,
        lag(shares_outstanding) over in_order * split_ratio as previous_shares,
        lag(nav_per_share) over in_order / split_ratio as previous_nav,
        lag(close_price) over in_order / split_ratio as previous_close_price,
        lag(net_assets) over in_order as previous_assets,
        lag(known_at) over in_order as previous_known_at
    from session_days
    window in_order as (partition by fund_symbol, is_synthetic order by nav_date)
),

explained as (
    select
        *,
        case
            when is_inferred_shares and net_assets is null then 'no_holdings'
            when shares_outstanding is null then 'no_nav'
            when previous_session_number is null then 'first_row_of_lake'
            when previous_session_number != session_number - 1 then 'previous_session_missing'
            when previous_shares is null or previous_nav is null
                then 'previous_session_incomplete'
            when fund_currency_per_usd is null then 'no_rate'
        end as flow_missing_reason
    from followed
),

changed as (
    select
        *,
        case
            when coalesce(flow_missing_reason, 'no_rate') = 'no_rate'
                then shares_outstanding - previous_shares
        end as share_change
    from explained
),

final as (
    select
        nav_date,
        fund_symbol,
        exchange_calendar,
        fund_currency,
        shares_outstanding,
        is_inferred_shares,
        nav_per_share,
        nav_per_share / fund_currency_per_usd as nav_per_share_usd,
        is_inferred_nav,
        close_price / fund_currency_per_usd as close_price_usd,
        100 * (close_price / nullif(nav_per_share, 0) - 1) as premium_pct,
        net_assets as aum_fund_currency,
        net_assets / fund_currency_per_usd as aum_usd,
        fund_currency_per_usd,
        cast(share_change as bigint) as share_change_shares,
        share_change * previous_nav as flow_fund_currency,
        share_change * previous_nav / fund_currency_per_usd as flow_usd,
        share_change * nav_per_share / fund_currency_per_usd as flow_at_current_nav_usd,
        share_change * (close_price + previous_close_price) / 2 / fund_currency_per_usd
            as flow_at_average_price_usd,
        100 * share_change * previous_nav / nullif(previous_assets, 0) as flow_pct_aum,
        flow_missing_reason,
        evidence_grade,
        premium_evidence_grade,
        is_synthetic,
        greatest(known_at, case when share_change is not null then previous_known_at end)
            as known_at,
        premium_known_at
    from changed
)

select * from final
