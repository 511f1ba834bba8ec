with lake_rows as (
    select * from {{ current_rows('short_positions_weekly') }}
),

final as (
    select
        position_date,
        security_code,
        security_name,
        short_position_shares,
        short_position_hkd,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
