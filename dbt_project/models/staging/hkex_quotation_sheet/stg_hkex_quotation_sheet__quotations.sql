with lake_rows as (
    select * from {{ current_rows('quotations') }}
),

final as (
    select
        trade_date,
        security_code as counter_code,
        security_name as counter_name,
        currency,
        previous_close,
        close_price,
        high_price,
        low_price,
        traded_shares,
        turnover_amount,
        is_suspended,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
