-- Every reading of a claim that is tried, in the order in which readings are preferred.
with readings as (
    select * from {{ ref('int_claims__readings') }}
),

tried as (
    select * from {{ ref('int_claims__readings_as_stated') }}
    union all
    select * from {{ ref('int_claims__readings_of_units') }}
    union all
    select
        claim_id,
        variant_id,
        'date_shift' as transform,
        shift as transform_detail,
        4 as step,
        period_start,
        period_end,
        cast(1 as double) as multiplier,
        1 as coarseness,
        rate,
        rate_spread
    from {{ ref('int_claims__readings_of_days') }}
)

select
    tried.claim_id,
    tried.claim_id || ':' || tried.transform || ':' || tried.transform_detail as hypothesis_id,
    tried.transform,
    tried.transform_detail,
    readings.metric_id,
    tried.variant_id,
    readings.subject_id,
    tried.period_start,
    tried.period_end,
    case
        when readings.form = 'since' and tried.transform = 'date_shift'
            then readings.number + {{ days_between('readings.period_end', 'tried.period_end') }}
        else readings.number * tried.rate * tried.multiplier
    end as value_in_metric_unit,
    tried.step,
    readings.is_searched_variant and not readings.is_stated_variant as is_stand_in,
    readings.form,
    readings.is_sandbox,
    abs(readings.half_digit * tried.rate * tried.multiplier) * tried.coarseness as half_digit,
    tried.rate_spread
from tried
inner join readings
    on tried.claim_id = readings.claim_id and tried.variant_id = readings.variant_id
