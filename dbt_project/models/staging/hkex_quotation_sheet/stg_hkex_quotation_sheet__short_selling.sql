-- Every version: what was printed first and what was printed later are both asked for.
with lake_rows as (
    select * from {{ known_rows('short_selling') }}
),

final as (
    select
        trade_date,
        security_code as counter_code,
        security_name as counter_name,
        is_hkd_counter,
        short_shares,
        short_turnover_amount,
        total_shares,
        total_turnover_amount,
        is_adjustment,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
