SELECT
    claim_id,
    statement,
    published_value,
    published_unit,
    verdict,
    reason_codes,
    suggested_value,
    suggested_unit,
    suggested_period_start,
    suggested_period_end,
    warehouse_value,
    warehouse_unit,
    evidence_grade,
    missing_evidence
FROM mart_claim_verification
ORDER BY claim_id
