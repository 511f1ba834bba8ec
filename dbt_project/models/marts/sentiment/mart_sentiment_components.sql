{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with scores as (
    select * from {{ ref('int_sentiment__component_scores') }}
    where {{ is_changed('trade_date') }}
),

final as (
    select
        trade_date,
        component,
        weights_version,
        raw_value,
        raw_unit,
        is_inverted,
        cast(observation_count as bigint) as observation_count,
        percentile_score,
        weight,
        contribution,
        composite_score,
        cast(component_count as bigint) as component_count,
        case
            when percentile_score is not null then null
            when not_held_reason is not null then not_held_reason
            when raw_value is null then 'no_value'
            else 'history_too_short'
        end as score_missing_reason,
        {{ grade_name('session_grade_rank') }} as evidence_grade,
        is_synthetic,
        session_known_at as known_at
    from scores
)

select * from final
