-- What the Hang Seng Index earns above a 10-year US Treasury, with the yield known by then.
with valuations as (
    select * from {{ ref('fct_index_valuations_daily') }}
    where index_symbol = '^HSI'
),

sessions as (
    select * from {{ ref('int_sentiment__hong_kong_sessions') }}
),

yields_known as (
    select
        yields.*,
        sessions.session_number
    from {{ ref('int_valuations__us_yields_known') }} as yields
    inner join sessions
        on yields.trade_date = sessions.trade_date
),

-- A Treasury's return over 20 sessions: what it yields, less what the change of its yield costs at
-- a duration of 8 years. Where a build carries on, the first 20 sessions that it reads lack it.
followed as (
    select
        *,
        first_value(us_10y_pct) over last_20 as us_10y_before_pct,
        first_value(session_number) over last_20 as first_session,
        max(known_at) over last_20 as latest_known_at
    from yields_known
    window last_20 as (
        partition by is_synthetic order by session_number
        range between 20 preceding and current row
    )
),

final as (
    select
        followed.trade_date,
        followed.us_10y_rate_date,
        followed.us_10y_pct,
        case
            when followed.session_number - followed.first_session = 20
                then
                    followed.us_10y_before_pct * 20 / 246
                    - 8 * (followed.us_10y_pct - followed.us_10y_before_pct)
        end as treasury_return_20_pct,
        valuations.earnings_yield_pct - followed.us_10y_pct as erp_us10y_pct,
        {{ grade_name(
            'greatest(followed.grade_rank, '
            ~ grade_rank('valuations.evidence_grade') ~ ')'
        ) }} as evidence_grade,
        followed.is_synthetic,
        greatest(followed.latest_known_at, valuations.known_at) as known_at
    from followed
    left join valuations
        on
            followed.trade_date = valuations.trade_date
            and followed.is_synthetic = valuations.is_synthetic
            and cast(valuations.known_at - interval '1' hour as date) <= valuations.trade_date
)

select * from final
