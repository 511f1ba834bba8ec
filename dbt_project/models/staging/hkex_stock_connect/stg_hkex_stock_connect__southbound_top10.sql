with lake_rows as (
    select * from {{ current_rows('southbound_top10') }}
),

final as (
    select
        trade_date,
        channel,
        rank,
        security_code,
        security_name,
        buy_turnover_hkd,
        sell_turnover_hkd,
        total_turnover_hkd,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
