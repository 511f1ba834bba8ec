with fund_days as (
    select * from {{ ref('int_inflows__etf_shares_inferred') }}
),

sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
    where calendar = 'XNYS'
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

-- A fund repeats its figures on closed days; those days are none.
session_days as (
    select
        fund_days.*,
        sessions.session_number,
        coalesce(splits.split_ratio, 1) as split_ratio,
        cast(
            round(fund_days.net_assets_usd / nullif(fund_days.nav_per_share_usd, 0)) as bigint
        ) as shares_outstanding
    from fund_days
    inner join sessions
        on fund_days.nav_date = sessions.trade_date
    left join splits
        on
            fund_days.fund_symbol = splits.security_id
            and fund_days.nav_date = splits.ex_date
),

-- The day before, in shares as they are after a split of today.
followed as (
    select
        *,
        lag(session_number) over in_order as previous_session_number,
        lag(shares_outstanding) over in_order * split_ratio as previous_shares,
        lag(nav_per_share_usd) over in_order / split_ratio as previous_nav_usd,
        lag(net_assets_usd) over in_order as previous_aum_usd,
        lag(known_at) over in_order as previous_known_at
    from session_days
    window in_order as (partition by fund_symbol, is_synthetic order by nav_date)
),

explained as (
    select
        *,
        case
            when net_assets_usd is null then 'no_holdings'
            when shares_outstanding is null then 'no_nav'
            when previous_session_number is null then 'first_row_of_lake'
            when previous_session_number != session_number - 1 then 'previous_session_missing'
            when previous_shares is null then 'previous_session_incomplete'
        end as flow_missing_reason
    from followed
),

changed as (
    select
        *,
        case when flow_missing_reason is null then shares_outstanding - previous_shares end
            as share_change
    from explained
),

final as (
    select
        nav_date,
        fund_symbol,
        shares_outstanding,
        true as is_inferred_shares,
        nav_per_share_usd,
        is_inferred_nav,
        close_price_usd,
        100 * (close_price_usd / nullif(nav_per_share_usd, 0) - 1) as premium_pct,
        net_assets_usd as aum_usd,
        cast(share_change as bigint) as share_change_shares,
        share_change * previous_nav_usd as flow_usd,
        share_change * nav_per_share_usd as flow_at_current_nav_usd,
        100 * share_change * previous_nav_usd / nullif(previous_aum_usd, 0) as flow_pct_aum,
        flow_missing_reason,
        evidence_grade,
        is_synthetic,
        greatest(
            known_at, case when flow_missing_reason is null then previous_known_at end
        ) as known_at
    from changed
)

select * from final
