with claims as (
    select * from {{ ref('int_claims__claims') }}
),

shown as (
    select * from {{ ref('int_claims__shown') }}
),

reasons as (
    select * from {{ ref('int_claims__reasons') }}
),

suggestions as (
    select * from {{ ref('int_claims__suggestions') }}
),

explanations as (
    select * from {{ ref('int_claims__explanations') }}
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

latest as (
    select max(known_at) as known_at from {{ ref('int_claims__series') }}
),

final as (
    select
        claims.claim_id,
        claims.document_id,
        claims.subject_id,
        claims.metric_id,
        claims.statement,
        claims.published_value,
        claims.unit as published_unit,
        shown.verdict,
        reasons.reason_codes,
        case
            when metrics.dimension = 'date' or claims.form in ('since', 'dated') then null
            when metrics.dimension = 'none' then shown.evidence_value / claims.factor
            else shown.evidence_value
        end as warehouse_value,
        case
            when metrics.dimension = 'date' or claims.form in ('since', 'dated') then 'date'
            when claims.form in ('change', 'ratio', 'relative') then claims.unit
            when metrics.dimension = 'none' then claims.unit
            else metrics.unit
        end as warehouse_unit,
        coalesce(shown.shown_variant_id, claims.variant_id) as variant_id,
        coalesce(
            shown.source,
            case
                when shown.decided_by in ('superlative', 'unit_rules', 'date_rules') then 'internal'
            end
        ) as evidence_source,
        coalesce(
            shown.evidence_grade,
            case
                when shown.decided_by in ('superlative', 'unit_rules', 'date_rules') then 'internal'
                else 'none'
            end
        ) as evidence_grade,
        shown.difference,
        100 * shown.relative_difference as relative_difference_pct,
        shown.tolerance,
        shown.tolerance_basis,
        suggestions.suggested_value,
        suggestions.suggested_unit,
        suggestions.suggested_period_start,
        suggestions.suggested_period_end,
        shown.rival_readings,
        suggestions.confidence,
        explanations.missing_evidence,
        explanations.explanation,
        explanations.sql_to_reproduce,
        shown.known_at as evidence_known_at,
        coalesce(shown.is_synthetic, false) as is_synthetic,
        latest.known_at
    from claims
    inner join shown on claims.claim_id = shown.claim_id
    inner join reasons on claims.claim_id = reasons.claim_id
    inner join suggestions on claims.claim_id = suggestions.claim_id
    inner join explanations on claims.claim_id = explanations.claim_id
    left join metrics
        on
            shown.shown_metric_id = metrics.metric_id
            and shown.shown_variant_id = metrics.variant_id
    cross join latest
)

select
    claim_id,
    document_id,
    subject_id,
    metric_id,
    statement,
    published_value,
    published_unit,
    verdict,
    reason_codes,
    cast(warehouse_value as double) as warehouse_value,
    warehouse_unit,
    variant_id,
    evidence_source,
    evidence_grade,
    cast(difference as double) as difference,
    cast(relative_difference_pct as double) as relative_difference_pct,
    cast(tolerance as double) as tolerance,
    tolerance_basis,
    cast(suggested_value as double) as suggested_value,
    suggested_unit,
    suggested_period_start,
    suggested_period_end,
    rival_readings,
    cast(confidence as double) as confidence,
    missing_evidence,
    explanation,
    sql_to_reproduce,
    evidence_known_at,
    is_synthetic,
    known_at
from final
