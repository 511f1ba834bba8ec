-- A month's net buy is the sum of its sessions', to the cent, and it has as many of them.
with months as (
    select * from {{ ref('fct_southbound_monthly') }}
),

days as (
    select
        cast(date_trunc('month', trade_date) as date) as month_start,
        channel,
        is_synthetic,
        sum(net_buy_hkd_mn) as net_buy_hkd_mn,
        sum(total_turnover_hkd_mn) as total_turnover_hkd_mn,
        count(*) as session_count
    from {{ ref('fct_southbound_daily') }}
    group by cast(date_trunc('month', trade_date) as date), channel, is_synthetic
)

select
    days.month_start,
    days.channel,
    months.net_buy_hkd_mn,
    days.net_buy_hkd_mn as sum_of_days_hkd_mn
from days
left join months
    on
        days.month_start = months.month_start
        and days.channel = months.channel
        and days.is_synthetic = months.is_synthetic
where
    months.month_start is null
    or months.session_count != days.session_count
    or abs(months.net_buy_hkd_mn - days.net_buy_hkd_mn) > 0.005
    or abs(months.total_turnover_hkd_mn - days.total_turnover_hkd_mn) > 0.005
