-- Net buy of each session and its sums to date and over windows; a sum is null unless complete.
{{ config(materialized='table') }}

with flows as (
    select * from {{ ref('int_inflows__southbound_totalled') }}
),

sessions as (
    select * from {{ ref('int_inflows__channel_sessions_numbered') }}
),

numbered as (
    select
        flows.*,
        flows.buy_turnover_hkd_mn - flows.sell_turnover_hkd_mn as net_buy_hkd_mn,
        sessions.session_number,
        sessions.session_of_month,
        sessions.session_of_year,
        sessions.session_of_quarter,
        sessions.month_start,
        sessions.quarter_start,
        sessions.year_start
    from flows
    left join sessions
        on
            flows.channel = sessions.channel
            and flows.trade_date = sessions.trade_date
),

-- A sum is complete when it counts as many rows as the calendar has sessions. Windows are kept
-- apart by is_synthetic, so that no sum mixes invented with real days.
summed as (
    select
        *,
        sum(net_buy_hkd_mn) over month_to_date as month_sum,
        count(*) over month_to_date = session_of_month as is_mtd_complete,
        sum(net_buy_hkd_mn) over quarter_to_date as quarter_sum,
        count(*) over quarter_to_date = session_of_quarter as is_qtd_complete,
        sum(net_buy_hkd_mn) over year_to_date as year_sum,
        count(*) over year_to_date = session_of_year as is_ytd_complete,
        sum(net_buy_hkd_mn) over lake_to_date as lake_sum,
        count(*) over lake_to_date
        = session_number - first_value(session_number) over lake_to_date + 1
            as is_cumulative_complete,
        sum(net_buy_hkd_mn) over last_5 as sum_5,
        lag(session_number, 4) over in_order as session_5,
        sum(net_buy_hkd_mn) over last_20 as sum_20,
        lag(session_number, 19) over in_order as session_20,
        sum(net_buy_hkd_mn) over last_60 as sum_60,
        lag(session_number, 59) over in_order as session_60,
        max(known_at) over lake_to_date as sums_known_at
    from numbered
    window
        in_order as (partition by channel, is_synthetic order by trade_date),
        month_to_date as (
            partition by channel, is_synthetic, month_start order by trade_date
        ),
        quarter_to_date as (
            partition by channel, is_synthetic, quarter_start order by trade_date
        ),
        year_to_date as (
            partition by channel, is_synthetic, year_start order by trade_date
        ),
        lake_to_date as (partition by channel, is_synthetic order by trade_date),
        last_5 as (
            partition by channel, is_synthetic order by trade_date
            rows between 4 preceding and current row
        ),
        last_20 as (
            partition by channel, is_synthetic order by trade_date
            rows between 19 preceding and current row
        ),
        last_60 as (
            partition by channel, is_synthetic order by trade_date
            rows between 59 preceding and current row
        )
),

final as (
    select
        trade_date,
        channel,
        session_number,
        cast(buy_turnover_hkd_mn as decimal(18, 2)) as buy_turnover_hkd_mn,
        cast(sell_turnover_hkd_mn as decimal(18, 2)) as sell_turnover_hkd_mn,
        cast(total_turnover_hkd_mn as decimal(18, 2)) as total_turnover_hkd_mn,
        cast(etf_turnover_hkd_mn as decimal(18, 2)) as etf_turnover_hkd_mn,
        cast(buy_trades as bigint) as buy_trades,
        cast(sell_trades as bigint) as sell_trades,
        cast(total_trades as bigint) as total_trades,
        cast(net_buy_hkd_mn as decimal(18, 2)) as net_buy_hkd_mn,
        cast(case when is_mtd_complete then month_sum end as decimal(18, 2)) as net_buy_mtd_hkd_mn,
        is_mtd_complete,
        cast(case when is_qtd_complete then quarter_sum end as decimal(18, 2))
            as net_buy_qtd_hkd_mn,
        cast(case when is_ytd_complete then year_sum end as decimal(18, 2)) as net_buy_ytd_hkd_mn,
        is_ytd_complete,
        cast(case when is_cumulative_complete then lake_sum end as decimal(18, 2))
            as net_buy_since_first_lake_row_hkd_mn,
        is_cumulative_complete,
        cast(case when session_number - session_5 = 4 then sum_5 end as decimal(18, 2))
            as net_buy_5_sessions_hkd_mn,
        cast(case when session_number - session_20 = 19 then sum_20 end as decimal(18, 2))
            as net_buy_20_sessions_hkd_mn,
        cast(case when session_number - session_60 = 59 then sum_60 end as decimal(18, 2))
            as net_buy_60_sessions_hkd_mn,
        evidence_grade,
        is_synthetic,
        known_at,
        sums_known_at
    from summed
)

select * from final
