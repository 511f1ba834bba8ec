with lake_rows as (
    select * from {{ current_rows('security_valuations') }}
),

final as (
    select
        trade_date,
        security_code,
        currency,
        close_price,
        pe_ratio,
        pb_ratio,
        shares_in_issue,
        market_cap_hkd_mn,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
