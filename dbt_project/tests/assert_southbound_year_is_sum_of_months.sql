-- The year to date on a year's last session in the lake is the sum of the year's months up to it.
with days as (
    select
        *,
        row_number() over (
            partition by channel, is_synthetic, date_trunc('year', trade_date)
            order by trade_date desc
        ) as place
    from {{ ref('fct_southbound_daily') }}
),

years as (
    select
        cast(date_trunc('year', month_start) as date) as year_start,
        channel,
        is_synthetic,
        sum(net_buy_hkd_mn) as net_buy_hkd_mn
    from {{ ref('fct_southbound_monthly') }}
    group by cast(date_trunc('year', month_start) as date), channel, is_synthetic
)

select
    days.trade_date,
    days.channel,
    days.net_buy_ytd_hkd_mn,
    years.net_buy_hkd_mn as sum_of_months_hkd_mn
from days
inner join years
    on
        cast(date_trunc('year', days.trade_date) as date) = years.year_start
        and days.channel = years.channel
        and days.is_synthetic = years.is_synthetic
where
    days.place = 1
    and days.net_buy_ytd_hkd_mn is not null
    and abs(days.net_buy_ytd_hkd_mn - years.net_buy_hkd_mn) > 0.005
