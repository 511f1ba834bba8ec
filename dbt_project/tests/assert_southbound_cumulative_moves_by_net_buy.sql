-- A cumulative figure grows by the flow of the day and by nothing else.
with followed as (
    select
        trade_date,
        channel,
        net_buy_hkd_mn,
        net_buy_since_first_lake_row_hkd_mn as cumulative_hkd_mn,
        lag(net_buy_since_first_lake_row_hkd_mn) over in_order as previous_cumulative_hkd_mn
    from {{ ref('fct_southbound_daily') }}
    window in_order as (partition by channel, is_synthetic order by trade_date)
)

select * from followed
where cumulative_hkd_mn - previous_cumulative_hkd_mn != net_buy_hkd_mn
