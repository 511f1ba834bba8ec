-- What each reading of a claim meets in the evidence, whatever made the figure.
with hypotheses as (
    select * from {{ ref('int_claims__hypotheses') }}
),

by_key as (
    select
        metric_id,
        variant_id,
        subject_id,
        period_start,
        period_end,
        form,
        is_shifted,
        value,
        half_digit,
        decimals,
        decimals_factor,
        source,
        evidence_grade,
        is_synthetic,
        known_at,
        figure_id,
        resolver
    from {{ ref('int_claims__found_points') }}
    union all
    select
        metric_id,
        variant_id,
        subject_id,
        period_start,
        period_end,
        form,
        is_shifted,
        value,
        half_digit,
        decimals,
        decimals_factor,
        source,
        evidence_grade,
        is_synthetic,
        known_at,
        figure_id,
        resolver
    from {{ ref('int_claims__found_sums') }}
    union all
    select
        metric_id,
        variant_id,
        subject_id,
        period_start,
        period_end,
        form,
        is_shifted,
        value,
        half_digit,
        cast(null as integer) as decimals,
        cast(null as double) as decimals_factor,
        source,
        evidence_grade,
        is_synthetic,
        known_at,
        cast(null as {{ column_type('varchar') }}) as figure_id,
        resolver
    from {{ ref('int_claims__found_changes') }}
)

select
    hypotheses.*,
    by_key.value as evidence_value,
    by_key.half_digit as evidence_half_digit,
    by_key.decimals,
    by_key.decimals_factor,
    by_key.source,
    by_key.evidence_grade,
    by_key.is_synthetic,
    by_key.known_at,
    by_key.figure_id,
    by_key.resolver
from hypotheses
inner join by_key
    on
        hypotheses.metric_id = by_key.metric_id
        and hypotheses.variant_id = by_key.variant_id
        and hypotheses.subject_id = by_key.subject_id
        and hypotheses.period_start = by_key.period_start
        and hypotheses.period_end = by_key.period_end
        and hypotheses.form = by_key.form
        and (hypotheses.step = 4) = by_key.is_shifted
where hypotheses.form in ('figure', 'change')
union all
select
    hypotheses.*,
    by_claim.value as evidence_value,
    by_claim.half_digit as evidence_half_digit,
    null as decimals,
    null as decimals_factor,
    by_claim.source,
    by_claim.evidence_grade,
    by_claim.is_synthetic,
    by_claim.known_at,
    by_claim.figure_id,
    by_claim.resolver
from hypotheses
inner join {{ ref('int_claims__found_by_claim') }} as by_claim
    on
        hypotheses.claim_id = by_claim.claim_id
        and hypotheses.variant_id = coalesce(by_claim.variant_id, hypotheses.variant_id)
        and hypotheses.period_end = coalesce(by_claim.period_end, hypotheses.period_end)
where hypotheses.form not in ('figure', 'change')
