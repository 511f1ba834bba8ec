-- A sum in another currency: that of the claim it converts, at the rates of those days.
select
    claims.claim_id,
    max(family.base_value) * (min(rates.rate) + max(rates.rate)) / 2 as value,
    max(family.half_digit) * (min(rates.rate) + max(rates.rate)) / 2
    + max(abs(family.base_value)) * (max(rates.rate) - min(rates.rate)) / 2 as half_digit,
    max(rates.source) as source,
    max(rates.evidence_grade) as evidence_grade,
    rates.is_synthetic,
    max(rates.known_at) as known_at,
    'conversion' as resolver
from {{ ref('int_claims__claims') }} as claims
inner join {{ ref('int_claims__family') }} as family on claims.claim_id = family.claim_id
inner join {{ ref('int_claims__rates') }} as rates
    on
        family.currency = rates.from_currency
        and claims.currency = rates.to_currency
        and rates.period_end >= claims.period_start - interval '5' day
        and rates.period_start <= claims.period_end + interval '5' day
where claims.form = 'conversion'
group by claims.claim_id, rates.is_synthetic
