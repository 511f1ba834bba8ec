-- Exchange rates both ways: HKD, CNY and USD against each other, by day or by published month.
with quoted as (
    select
        period_start,
        period_end,
        case when metric_id = 'exchange_rate_cnyhkd' then 'CNY' else 'USD' end as from_currency,
        case when metric_id = 'exchange_rate_usdcny' then 'CNY' else 'HKD' end as to_currency,
        value as rate,
        is_synthetic,
        source,
        evidence_grade,
        known_at
    from {{ ref('int_claims__observations') }}
    where metric_id in ('exchange_rate_cnyhkd', 'exchange_rate_usdcny', 'exchange_rate_usdhkd')
)

select * from quoted
union all
select
    period_start,
    period_end,
    to_currency as from_currency,
    from_currency as to_currency,
    1 / rate as rate,
    is_synthetic,
    source,
    evidence_grade,
    known_at
from quoted
