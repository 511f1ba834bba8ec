-- Where the default variant of a measure has no figure on file and the claim names none, slips are
-- looked for in another variant of its kind.
with claims as (
    select * from {{ ref('int_claims__claims') }}
    where form not in ('qualitative', 'day') and period_end is not null
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

series as (
    select * from {{ ref('int_claims__series') }}
)

select
    claims.claim_id,
    min(others.variant_id) as variant_id
from claims
inner join metrics as stated
    on
        claims.metric_id = stated.metric_id
        and claims.variant_id = stated.variant_id
inner join metrics as others
    on
        claims.metric_id = others.metric_id
        and claims.variant_id != others.variant_id
        and stated.sign = others.sign
        and stated.dimension = others.dimension
inner join series
    on
        others.metric_id = series.metric_id
        and others.variant_id = series.variant_id
        and claims.subject_id = series.subject_id
        and claims.is_sandbox = series.is_synthetic
left join series as stated_series
    on
        claims.metric_id = stated_series.metric_id
        and claims.variant_id = stated_series.variant_id
        and claims.subject_id = stated_series.subject_id
        and claims.is_sandbox = stated_series.is_synthetic
where claims.stated_variant_id is null and stated_series.metric_id is null
group by claims.claim_id
