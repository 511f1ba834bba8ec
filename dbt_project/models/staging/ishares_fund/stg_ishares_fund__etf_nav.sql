with lake_rows as (
    select * from {{ current_rows('etf_nav') }}
),

final as (
    select
        nav_date,
        fund_symbol,
        currency,
        nav_per_share,
        premium_ratio,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
    where source = 'ishares_fund'
)

select * from final
