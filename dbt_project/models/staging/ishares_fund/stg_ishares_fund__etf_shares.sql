with lake_rows as (
    select * from {{ current_rows('etf_shares') }}
),

final as (
    select
        share_date,
        fund_symbol,
        exchange_calendar,
        currency,
        shares_outstanding,
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
