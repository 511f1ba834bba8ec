-- "Highest since": the latest earlier day of the same series with a figure at least as high.
with claims as (
    select
        hypotheses.claim_id,
        hypotheses.variant_id,
        hypotheses.metric_id,
        hypotheses.subject_id,
        hypotheses.period_start,
        hypotheses.period_end,
        hypotheses.value_in_metric_unit as since_number
    from {{ ref('int_claims__hypotheses') }} as hypotheses
    where hypotheses.form = 'since'
),

observations as (
    select * from {{ ref('int_claims__observations') }}
    where observation_window != 'published'
),

current_values as (
    select
        claims.*,
        observations.observation_window,
        observations.window_length,
        observations.value,
        observations.source,
        observations.evidence_grade,
        observations.is_synthetic,
        observations.known_at
    from claims
    inner join observations
        on
            claims.metric_id = observations.metric_id
            and claims.variant_id = observations.variant_id
            and claims.subject_id = observations.subject_id
            and claims.period_end = observations.period_end
            and (
                claims.period_start = observations.period_start
                or (
                    observations.observation_window = 'week'
                    and claims.period_start < claims.period_end
                    and claims.period_start >= claims.period_end - interval '6' day
                )
            )
)

select
    current_values.claim_id,
    current_values.variant_id,
    current_values.period_start,
    current_values.period_end,
    current_values.since_number,
    max(
        case
            when earlier.value >= current_values.value
                then {{ days_between("date '1970-01-01'", 'earlier.period_end') }}
        end
    ) as last_higher,
    min({{ days_between("date '1970-01-01'", 'earlier.period_end') }}) as first_day,
    max(current_values.source) as source,
    max(current_values.evidence_grade) as evidence_grade,
    current_values.is_synthetic,
    max(current_values.known_at) as known_at
from current_values
inner join observations as earlier
    on
        current_values.metric_id = earlier.metric_id
        and current_values.variant_id = earlier.variant_id
        and current_values.subject_id = earlier.subject_id
        and current_values.is_synthetic = earlier.is_synthetic
        and current_values.observation_window = earlier.observation_window
        and current_values.window_length = earlier.window_length
        and current_values.period_end > earlier.period_end
group by
    current_values.claim_id,
    current_values.variant_id,
    current_values.period_start,
    current_values.period_end,
    current_values.since_number,
    current_values.is_synthetic
