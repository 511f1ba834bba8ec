with lake_rows as (
    select * from {{ current_rows('southbound_holdings') }}
),

final as (
    select
        holding_date,
        security_code,
        security_name,
        held_shares,
        held_pct_issued,
        implied_trade_date,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
