-- The rates of every publisher. A further publisher is one line in this list.
{% set publishers = [
    'stg_fred__reference_rates',
    'stg_hkma_monthly_bulletin__reference_rates',
    'stg_hkma_interbank_liquidity__reference_rates',
] -%}

with united as (
    {% for publisher in publishers -%}
        select
            rate_date,
            series,
            publisher_series,
            unit,
            rate_value,
            source,
            known_at,
            evidence_grade,
            is_synthetic
        from {{ ref(publisher) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from united
