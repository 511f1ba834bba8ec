-- Other days that a claim may have meant: a year, a month, a week or a session away, or the day
-- and the month exchanged.
with claims as (
    select
        claims.*,
        coalesce(series.calendar, claims.calendar) as own_calendar
    from {{ ref('int_claims__claims') }} as claims
    left join {{ ref('int_claims__series') }} as series
        on
            claims.metric_id = series.metric_id
            and claims.variant_id = series.variant_id
            and claims.subject_id = series.subject_id
            and claims.is_sandbox = series.is_synthetic
    where claims.form in ('figure', 'since', 'change') and claims.period_end is not null
),

days as (
    select * from {{ ref('int_claims__days') }}
),

moves as (
    select moved.* from (
        values
        ('plus_1_year', 1, 0, 0),
        ('minus_1_year', -1, 0, 0),
        ('plus_1_month', 0, 1, 0),
        ('minus_1_month', 0, -1, 0),
        ('plus_1_week', 0, 0, 7),
        ('minus_1_week', 0, 0, -7)
    ) as moved (shift, years, months, days)
),

moved as (
    select
        claims.claim_id,
        moves.shift,
        claims.own_calendar,
        claims.period_start = claims.period_end as is_day,
        claims.period_start = date_trunc('month', claims.period_start)
        and claims.period_end = last_day(claims.period_end) as is_whole_month,
        cast(
            claims.period_start + moves.years * interval '1' year
            + moves.months * interval '1' month + moves.days * interval '1' day as date
        ) as period_start,
        cast(
            claims.period_end + moves.years * interval '1' year
            + moves.months * interval '1' month + moves.days * interval '1' day as date
        ) as period_end
    from claims
    cross join moves
    where
        moves.days = 0
        or {{ days_between('claims.period_start', 'claims.period_end') }} between 2 and 6
),

by_calendar as (
    select
        moved.claim_id,
        moved.shift,
        case
            when moved.is_day then coalesce(days.session_or_before, moved.period_end)
            else moved.period_start
        end as period_start,
        case
            when moved.is_day then coalesce(days.session_or_before, moved.period_end)
            when moved.is_whole_month then last_day(moved.period_end)
            else moved.period_end
        end as period_end
    from moved
    left join days
        on
            moved.own_calendar = days.calendar
            and moved.period_end = days.day
            and moved.is_day
),

by_session as (
    select
        claims.claim_id,
        steps.shift,
        case
            when steps.shift = 'plus_1_session' then starts.next_session else
                starts.previous_session
        end as period_start,
        case
            when steps.shift = 'plus_1_session' then ends.next_session else ends.previous_session
        end as period_end
    from claims
    inner join days as starts
        on claims.own_calendar = starts.calendar and claims.period_start = starts.day
    inner join days as ends
        on claims.own_calendar = ends.calendar and claims.period_end = ends.day
    cross join (values ('plus_1_session'), ('minus_1_session')) as steps (shift)
),

swapped as (
    select
        claim_id,
        'day_and_month' as shift,
        make_date(
            extract(year from period_end),
            extract(day from period_end),
            extract(month from period_end)
        ) as period_start
    from claims
    where
        period_start = period_end
        and extract(day from period_end) <= 12
        and extract(day from period_end) != extract(month from period_end)
)

select * from by_calendar
union all
select * from by_session
union all
select
    claim_id,
    shift,
    period_start,
    period_start as period_end
from swapped
