-- One row per claim: which readings the evidence bears out, by step.
with outcomes as (
    select * from {{ ref('int_claims__outcomes') }}
),

fitting as (
    select
        claim_id,
        bool_or(step = 1 and transform_detail = '') as is_as_stated,
        bool_or(step = 1 and transform_detail != '') as is_converted,
        bool_or(step = 2) as is_variant,
        bool_or(transform = 'currency') as is_other_currency,
        count(distinct case when step = 3 then transform_detail end) as unit_readings,
        count(distinct case when step = 4 then period_end end) as date_readings,
        bool_or(transform = 'sign') as is_other_sign,
        bool_or(transform = 'digit') as is_one_digit_off
    from outcomes
    where is_within
    group by claim_id
),

met as (
    select
        claim_id,
        bool_or(step = 1) as has_stated_evidence,
        bool_or(step = 1 or (step = 2 and is_stand_in)) as has_evidence,
        bool_or(is_literally_true) as is_literally_true
    from outcomes
    group by claim_id
),

invented as (
    select distinct claim_id
    from {{ ref('int_claims__evidence') }}
    where not is_admissible and is_synthetic
),

rules as (
    select
        claim_id,
        count(distinct case when error_class = 'unit' then rule_id end) as unit_rules,
        bool_or(error_class = 'unit' and severity = 'error') as has_unit_error,
        bool_or(error_class = 'date') as has_date_rule,
        bool_or(rule_id = 'R-SUPERLATIVE') as is_superlative,
        {{ joined_text('rule_id') }} as failed_rules
    from {{ ref('int_claims__consistency') }}
    where not passed
    group by claim_id
)

select
    claims.claim_id,
    coalesce(met.has_evidence, false) as has_evidence,
    coalesce(met.has_stated_evidence, false) as has_stated_evidence,
    coalesce(met.is_literally_true, false) as is_literally_true,
    coalesce(fitting.is_as_stated, false) as is_as_stated,
    coalesce(fitting.is_converted, false) as is_converted,
    coalesce(fitting.is_variant, false) as is_variant,
    coalesce(fitting.is_other_currency, false) as is_other_currency,
    coalesce(fitting.unit_readings, 0) as unit_readings,
    coalesce(fitting.date_readings, 0) as date_readings,
    coalesce(fitting.is_other_sign, false) as is_other_sign,
    coalesce(fitting.is_one_digit_off, false) as is_one_digit_off,
    invented.claim_id is not null as has_synthetic_only,
    coalesce(rules.unit_rules, 0) as unit_rules,
    coalesce(rules.has_unit_error, false) as has_unit_error,
    coalesce(rules.has_date_rule, false) as has_date_rule,
    coalesce(rules.is_superlative, false) as is_superlative,
    rules.failed_rules
from {{ ref('int_claims__claims') }} as claims
left join fitting on claims.claim_id = fitting.claim_id
left join met on claims.claim_id = met.claim_id
left join invented on claims.claim_id = invented.claim_id
left join rules on claims.claim_id = rules.claim_id
