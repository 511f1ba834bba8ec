-- A day that is itself the figure: the nearest later reading of the measure says which day it was.
with claims as (
    select * from {{ ref('int_claims__claims') }}
    where form = 'dated'
),

observations as (
    select * from {{ ref('int_claims__observations') }}
)

select
    claims.claim_id,
    observations.variant_id,
    claims.period_start,
    claims.period_end,
    observations.value,
    observations.source,
    observations.evidence_grade,
    observations.is_synthetic,
    observations.known_at,
    observations.figure_id,
    {{ days_between("date '1970-01-01'", 'claims.period_end') }} as last_number
from claims
inner join observations
    on
        claims.metric_id = observations.metric_id
        and claims.subject_id = observations.subject_id
        and observations.period_end between claims.period_start and claims.period_end
        + interval '45' day
