-- A flow of the day before the changed ones may change: it is dated by its trade, known when that
-- settles. The neighbour of a row is at most two weeks away, before it or after.
{% set days_before = reconciliation_days_before() -%}
{{ config(
    materialized='incremental',
    meta={'day_column': 'observed_on', 'days_before': days_before},
) }}

with pairs as (
    select * from {{ ref('int_quality__flow_pairs') }}
    union all
    select * from {{ ref('int_quality__price_pairs') }}
),

-- A source that stamps its figures a session late or early has its neighbour's value.
neighboured as (
    select
        *,
        {{ lagged_within('value_a', 1, day='observed_on') }} as earlier_value_a,
        {{ led_within('value_a', 1, day='observed_on') }} as later_value_a,
        greatest(tolerance_absolute, tolerance_relative * abs(value_a)) as tolerance
    from pairs
    window in_order as (
        partition by metric_id, subject_id, source_a, source_b, is_synthetic order by observed_on
    )
),

judged as (
    select
        *,
        value_b - value_a as difference,
        case
            when value_b is null then 'not_in_b'
            when abs(value_b - value_a) <= tolerance then 'agrees'
            else 'differs'
        end as status,
        case when value_a != 0 and value_b != 0 then abs(value_b / value_a) end as ratio
    from neighboured
    where {{ is_changed('observed_on', days_before) }}
),

-- A power of ten to 1 % is another unit. A rate to 1 % is another currency, of those in use here.
explained as (
    select
        *,
        case
            when status != 'differs' then null
            when abs(value_b + value_a) <= tolerance then 'sign'
            when
                abs(value_b - earlier_value_a) <= tolerance
                or abs(value_b - later_value_a) <= tolerance
                then 'timing'
            when
                round(log10(ratio)) != 0 and abs(log10(ratio) - round(log10(ratio))) < 0.0043
                then 'unit'
            when
                metric_id != 'southbound_held_shares'
                and (ratio between 7.70 and 7.90 or 1 / ratio between 7.70 and 7.90)
                then 'currency'
            when
                metric_id = 'southbound_net_buy'
                and (ratio between 1.04 and 1.16 or 1 / ratio between 1.04 and 1.16)
                and source_b = 'eastmoney'
                then 'currency'
            when source_b = 'ccass_estimate' then 'measure_variant'
            else 'unknown'
        end as explained_by
    from judged
),

final as (
    select
        observed_on,
        metric_id,
        subject_id,
        source_a,
        source_b,
        value_a,
        value_b,
        difference,
        cast(100 * difference / nullif(abs(value_a), 0) as double) as difference_pct,
        tolerance,
        status,
        explained_by,
        evidence_grade,
        is_synthetic,
        known_at
    from explained
)

select * from final
