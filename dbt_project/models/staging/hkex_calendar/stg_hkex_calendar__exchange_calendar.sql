with lake_rows as (
    select * from {{ current_rows('exchange_calendar') }}
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
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
