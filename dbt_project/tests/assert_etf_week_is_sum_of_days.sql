-- A complete week's flow is the sum of its sessions', to a dollar.
with weeks as (
    select * from {{ ref('fct_etf_flow_weekly') }}
    where is_complete
),

days as (
    select * from {{ ref('fct_etf_flow_daily') }}
)

select
    weeks.fund_symbol,
    weeks.week_start,
    weeks.flow_usd,
    sum(days.flow_usd) as sum_of_days_usd
from weeks
left join days
    on
        weeks.fund_symbol = days.fund_symbol
        and weeks.is_synthetic = days.is_synthetic
        and days.nav_date between weeks.week_start and weeks.week_end
group by weeks.fund_symbol, weeks.week_start, weeks.flow_usd
having
    sum(days.flow_usd) is null
    or abs(weeks.flow_usd - sum(days.flow_usd)) > 1
