-- The one reading and the one figure on file that the verdict is shown with, and all its rivals.
with decisions as (
    select * from {{ ref('int_claims__decisions') }}
),

outcomes as (
    select * from {{ ref('int_claims__outcomes') }}
),

ordered as (
    select
        outcomes.*,
        row_number() over (
            partition by outcomes.claim_id
            order by
                case when outcomes.is_within then 0 else 1 end,
                case when outcomes.is_stand_in then 0 else 1 end,
                outcomes.grade_order,
                abs(outcomes.difference),
                outcomes.hypothesis_id
        ) as place
    from decisions
    inner join outcomes
        on
            decisions.claim_id = outcomes.claim_id
            and decisions.shown_step = outcomes.step
),

rivals as (
    select
        outcomes.claim_id,
        {{ joined_text(
            "trim(replace(outcomes.transform, '_', ' ') || ' ' || outcomes.transform_detail)"
        ) }} as rival_readings
    from outcomes
    inner join decisions on outcomes.claim_id = decisions.claim_id
    left join ordered
        on
            outcomes.claim_id = ordered.claim_id
            and ordered.place = 1
    where
        outcomes.is_within
        and outcomes.hypothesis_id != coalesce(ordered.hypothesis_id, '')
        -- One digit may always be wrong: that rivals no reading that fits as it is.
        and (outcomes.transform != 'digit' or decisions.decided_by = 'refuted')
    group by outcomes.claim_id
),

-- Without evidence the other variants stay possible: measures come before units.
untried as (
    select
        claims.claim_id,
        {{ joined_text('metrics.variant_id') }} as variants
    from {{ ref('int_claims__claims') }} as claims
    inner join {{ ref('int_claims__metrics') }} as metrics
        on
            claims.metric_id = metrics.metric_id
            and claims.variant_id != metrics.variant_id
            and claims.dimension = metrics.dimension
    group by claims.claim_id
)

select
    decisions.*,
    untried.variants as untried_variants,
    ordered.hypothesis_id,
    ordered.transform,
    ordered.transform_detail,
    ordered.is_stand_in,
    ordered.metric_id as shown_metric_id,
    ordered.variant_id as shown_variant_id,
    ordered.period_start as shown_start,
    ordered.period_end as shown_end,
    ordered.value_in_metric_unit,
    ordered.source,
    ordered.evidence_grade,
    ordered.is_synthetic,
    ordered.known_at,
    ordered.figure_id,
    ordered.evidence_value,
    ordered.difference,
    ordered.relative_difference,
    ordered.tolerance,
    ordered.tolerance_basis,
    ordered.is_within_rounding,
    ordered.resolver,
    rivals.rival_readings
from decisions
left join ordered
    on
        decisions.claim_id = ordered.claim_id
        and ordered.place = 1
left join rivals on decisions.claim_id = rivals.claim_id
left join untried on decisions.claim_id = untried.claim_id
