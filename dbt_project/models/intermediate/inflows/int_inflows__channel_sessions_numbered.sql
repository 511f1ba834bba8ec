-- Which session of the month, the year and its own life a Connect session is, for each channel.
with sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
),

-- Shenzhen joined two years after Shanghai; until then Shanghai was all there was.
channels as (
    select
        'SSE' as channel,
        date '2014-11-17' as first_session,
        1 as channel_count
    union all
    select
        'SZSE' as channel,
        date '2016-12-05' as first_session,
        1 as channel_count
    union all
    select
        'ALL' as channel,
        date '2014-11-17' as first_session,
        2 as channel_count
),

channel_sessions as (
    select
        channels.channel,
        sessions.trade_date,
        date_trunc('month', sessions.trade_date) as month_start,
        date_trunc('quarter', sessions.trade_date) as quarter_start,
        date_trunc('year', sessions.trade_date) as year_start,
        case when sessions.trade_date < date '2016-12-05' then 1 else channels.channel_count end
            as expected_channels
    from sessions
    inner join channels
        on sessions.trade_date >= channels.first_session
    where sessions.calendar = 'CONNECT'
),

final as (
    select
        channel,
        trade_date,
        cast(month_start as date) as month_start,
        cast(quarter_start as date) as quarter_start,
        cast(year_start as date) as year_start,
        expected_channels,
        cast(row_number() over (partition by channel order by trade_date) as bigint)
            as session_number,
        cast(row_number() over (partition by channel, month_start order by trade_date) as bigint)
            as session_of_month,
        cast(row_number() over (partition by channel, quarter_start order by trade_date) as bigint)
            as session_of_quarter,
        cast(row_number() over (partition by channel, year_start order by trade_date) as bigint)
            as session_of_year
    from channel_sessions
)

select * from final
