-- Sums of a window's sessions, where every session of the measure's calendar has a figure. They are
-- decimal: sums of fractions differ in their last digit by the order they are added in.
with made_of_levels as (
    select named.*
    from {{ level_bases() }}
        as named (metric_id, variant_id, level_metric_id, level_variant_id, low_variant_id, kind)
),

windows as (
    select
        keys.*,
        series.calendar,
        series.is_synthetic
    from {{ ref('int_claims__keys') }} as keys
    inner join {{ ref('int_claims__series') }} as series
        on
            keys.metric_id = series.metric_id
            and keys.variant_id = series.variant_id
            and keys.subject_id = series.subject_id
    left join {{ ref('int_claims__found_points') }} as points
        on
            keys.metric_id = points.metric_id
            and keys.variant_id = points.variant_id
            and keys.subject_id = points.subject_id
            and keys.period_start = points.period_start
            and keys.period_end = points.period_end
            and series.is_synthetic = points.is_synthetic
            and keys.is_shifted = points.is_shifted
    where
        keys.form = 'figure'
        and keys.period_start < keys.period_end
        and {{ is_additive('keys.metric_id') }}
        and (keys.metric_id, keys.variant_id) not in (
            select
                metric_id,
                variant_id
            from made_of_levels
        )
        and points.metric_id is null
),

spans as (
    select distinct
        calendar,
        period_start,
        period_end
    from windows
),

expected as (
    select
        spans.calendar,
        spans.period_start,
        spans.period_end,
        count(*) as sessions
    from spans
    inner join {{ ref('dim_session') }} as sessions
        on
            spans.calendar = sessions.calendar
            and sessions.trade_date between spans.period_start and spans.period_end
    group by spans.calendar, spans.period_start, spans.period_end
),

daily as (
    select
        metric_id,
        variant_id,
        subject_id,
        is_synthetic,
        period_end,
        {{ value_at_minimum('value', grade_order('evidence_grade')) }} as value,
        {{ value_at_minimum('half_digit', grade_order('evidence_grade')) }} as half_digit,
        {{ value_at_minimum('source', grade_order('evidence_grade')) }} as source,
        min({{ grade_order('evidence_grade') }}) as grade_order,
        max(known_at) as known_at
    from {{ ref('int_claims__observations') }}
    where period_start = period_end and observation_window in ('day', 'published')
    group by metric_id, variant_id, subject_id, is_synthetic, period_end
)

select
    windows.metric_id,
    windows.variant_id,
    windows.subject_id,
    windows.period_start,
    windows.period_end,
    windows.form,
    windows.is_shifted,
    cast(sum(cast(daily.value as decimal(38, 9))) as double) as value,
    cast(sum(cast(daily.half_digit as decimal(38, 9))) as double) as half_digit,
    cast(null as integer) as decimals,
    cast(null as double) as decimals_factor,
    max(daily.source) as source,
    {{ grade_of_order('max(daily.grade_order)') }} as evidence_grade,
    windows.is_synthetic,
    max(daily.known_at) as known_at,
    cast(null as {{ column_type('varchar') }}) as figure_id,
    'window_sum' as resolver
from windows
inner join expected
    on
        windows.calendar = expected.calendar
        and windows.period_start = expected.period_start
        and windows.period_end = expected.period_end
inner join daily
    on
        windows.metric_id = daily.metric_id
        and windows.variant_id = daily.variant_id
        and windows.subject_id = daily.subject_id
        and windows.is_synthetic = daily.is_synthetic
        and daily.period_end between windows.period_start and windows.period_end
group by
    windows.metric_id,
    windows.variant_id,
    windows.subject_id,
    windows.period_start,
    windows.period_end,
    windows.form,
    windows.is_shifted,
    windows.is_synthetic
having count(*) = max(expected.sessions)
