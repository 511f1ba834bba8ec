with printed as (
    select * from {{ ref('stg_hkex_calendar__exchange_calendar') }}
),

sessions as (
    select * from {{ ref('dim_session') }}
),

-- Before its first and after its last session a calendar says nothing, neither open nor closed.
spans as (
    select
        min(trade_date) filter (where calendar = 'XHKG') as first_hong_kong,
        max(trade_date) filter (where calendar = 'XHKG') as last_hong_kong,
        min(trade_date) filter (where calendar = 'CONNECT') as first_connect,
        max(trade_date) filter (where calendar = 'CONNECT') as last_connect
    from sessions
),

beside as (
    select
        printed.*,
        case
            when printed.trade_date between spans.first_hong_kong and spans.last_hong_kong
                then hong_kong.trade_date is not null
        end as is_hong_kong_session,
        hong_kong.is_half_day as is_hong_kong_session_half_day,
        case
            when printed.trade_date between spans.first_connect and spans.last_connect
                then southbound.trade_date is not null
        end as is_connect_session,
        southbound.is_half_day as is_connect_session_half_day
    from printed
    cross join spans
    left join sessions as hong_kong
        on
            hong_kong.calendar = 'XHKG'
            and printed.trade_date = hong_kong.trade_date
    left join sessions as southbound
        on
            southbound.calendar = 'CONNECT'
            and printed.trade_date = southbound.trade_date
),

final as (
    select
        trade_date,
        is_hong_kong_open,
        is_hong_kong_half_day,
        is_mainland_open,
        is_northbound_open,
        is_southbound_open,
        is_southbound_half_day,
        is_hong_kong_session,
        is_hong_kong_session_half_day,
        is_connect_session,
        is_connect_session_half_day,
        nullif(
            concat_ws(
                '; ',
                case
                    when is_hong_kong_open and not is_hong_kong_session
                        then 'Hong Kong: open in print, no session'
                    when not is_hong_kong_open and is_hong_kong_session
                        then 'Hong Kong: closed in print, a session'
                    when is_hong_kong_half_day and not is_hong_kong_session_half_day
                        then 'Hong Kong: half day in print, full session'
                    when not is_hong_kong_half_day and is_hong_kong_session_half_day
                        then 'Hong Kong: full day in print, half session'
                end,
                case
                    when is_southbound_open and not is_connect_session
                        then 'Southbound: open in print, no session'
                    when not is_southbound_open and is_connect_session
                        then 'Southbound: closed in print, a session'
                    when is_southbound_half_day and not is_connect_session_half_day
                        then 'Southbound: half day in print, full session'
                    when not is_southbound_half_day and is_connect_session_half_day
                        then 'Southbound: full day in print, half session'
                end
            ), ''
        ) as disagreement,
        evidence_grade,
        is_synthetic,
        known_at
    from beside
)

select * from final
