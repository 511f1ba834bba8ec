-- The figures on file that some claim could be about; what others published comes from seeds, which
-- do not change where a build carries on. The table of changes is no part of the engine and so not
-- named by a ref: what is read here was made from it.
{{ config(
    materialized='incremental',
    meta={'day_column': 'period_end', 'changes': 'int_core__figure_changes'},
) }}

with figures as (
    select * from {{ ref('int_claims__observed') }} as held
    {{ where_figures_changed('held') }}
),

observed as (
    select
        metric_id,
        variant_id,
        subject_kind,
        subject_id,
        observation_window,
        window_length,
        period_start,
        period_end,
        value,
        currency,
        source,
        evidence_grade,
        is_synthetic,
        known_at,
        cast(0 as double) as half_digit,
        cast(null as integer) as decimals,
        cast(null as double) as decimals_factor,
        is_only_window,
        cast(null as {{ column_type('varchar') }}) as figure_id
    from figures
),

published as (
    select
        metric_id,
        variant_id,
        cast(null as {{ column_type('varchar') }}) as subject_kind,
        subject_id,
        observation_window,
        window_length,
        period_start,
        period_end,
        value,
        currency,
        source,
        evidence_grade,
        is_synthetic,
        known_at,
        half_digit,
        decimals,
        decimals_factor,
        false as is_only_window,
        figure_id
    from {{ ref('int_claims__published') }}
    {% if first_changed_day() -%} where false {%- endif %}
)

select * from observed
union all
select * from published
