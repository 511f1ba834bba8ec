with lake_rows as (
    select * from {{ current_rows('southbound_vendor_holdings') }}
),

final as (
    select
        holding_date,
        security_code,
        security_name,
        held_shares,
        held_value_hkd,
        close_price,
        held_pct_issued,
        share_change,
        share_change_value_hkd,
        value_change_1d_hkd,
        value_change_5d_hkd,
        value_change_10d_hkd,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
