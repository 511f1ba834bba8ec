-- Figures that are on file for the very period. A week may be named by any of its days; a period
-- that a reading moved keeps its own kind of window, so that its first day may be some days off.
with keys as (
    select * from {{ ref('int_claims__keys') }}
    where form in ('figure', 'ratio')
),

observations as (
    select * from {{ ref('int_claims__observations') }}
)

select
    keys.*,
    observations.value,
    observations.half_digit,
    observations.decimals,
    observations.decimals_factor,
    observations.source,
    observations.evidence_grade,
    observations.is_synthetic,
    observations.known_at,
    observations.figure_id,
    'point' as resolver
from keys
inner join observations
    on
        keys.metric_id = observations.metric_id
        and keys.variant_id = observations.variant_id
        and keys.subject_id = observations.subject_id
        and keys.period_end = observations.period_end
        and (
            keys.period_start = observations.period_start
            or (keys.period_start = keys.period_end and observations.is_only_window)
            or (
                observations.observation_window = 'week'
                and keys.period_start < keys.period_end
                and keys.period_start >= keys.period_end - interval '6' day
            )
            or (
                keys.is_shifted
                and keys.period_start < keys.period_end
                and observations.period_start < observations.period_end
                and keys.period_start between observations.period_start - interval '10' day
                and observations.period_start + interval '10' day
            )
        )
where observations.value is not null
union all
-- A month that a publisher does not date to the day may begin and end three days away.
select
    keys.*,
    observations.value,
    observations.half_digit,
    observations.decimals,
    observations.decimals_factor,
    observations.source,
    observations.evidence_grade,
    observations.is_synthetic,
    observations.known_at,
    observations.figure_id,
    'point' as resolver
from keys
inner join observations
    on
        keys.metric_id = observations.metric_id
        and keys.variant_id = observations.variant_id
        and keys.subject_id = observations.subject_id
where
    observations.observation_window = 'published'
    and keys.period_end != observations.period_end
    and not keys.is_shifted
    and keys.period_end - interval '20' day >= keys.period_start
    and keys.period_end between observations.period_end - interval '3' day
    and observations.period_end + interval '3' day
    and keys.period_start between observations.period_start - interval '3' day
    and observations.period_start + interval '3' day
