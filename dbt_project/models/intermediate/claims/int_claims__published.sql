-- What others have published, in the units of the registry, shaped like an observation.
with figures as (
    select * from {{ ref('published_figure') }}
    {{ where_known('source_published_on') }}
),

units as (
    select * from {{ ref('unit') }}
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

final as (
    select
        figures.figure_id,
        figures.metric_id,
        metrics.variant_id,
        figures.subject_id,
        'published' as observation_window,
        1 as window_length,
        figures.period_start,
        figures.period_end,
        case
            when figures.unit = 'date'
                then {{ days_between("date '1970-01-01'", 'figures.period_end') }}
            else figures.value * units.factor_to_base / metrics.factor
        end as value,
        coalesce(units.currency, metrics.currency) as currency,
        figures.source_name as source,
        figures.evidence_grade,
        false as is_synthetic,
        cast(figures.source_published_on as {{ column_type('timestamp with time zone') }})
            as known_at,
        -- A count is exact, however it is printed.
        case
            when units.dimension = 'count' then 0
            else 0.5 * power(10, -figures.decimals) * units.factor_to_base / metrics.factor
        end as half_digit,
        figures.decimals,
        units.factor_to_base as decimals_factor
    from figures
    inner join units on figures.unit = units.unit_code
    inner join metrics
        on
            figures.metric_id = metrics.metric_id
            and (
                figures.variant_id = metrics.variant_id
                or (nullif(figures.variant_id, '') is null and metrics.is_default)
            )
)

select * from final
