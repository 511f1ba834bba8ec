with sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
),

connect_sessions as (
    select * from sessions
    where calendar = 'CONNECT'
),

known as (
    select max(trade_date) as last_day from connect_sessions
),

final as (
    select
        sessions.calendar,
        sessions.trade_date,
        sessions.session_number,
        sessions.previous_trade_date,
        sessions.is_half_day,
        case
            when
                sessions.calendar in ('XHKG', 'CONNECT')
                and sessions.trade_date <= known.last_day
                then connect_sessions.trade_date is not null
        end as is_connect_session,
        sessions.close_at
    from sessions
    left join connect_sessions
        on sessions.trade_date = connect_sessions.trade_date
    cross join known
)

select * from final
