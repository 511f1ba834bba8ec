with positions as (
    select * from {{ ref('stg_sfc_short_positions__short_positions_weekly') }}
),

final as (
    select
        position_date,
        security_code,
        security_name,
        short_position_shares,
        short_position_hkd,
        evidence_grade,
        is_synthetic,
        known_at
    from positions
)

select * from final
