-- Flows of each fund and week; weeks run from Monday to Friday in sessions of the fund's market.
with flows as (
    select
        *,
        cast(date_trunc('week', nav_date) as date) as week_start
    from {{ ref('fct_etf_flow_daily') }}
),

sessions as (
    select
        calendar,
        cast(date_trunc('week', trade_date) as date) as week_start,
        min(trade_date) as first_session,
        max(trade_date) as week_end,
        count(*) as sessions_expected
    from {{ ref('int_core__sessions_numbered') }}
    group by calendar, cast(date_trunc('week', trade_date) as date)
),

-- A week without any session is no week of the market.
numbered as (
    select
        *,
        row_number() over (partition by calendar order by week_start) as week_number
    from sessions
),

followed as (
    select
        *,
        lag(aum_usd) over (partition by fund_symbol, is_synthetic order by nav_date)
            as previous_aum_usd
    from flows
),

final as (
    select
        followed.week_start,
        numbered.week_end,
        numbered.week_number,
        followed.fund_symbol,
        followed.is_synthetic,
        cast(sum(cast(followed.flow_usd as decimal(20, 2))) as double) as flow_usd,
        count(followed.flow_usd) as session_count,
        max(numbered.sessions_expected) as sessions_expected,
        count(followed.flow_usd) = max(numbered.sessions_expected) as is_complete,
        max(case
            when followed.nav_date = numbered.first_session
                then followed.previous_aum_usd
        end) as aum_start_usd,
        max(case when followed.nav_date = numbered.week_end then followed.aum_usd end)
            as aum_end_usd,
        bool_or(followed.is_inferred_shares) as is_inferred_shares,
        {{ grade_name('max(' ~ grade_rank('followed.evidence_grade') ~ ')') }} as evidence_grade,
        max(followed.known_at) as known_at
    from followed
    inner join numbered
        on
            followed.exchange_calendar = numbered.calendar
            and followed.week_start = numbered.week_start
    group by
        followed.week_start,
        numbered.week_end,
        numbered.week_number,
        followed.fund_symbol,
        followed.is_synthetic
)

select * from final
