{{ config(materialized='incremental', meta={'day_column': 'rate_date'}) }}

with rates as (
    select * from {{ ref('int_core__reference_rates_united') }}
    where {{ is_changed('rate_date') }}
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
