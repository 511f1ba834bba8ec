-- Append only: what was published before, and one more row per claim whose verdict, reasons or
-- figure have changed since. Not part of the engine that readers run.
with verdicts as (
    select * from {{ ref('mart_claim_verification') }}
),

published as (
    select * from {{ verdicts_before() }}
),

latest as (
    select
        claim_id,
        max(revision_number) as revision_number
    from published
    group by claim_id
),

compared as (
    select
        verdicts.*,
        coalesce(latest.revision_number, 0) + 1 as revision_number
    from verdicts
    left join latest on verdicts.claim_id = latest.claim_id
    left join published
        on
            latest.claim_id = published.claim_id
            and latest.revision_number = published.revision_number
    where
        published.claim_id is null
        or verdicts.verdict != published.verdict
        or coalesce(verdicts.reason_codes, '') != coalesce(published.reason_codes, '')
        or (verdicts.warehouse_value is null) != (published.warehouse_value is null)
        or abs(verdicts.warehouse_value - published.warehouse_value)
        > 1e-9 * abs(published.warehouse_value)
),

united as (
    select
        claim_id,
        revision_number,
        verdict,
        reason_codes,
        warehouse_value,
        warehouse_unit,
        variant_id,
        evidence_source,
        evidence_grade,
        confidence,
        is_synthetic,
        known_at
    from published
    union all
    select
        claim_id,
        revision_number,
        verdict,
        reason_codes,
        warehouse_value,
        warehouse_unit,
        variant_id,
        evidence_source,
        evidence_grade,
        confidence,
        is_synthetic,
        known_at
    from compared
)

select
    claim_id,
    cast(revision_number as integer) as revision_number,
    verdict,
    reason_codes,
    warehouse_value,
    warehouse_unit,
    variant_id,
    evidence_source,
    evidence_grade,
    confidence,
    is_synthetic,
    known_at
from united
