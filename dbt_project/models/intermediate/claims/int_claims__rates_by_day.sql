-- The range of each exchange rate within five days of a day that a claim ends or begins on.
with days as (
    select distinct
        is_sandbox as is_synthetic,
        period_end as day
    from {{ ref('int_claims__claims') }}
    where dimension in ('money', 'price') and period_end is not null
),

rates as (
    select * from {{ ref('int_claims__rates') }}
)

select
    days.day,
    days.is_synthetic,
    rates.from_currency,
    rates.to_currency,
    min(rates.rate) as lowest,
    max(rates.rate) as highest
from days
inner join rates
    on
        days.is_synthetic = rates.is_synthetic
        and rates.period_end >= days.day - interval '5' day
        and rates.period_start <= days.day + interval '5' day
group by days.day, days.is_synthetic, rates.from_currency, rates.to_currency
