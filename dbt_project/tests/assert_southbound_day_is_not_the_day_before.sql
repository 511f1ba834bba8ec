-- Two sessions with the same purchases and the same sales, to the cent: the publisher's file of one
-- day was stamped with the next.
with days as (
    select
        trade_date,
        channel,
        buy_turnover_hkd_mn,
        sell_turnover_hkd_mn,
        lag(buy_turnover_hkd_mn) over (
            partition by channel, is_synthetic order by trade_date
        ) as previous_buy_hkd_mn,
        lag(sell_turnover_hkd_mn) over (
            partition by channel, is_synthetic order by trade_date
        ) as previous_sell_hkd_mn
    from {{ ref('fct_southbound_daily') }}
)

select
    trade_date,
    channel,
    buy_turnover_hkd_mn,
    sell_turnover_hkd_mn
from days
where
    buy_turnover_hkd_mn = previous_buy_hkd_mn
    and sell_turnover_hkd_mn = previous_sell_hkd_mn
