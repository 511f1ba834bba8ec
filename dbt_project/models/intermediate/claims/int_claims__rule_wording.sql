-- R-SUPERLATIVE: no record beside a "highest since" of one series. R-COMPARATOR: "more than" beside
-- an exact figure that is not more. R-BASELINE: a count of two days says nothing without turnover.
with claims as (
    select * from {{ ref('int_claims__claims') }}
),

records as (
    select * from claims
    where claim_kind = 'since' and comparator = 'since' and since_date is null and form != 'dated'
),

dated as (
    select * from claims
    where claim_kind = 'since' and comparator = 'since' and since_date is not null
),

superlatives as (
    select distinct
        records.document_id,
        records.claim_id,
        dated.claim_id as other_id,
        dated.since_date
    from records
    inner join dated
        on
            records.document_id = dated.document_id
            and (
                (
                    records.parent_relation = 'same_series_as'
                    and records.parent_claim_id = dated.claim_id
                )
                or (records.metric_id = dated.metric_id and records.subject_id = dated.subject_id)
            )
),

compared as (
    select
        bounds.document_id,
        bounds.claim_id,
        exact.claim_id as other_id,
        bounds.comparator,
        bounds.base_value,
        exact.base_value as exact_value
    from claims as bounds
    inner join claims as exact
        on
            bounds.document_id = exact.document_id
            and bounds.metric_id = exact.metric_id
            and bounds.variant_id = exact.variant_id
            and bounds.subject_id = exact.subject_id
            and bounds.period_start = exact.period_start
            and bounds.period_end = exact.period_end
            and bounds.unit = exact.unit
    where
        bounds.comparator in ('more_than', 'less_than')
        and exact.comparator = 'equal'
        and bounds.form = 'figure'
        and exact.form = 'figure'
),

counted as (
    select
        claims.document_id,
        claims.claim_id,
        claims.parent_claim_id,
        max(case when others.metric_id = 'short_turnover_ratio' then 1 else 0 end) = 1 as has_ratio
    from claims
    inner join claims as others on claims.document_id = others.document_id
    where claims.form = 'ratio' and claims.metric_id = 'short_sold_shares'
    group by claims.document_id, claims.claim_id, claims.parent_claim_id
)

select
    'R-SUPERLATIVE' as rule_id,
    document_id,
    claim_id || ',' || other_id as claim_ids,
    claim_id,
    cast(null as double) as left_value,
    cast(null as double) as right_value,
    false as passed,
    'error' as severity,
    'logic' as error_class,
    'a record cannot be the highest since ' || cast(since_date as {{ column_type('varchar') }})
    || ' only, as ' || other_id || ' says' as message
from superlatives
union all
select
    'R-COMPARATOR' as rule_id,
    document_id,
    claim_id || ',' || other_id as claim_ids,
    claim_id,
    base_value as left_value,
    exact_value as right_value,
    case
        when comparator = 'more_than' then exact_value > base_value else exact_value < base_value
    end as passed,
    'error' as severity,
    'logic' as error_class,
    replace(comparator, '_', ' ') || ' is said of a figure that ' || other_id
    || ' gives exactly' as message
from compared
union all
select
    'R-BASELINE' as rule_id,
    document_id,
    claim_id || ',' || parent_claim_id as claim_ids,
    claim_id,
    null as left_value,
    null as right_value,
    has_ratio as passed,
    'warning' as severity,
    'logic' as error_class,
    'two counts of shares are compared without their share of turnover' as message
from counted
