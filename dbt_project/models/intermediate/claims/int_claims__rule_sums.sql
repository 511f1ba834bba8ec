-- R-SUM: a part is not more than its whole, nor are parts of one measure and one window together.
-- R-RANK: figures that are listed by rank fall from first to last.
with family as (
    select * from {{ ref('int_claims__family') }}
),

claims as (
    select * from {{ ref('int_claims__claims') }}
),

metrics as (
    select distinct
        metric_id,
        sign
    from {{ ref('int_claims__metrics') }}
    where is_default
),

parts as (
    select
        claims.claim_id,
        claims.document_id,
        claims.metric_id,
        claims.period_start,
        claims.period_end,
        claims.base_value,
        family.parent_id,
        family.base_value as whole_value,
        metrics.sign
    from claims
    inner join family on claims.claim_id = family.claim_id
    inner join metrics on claims.metric_id = metrics.metric_id
    where
        claims.parent_relation = 'part_of'
        and claims.currency = family.currency
        and claims.period_start >= family.period_start
        and claims.period_end <= family.period_end
),

totals as (
    select
        parent_id,
        metric_id,
        period_start,
        period_end,
        sum(base_value) as parts_value,
        count(*) as part_count,
        {{ joined_text('claim_id') }} as part_ids
    from parts
    group by parent_id, metric_id, period_start, period_end
),

ranked as (
    select
        earlier.claim_id,
        earlier.parent_id,
        earlier.base_value,
        later.base_value as next_value,
        later.parent_id as next_id
    from family as earlier
    inner join family as later
        on
            earlier.claim_id = later.claim_id
            and earlier.place + 1 = later.place
    where earlier.parent_relation = 'rank_in'
)

select
    'R-SUM' as rule_id,
    parts.document_id,
    totals.part_ids || ',' || parts.parent_id as claim_ids,
    parts.claim_id,
    totals.parts_value as left_value,
    parts.whole_value as right_value,
    totals.parts_value <= parts.whole_value as passed,
    case when parts.sign = 'non-negative' then 'error' else 'warning' end as severity,
    'unit' as error_class,
    case
        when totals.part_count = 1 then 'the part against its whole, ' || parts.parent_id
        else
            'the ' || cast(totals.part_count as {{ column_type('varchar') }})
            || ' parts together against their whole, ' || parts.parent_id
    end as message
from parts
inner join totals
    on
        parts.parent_id = totals.parent_id
        and parts.metric_id = totals.metric_id
        and parts.period_start = totals.period_start
        and parts.period_end = totals.period_end
union all
select
    'R-RANK' as rule_id,
    claims.document_id,
    ranked.parent_id || ',' || ranked.next_id as claim_ids,
    ranked.claim_id,
    ranked.base_value as left_value,
    ranked.next_value as right_value,
    ranked.base_value >= ranked.next_value as passed,
    'error' as severity,
    'logic' as error_class,
    'a figure of a ranking against the next, ' || ranked.next_id as message
from ranked
inner join claims on ranked.claim_id = claims.claim_id
where ranked.base_value is not null and ranked.next_value is not null
