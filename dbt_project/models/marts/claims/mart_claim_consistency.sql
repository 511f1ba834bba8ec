with rules as (
    select * from {{ ref('int_claims__consistency') }}
)

select
    rule_id,
    document_id,
    claim_ids,
    claim_id,
    left_value,
    right_value,
    passed,
    severity,
    error_class,
    message
from rules
