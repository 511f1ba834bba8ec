-- Claims beside the claims they point to, in the order in which these are listed.
with claims as (
    select * from {{ ref('int_claims__claims') }}
)

select
    claims.claim_id,
    claims.parent_relation,
    parents.claim_id as parent_id,
    row_number() over (
        partition by claims.claim_id
        order by
            position(
                ',' || parents.claim_id || ','
                in ',' || replace(claims.parent_claim_id, ' ', '') || ','
            )
    ) as place,
    parents.metric_id,
    parents.variant_id,
    parents.subject_id,
    parents.period_start,
    parents.period_end,
    parents.base_value,
    parents.half_digit,
    parents.currency,
    parents.form
from claims
inner join claims as parents
    on
        claims.parent_claim_id = parents.claim_id
        or (
            claims.parent_claim_id like '%,%'
            and {{ listed_in('parents.claim_id', 'claims.parent_claim_id') }}
        )
union all
-- A multiple of one other claim is the figure of its own day against that claim's.
select
    claim_id,
    parent_relation,
    claim_id as parent_id,
    0 as place,
    metric_id,
    variant_id,
    subject_id,
    period_start,
    period_end,
    base_value,
    half_digit,
    currency,
    form
from claims
where form = 'ratio' and parent_claim_id not like '%,%'
