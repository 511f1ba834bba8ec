-- Every calendar day from the first session to the last, without a gap. The first is a Monday.
with sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
),

span as (
    select
        cast(date_trunc('week', min(trade_date)) as date) as first_day,
        max(trade_date) as last_day
    from sessions
),

digits as (
    {% for digit in range(10) -%}
        select {{ digit }} as digit {{ 'union all' if not loop.last }}
    {% endfor %}
),

offsets as (
    select
        cast(
            ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as integer
        ) as days
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
),

days as (
    select span.first_day + offsets.days as date_day
    from span
    cross join offsets
    where span.first_day + offsets.days <= span.last_day
),

-- The mainland's calendar is published to the end of a year: what Connect does later is not known.
known as (
    select max(trade_date) as last_connect_day
    from sessions
    where calendar = 'CONNECT'
),

flags as (
    select
        trade_date,
        max(case when calendar = 'XHKG' then 1 else 0 end) = 1 as is_hong_kong_session,
        max(case when calendar = 'CONNECT' then 1 else 0 end) = 1 as is_connect_session,
        max(case when calendar = 'XNYS' then 1 else 0 end) = 1 as is_new_york_session
    from sessions
    group by trade_date
),

final as (
    select
        days.date_day,
        cast(date_trunc('week', days.date_day) as date) as week_start,
        cast(date_trunc('month', days.date_day) as date) as month_start,
        cast(date_trunc('quarter', days.date_day) as date) as quarter_start,
        cast(date_trunc('year', days.date_day) as date) as year_start,
        cast(row_number() over in_week as integer) as iso_weekday,
        coalesce(flags.is_hong_kong_session, false) as is_hong_kong_session,
        case
            when days.date_day <= known.last_connect_day
                then coalesce(flags.is_connect_session, false)
        end as is_connect_session,
        coalesce(flags.is_new_york_session, false) as is_new_york_session
    from days
    cross join known
    left join flags
        on days.date_day = flags.trade_date
    window in_week as (partition by date_trunc('week', days.date_day) order by days.date_day)
)

select * from final
