with lake_rows as (
    select * from {{ current_rows('reference_rates') }}
),

final as (
    select
        rate_date,
        series,
        publisher_series,
        unit,
        rate_value,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
    where source = 'hkma_monthly_bulletin'
)

select * from final
