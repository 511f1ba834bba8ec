-- The percentiles of a subject's ratios on one session, side by side.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with percentiles as (
    select * from {{ ref('int_valuations__percentiles') }}
    where {{ is_changed('trade_date') }}
),

final as (
    select
        trade_date,
        subject_id,
        is_synthetic,
        {% for years in [1, 3, 5, 10] -%}
            max(case when measure = 'pe_ttm' then percentile_{{ years }}y end)
                as pe_percentile_{{ years }}y,
            max(case when measure = 'pe_ttm' then coverage_{{ years }}y end)
                as pe_percentile_{{ years }}y_coverage_pct,
            max(case when measure = 'pb' then percentile_{{ years }}y end)
                as pb_percentile_{{ years }}y,
            max(case when measure = 'dividend_yield_pct' then percentile_{{ years }}y end)
                as dividend_yield_percentile_{{ years }}y,
        {% endfor -%}
        max(case when measure = 'pe_ttm' then backtest_share_pct end) as backtest_share_pct,
        max(grade_rank) as grade_rank,
        max(known_at) as known_at
    from percentiles
    group by trade_date, subject_id, is_synthetic
)

select * from final
