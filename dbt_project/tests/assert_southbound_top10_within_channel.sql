-- Ten securities of a channel cannot turn over more than all of it. The channel's total is rounded
-- to HKD 10,000, so that half of that may be missing from it.
select
    trade_date,
    channel,
    sum(total_turnover_hkd) as top10_turnover_hkd,
    max(channel_turnover_hkd) as channel_turnover_hkd
from {{ ref('fct_southbound_top10') }}
group by trade_date, channel
having sum(total_turnover_hkd) > max(channel_turnover_hkd) + 5000
