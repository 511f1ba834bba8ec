-- The place of each raw value among those of the 750 sessions up to it, and what it contributes.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

{% set window_sessions = var('composite_window_sessions', 750) -%}
{% set observations_wanted = var('composite_observations_wanted', 60) -%}
{% set components_wanted = 5 -%}

with raw_values as (
    select * from {{ ref('int_sentiment__component_values') }}
),

-- Equals count half, so that a value in the middle has 50 and inversion is exact.
placed as (
    select
        today.trade_date,
        today.component,
        count(*) as observation_count,
        100 * cast(
            sum(case when earlier.raw_value < today.raw_value then 1 else 0 end)
            + sum(case when earlier.raw_value = today.raw_value then 0.5 else 0 end)
            as double
        ) / count(*) as percentile,
        max(earlier.grade_rank) as grade_rank,
        max(earlier.known_at) as known_at
    from raw_values as today
    inner join raw_values as earlier
        on
            today.component = earlier.component
            and today.is_synthetic = earlier.is_synthetic
            and today.session_number < earlier.session_number + {{ window_sessions }}
            and today.session_number >= earlier.session_number
    where
        today.raw_value is not null
        and earlier.raw_value is not null
        and {{ is_changed('today.trade_date') }}
    group by today.trade_date, today.component
),

scored as (
    select
        raw_values.*,
        coalesce(placed.observation_count, 0) as observation_count,
        case
            when placed.observation_count < {{ observations_wanted }} then null
            when raw_values.is_inverted then 100 - placed.percentile
            else placed.percentile
        end as percentile_score,
        greatest(raw_values.grade_rank, placed.grade_rank) as latest_grade_rank,
        greatest(raw_values.known_at, placed.known_at) as latest_known_at
    from raw_values
    left join placed
        on
            raw_values.trade_date = placed.trade_date
            and raw_values.component = placed.component
    where {{ is_changed('raw_values.trade_date') }}
),

totalled as (
    select
        *,
        count(percentile_score) over of_session as component_count,
        sum(case when percentile_score is not null then relative_weight end) over of_session
            as weight_present,
        max(latest_known_at) over of_session as session_known_at,
        max(latest_grade_rank) over of_session as session_grade_rank
    from scored
    window of_session as (partition by trade_date)
),

weighted as (
    select
        *,
        case
            when component_count >= {{ components_wanted }} and percentile_score is not null
                then relative_weight / weight_present
        end as weight
    from totalled
),

final as (
    select
        *,
        weight * (percentile_score - 50) as contribution,
        case
            when component_count >= {{ components_wanted }}
                then sum(weight * percentile_score) over in_order
        end as composite_score
    from weighted
    -- In one order, since sums of fractions differ in their last digit by order.
    window in_order as (
        partition by trade_date order by component
        rows between unbounded preceding and unbounded following
    )
)

select * from final
