with published as (
    select * from {{ ref('int_inflows__etf_shares_published') }}
),

sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
),

valued as (
    select
        published.*,
        sessions.session_number
    from published
    inner join sessions
        on
            published.exchange_calendar = sessions.calendar
            and published.share_date = sessions.trade_date
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
