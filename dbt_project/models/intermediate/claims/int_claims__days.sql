-- The sessions around every day that a claim names, and around the same day of other years.
with claims as (
    select * from {{ ref('int_claims__claims') }}
    where calendar != 'none'
),

sessions as (
    select * from {{ ref('dim_session') }}
),

named as (
    select distinct
        calendar,
        period_start as day
    from claims
    where period_start is not null
    union distinct
    select distinct
        calendar,
        period_end as day
    from claims
    where period_end is not null
),

calendars as (
    select
        calendar,
        day
    from named
    union distinct
    select
        'XNYS' as calendar,
        day
    from named
),

moves as (
    select moved.*
    from (values (0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)) as moved (years, months)
),

spread as (
    select distinct
        calendars.calendar,
        cast(
            calendars.day + moves.years * interval '1' year + moves.months * interval '1' month
            as date
        ) as day
    from calendars
    cross join moves
),

-- What a calendar does after its last known session is not known.
ends as (
    select
        calendar,
        max(trade_date) as last_day
    from sessions
    group by calendar
),

around as (
    select
        spread.calendar,
        spread.day,
        max(case when sessions.trade_date = spread.day then 1 else 0 end) = 1 as is_session,
        max(case when sessions.trade_date < spread.day then sessions.trade_date end)
            as previous_session,
        min(case when sessions.trade_date > spread.day then sessions.trade_date end)
            as next_session,
        max(case when sessions.trade_date <= spread.day then sessions.trade_date end)
            as session_or_before
    from spread
    left join sessions
        on
            spread.calendar = sessions.calendar
            and sessions.trade_date between spread.day - interval '15' day
            and spread.day + interval '15' day
    group by spread.calendar, spread.day
)

select
    around.*,
    around.day <= ends.last_day as is_known
from around
inner join ends on around.calendar = ends.calendar
