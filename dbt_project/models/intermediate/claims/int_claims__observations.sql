with observed as (
    select
        metric_id,
        variant_id,
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
    from {{ ref('int_claims__observed') }}
),

published as (
    select
        metric_id,
        variant_id,
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
)

select * from observed
union all
select * from published
