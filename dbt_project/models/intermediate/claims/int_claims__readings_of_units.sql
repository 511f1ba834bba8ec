-- Readings in which the unit was mistaken: a power of ten, or another currency.
with searched as (
    select * from {{ ref('int_claims__readings') }}
    where is_searched_variant and number != 0 and dimension != 'date'
),

rates as (
    select * from {{ ref('int_claims__rates_by_day') }}
),

scales as (
    select scaled.* from (
        values
        ('1e-8', -8), ('1e-6', -6), ('1e-4', -4), ('1e-3', -3), ('1e-2', -2), ('1e-1', -1),
        ('1e+1', 1), ('1e+2', 2), ('1e+3', 3), ('1e+4', 4), ('1e+6', 6), ('1e+8', 8)
    ) as scaled (detail, power_of_ten)
),

currencies as (
    select named.* from (values ('HKD'), ('CNY'), ('USD')) as named (currency)
),

scaled as (
    select
        searched.claim_id,
        searched.variant_id,
        'scale' as transform,
        scales.detail as transform_detail,
        3 as step,
        searched.period_start,
        searched.period_end,
        power(10, scales.power_of_ten) as multiplier,
        -- Zeros that a slip has put behind the last digit were never printed by the source.
        case
            when scales.power_of_ten < 0
                then power(10, least(searched.trailing_zeros, -scales.power_of_ten))
            else 1
        end as coarseness,
        searched.rate,
        searched.rate_spread
    from searched
    cross join scales
    where searched.form in ('figure', 'change', 'conversion')
),

in_other_currency as (
    select
        searched.claim_id,
        searched.variant_id,
        'currency' as transform,
        currencies.currency as transform_detail,
        3 as step,
        searched.period_start,
        searched.period_end,
        cast(1 as double) as multiplier,
        1 as coarseness,
        case
            when currencies.currency = searched.metric_currency then 1
            else (rates.lowest + rates.highest) / 2
        end as rate,
        case
            when currencies.currency = searched.metric_currency then 0
            else (rates.highest - rates.lowest) / (rates.highest + rates.lowest)
        end as rate_spread
    from searched
    cross join currencies
    left join rates
        on
            searched.period_end = rates.day
            and searched.is_sandbox = rates.is_synthetic
            and currencies.currency = rates.from_currency
            and searched.metric_currency = rates.to_currency
    where
        searched.form = 'figure'
        and searched.dimension in ('money', 'price')
        and currencies.currency != searched.currency
)

select * from scaled
union all
select * from in_other_currency
where rate is not null
