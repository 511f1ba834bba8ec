-- The newest 10-year US Treasury yield known before the next session, ten days old at most. Of it
-- 20 sessions back are read: they are within 60 days.
with sessions as (
    select trade_date from {{ ref('int_core__sessions_numbered') }}
    where
        calendar = 'XHKG'
        and {{ is_changed('trade_date', 60) }}
),

yields as (
    select
        rate_date,
        rate_value,
        is_synthetic,
        known_at,
        {{ grade_rank('evidence_grade') }} as grade_rank,
        cast(known_at - interval '1' hour as date) as usable_from_date
    from {{ ref('fct_reference_rates') }}
    where series = 'US_10Y'
),

final as (
    select
        sessions.trade_date,
        yields.rate_date as us_10y_rate_date,
        yields.rate_value as us_10y_pct,
        yields.is_synthetic,
        yields.grade_rank,
        yields.known_at
    from sessions
    inner join yields
        on
            sessions.trade_date >= yields.usable_from_date
            and sessions.trade_date <= yields.rate_date + interval '10' day
            and sessions.trade_date >= yields.rate_date
    qualify row_number() over (
        partition by sessions.trade_date, yields.is_synthetic
        order by yields.rate_date desc, yields.known_at desc
    ) = 1
)

select * from final
