-- ALL is the sum of the channels of the same day, to the cent.
with flows as (
    select * from {{ ref('fct_southbound_daily') }}
),

channels as (
    select
        trade_date,
        sum(net_buy_hkd_mn) as net_buy_hkd_mn,
        sum(total_turnover_hkd_mn) as total_turnover_hkd_mn
    from flows
    where channel != 'ALL'
    group by trade_date
)

select
    flows.trade_date,
    flows.net_buy_hkd_mn,
    channels.net_buy_hkd_mn as sum_of_channels_hkd_mn
from flows
inner join channels
    on flows.trade_date = channels.trade_date
where
    flows.channel = 'ALL'
    and (
        flows.net_buy_hkd_mn != channels.net_buy_hkd_mn
        or flows.total_turnover_hkd_mn != channels.total_turnover_hkd_mn
    )
