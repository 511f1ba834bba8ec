with rates as (
    select * from {{ ref('int_core__reference_rates_united') }}
),

final as (
    select
        rate_date,
        series,
        publisher_series,
        rate_value,
        unit,
        source,
        evidence_grade,
        is_synthetic,
        known_at
    from rates
)

select * from final
