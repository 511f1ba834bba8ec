-- Changes over a window that no mart holds, made from the levels at its ends or at its low.
with keys as (
    select * from {{ ref('int_claims__keys') }}
    where form in ('figure', 'change') and period_start < period_end
),

bases as (
    select named.*
    from {{ level_bases() }}
        as named (metric_id, variant_id, level_metric_id, level_variant_id, low_variant_id, kind)
),

levels as (
    select * from {{ ref('int_claims__observations') }}
    where period_start = period_end and observation_window in ('day', 'published')
),

based as (
    select
        keys.*,
        coalesce(bases.kind, 'between') as kind,
        coalesce(bases.level_metric_id, keys.metric_id) as level_metric_id,
        coalesce(bases.level_variant_id, keys.variant_id) as level_variant_id,
        coalesce(bases.low_variant_id, keys.variant_id) as low_variant_id
    from keys
    left join bases
        on
            keys.metric_id = bases.metric_id
            and keys.variant_id = bases.variant_id
    where bases.kind is not null or keys.form = 'change'
),

ends as (
    select
        based.*,
        levels.value as last_value,
        levels.half_digit as last_half_digit,
        levels.source,
        levels.evidence_grade,
        levels.is_synthetic,
        levels.known_at
    from based
    inner join levels
        on
            based.level_metric_id = levels.metric_id
            and based.level_variant_id = levels.variant_id
            and based.subject_id = levels.subject_id
            and based.period_end = levels.period_end
),

compared as (
    select
        ends.*,
        levels.period_end as base_day,
        levels.value as base_value,
        levels.half_digit as base_half_digit,
        row_number() over (
            partition by
                ends.metric_id, ends.variant_id, ends.subject_id, ends.period_start,
                ends.period_end,
                ends.form,
                ends.is_shifted,
                ends.level_metric_id,
                ends.is_synthetic,
                ends.evidence_grade, ends.source
            order by
                case when ends.kind = 'lowest' then levels.value end,
                case when ends.kind = 'between' then levels.period_end end,
                levels.period_end desc
        ) as choice
    from ends
    inner join levels
        on
            ends.level_metric_id = levels.metric_id
            and ends.low_variant_id = levels.variant_id
            and ends.subject_id = levels.subject_id
            and ends.is_synthetic = levels.is_synthetic
            and case
                when ends.kind in ('before', 'gain')
                    then
                        ends.period_start > levels.period_end
                        and levels.period_end >= ends.period_start - interval '12' day
                when ends.kind = 'between' then ends.period_start = levels.period_end
                else levels.period_end between ends.period_start and ends.period_end
            end
)

select
    metric_id,
    variant_id,
    subject_id,
    period_start,
    period_end,
    form,
    is_shifted,
    case
        when kind = 'gain' then last_value - base_value
        else 100 * (last_value / nullif(base_value, 0) - 1)
    end as value,
    last_value - base_value as difference_value,
    case
        when kind = 'gain' then last_half_digit + base_half_digit
        else 100 * (last_half_digit + base_half_digit) / nullif(abs(base_value), 0)
    end as half_digit,
    source,
    evidence_grade,
    is_synthetic,
    known_at,
    'window_change' as resolver
from compared
where choice = 1
