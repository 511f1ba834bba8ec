-- R-HOLD: shares worth a claimed flow cannot exceed the widest move of the settled holding.
-- R-SHARE: a flow beyond a few percent of a company's market value is hardly one.
with flows as (
    select
        claim_id,
        document_id,
        subject_id,
        period_start,
        period_end,
        is_sandbox,
        abs(base_value) as flow_hkd
    from {{ ref('int_claims__claims') }}
    where
        metric_id = 'southbound_security_flow' and currency = 'HKD' and form = 'figure'
        and stated_variant_id is null
),

observations as (
    select * from {{ ref('int_claims__observations') }}
    where observation_window in ('day', 'published')
),

measured as (
    select
        flows.claim_id,
        flows.document_id,
        flows.flow_hkd,
        max(
            case
                when
                    observations.metric_id = 'price'
                    and observations.variant_id in ('close', 'high')
                    then observations.value
            end
        ) as highest_price,
        max(
            case when observations.metric_id = 'southbound_held_shares' then observations.value end
        ) as most_shares,
        min(
            case when observations.metric_id = 'southbound_held_shares' then observations.value end
        ) as least_shares,
        min(
            case
                when observations.metric_id = 'southbound_held_shares' then observations.period_end
            end
        ) as first_held,
        max(
            case when observations.metric_id = 'market_cap' then observations.value end
        ) * 1000000 as market_value_hkd,
        flows.period_start
    from flows
    inner join observations
        on
            flows.subject_id = observations.subject_id
            and flows.is_sandbox = observations.is_synthetic
            and observations.period_end between flows.period_start - interval '6' day
            and flows.period_end + interval '6' day
    group by flows.claim_id, flows.document_id, flows.flow_hkd, flows.period_start
)

select
    'R-HOLD' as rule_id,
    document_id,
    claim_id as claim_ids,
    claim_id,
    flow_hkd / highest_price as left_value,
    most_shares - least_shares as right_value,
    flow_hkd / highest_price <= most_shares - least_shares as passed,
    'error' as severity,
    'unit' as error_class,
    'shares that the flow would buy at the highest price, against the widest move of the holding'
        as message
from measured
where highest_price > 0 and first_held <= period_start
union all
select
    'R-SHARE' as rule_id,
    document_id,
    claim_id as claim_ids,
    claim_id,
    100 * flow_hkd / market_value_hkd as left_value,
    1 as right_value,
    flow_hkd <= 0.01 * market_value_hkd as passed,
    case when flow_hkd > 0.03 * market_value_hkd then 'error' else 'warning' end as severity,
    'unit' as error_class,
    'percent of the market value that the flow would be' as message
from measured
where market_value_hkd > 0
