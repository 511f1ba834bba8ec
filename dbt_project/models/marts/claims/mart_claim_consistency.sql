with rules as (
    select * from {{ ref('int_claims__consistency') }}
)

select
    rule_id,
    document_id,
    claim_ids,
    claim_id,
    cast(left_value as double) as left_value,
    cast(right_value as double) as right_value,
    passed,
    severity,
    error_class,
    message
from rules
