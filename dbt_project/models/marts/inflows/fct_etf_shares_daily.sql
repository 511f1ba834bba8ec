with share_counts as (
    select * from {{ ref('stg_ishares_fund__etf_shares') }}
    union all
    select * from {{ ref('stg_csop_nav__etf_shares') }}
),

asset_values as (
    select * from {{ ref('stg_ishares_fund__etf_nav') }}
    union all
    select * from {{ ref('stg_csop_nav__etf_nav') }}
),

sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
),

valued as (
    select
        share_counts.share_date,
        share_counts.fund_symbol,
        share_counts.currency,
        share_counts.shares_outstanding,
        asset_values.nav_per_share,
        sessions.session_number,
        share_counts.evidence_grade,
        share_counts.is_synthetic,
        greatest(
            share_counts.known_at, coalesce(asset_values.known_at, share_counts.known_at)
        ) as known_at
    from share_counts
    inner join sessions
        on
            share_counts.exchange_calendar = sessions.calendar
            and share_counts.share_date = sessions.trade_date
    left join asset_values
        on
            share_counts.share_date = asset_values.nav_date
            and share_counts.fund_symbol = asset_values.fund_symbol
),

followed as (
    select
        *,
        lag(session_number) over in_order = session_number - 1 as is_followed,
        lag(shares_outstanding) over in_order as previous_shares,
        lag(nav_per_share) over in_order as previous_nav
    from valued
    window in_order as (partition by fund_symbol, is_synthetic order by share_date)
),

final as (
    select
        share_date,
        fund_symbol,
        currency,
        shares_outstanding,
        nav_per_share,
        shares_outstanding * nav_per_share as aum_fund_currency,
        case when is_followed then (shares_outstanding - previous_shares) * previous_nav end
            as flow_fund_currency,
        case
            when coalesce(is_followed, false) and previous_nav is not null then null
            when coalesce(is_followed, false) then 'no_nav_of_the_session_before'
            when previous_shares is null then 'first_row_of_lake'
            else 'previous_session_missing'
        end as flow_missing_reason,
        evidence_grade,
        is_synthetic,
        known_at
    from followed
)

select * from final
