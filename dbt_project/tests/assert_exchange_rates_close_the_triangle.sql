-- HKD per USD through CNY is HKD per USD, within 0.3 %. The rates are of different hours of a day,
-- so that this is a warning; owner: data-engineering.
{{ config(severity='warn') }}

with rates as (
    select
        rate_date,
        is_synthetic,
        avg(case when series = 'USDHKD' then rate_value end) as hkd_per_usd,
        avg(case when series = 'USDCNY' then rate_value end) as cny_per_usd,
        avg(case when series = 'CNYHKD' then rate_value end) as hkd_per_cny
    from {{ ref('fct_reference_rates') }}
    where series in ('USDHKD', 'USDCNY', 'CNYHKD')
    group by rate_date, is_synthetic
)

select
    rate_date,
    hkd_per_usd,
    cny_per_usd * hkd_per_cny as hkd_per_usd_through_cny
from rates
where abs(hkd_per_usd / (cny_per_usd * hkd_per_cny) - 1) > 0.003
