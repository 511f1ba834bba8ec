{% set instant = column_type('timestamp with time zone') -%}

with events as (
    select * from {{ ref('event') }}
),

sessions as (
    select * from {{ ref('int_sentiment__hong_kong_sessions') }}
),

-- What happens after the close can move the next session at the earliest.
affected as (
    select
        events.event_id,
        min(sessions.trade_date) as affected_trade_date
    from events
    inner join sessions
        on
            events.event_date < sessions.trade_date
            or (events.event_date = sessions.trade_date and events.timing = 'before_open')
    group by events.event_id
),

final as (
    select
        events.event_id,
        events.event_type,
        events.event_date,
        cast(events.event_at as {{ instant }}) as event_at,
        events.timing,
        affected.affected_trade_date,
        events.security_code,
        events.announced_on,
        events.title,
        events.source,
        'published_secondary' as evidence_grade,
        false as is_synthetic,
        coalesce(
            cast(events.announced_on as {{ instant }}), cast(events.event_date as {{ instant }})
        ) + interval '1' day as known_at
    from events
    left join affected
        on events.event_id = affected.event_id
)

select * from final
{{ where_known() }}
