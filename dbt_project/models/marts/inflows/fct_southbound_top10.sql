{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with ranked as (
    select * from {{ ref('stg_hkex_stock_connect__southbound_top10') }}
    where {{ is_changed('trade_date') }}
),

channels as (
    select * from {{ ref('int_inflows__southbound_totalled') }}
),

counters as (
    select * from {{ ref('counter') }}
),

-- The channel's total is published in HKD million, the ten securities in HKD.
joined as (
    select
        ranked.*,
        coalesce(counters.security_code, ranked.security_code) as security_id,
        cast(channels.total_turnover_hkd_mn * 1000000 as bigint) as channel_turnover_hkd,
        {{ grade_name(
            'greatest(' ~ grade_rank('ranked.evidence_grade') ~ ', '
            ~ grade_rank('channels.evidence_grade') ~ ')'
        ) }} as weakest_grade,
        ranked.is_synthetic or coalesce(channels.is_synthetic, false) as is_any_synthetic,
        greatest(ranked.known_at, channels.known_at) as all_known_at
    from ranked
    left join channels
        on
            ranked.trade_date = channels.trade_date
            and ranked.channel = channels.channel
    left join counters
        on ranked.security_code = counters.counter_code
),

final as (
    select
        trade_date,
        channel,
        cast(rank as integer) as rank,
        security_id,
        security_code,
        security_name,
        buy_turnover_hkd,
        sell_turnover_hkd,
        total_turnover_hkd,
        buy_turnover_hkd - sell_turnover_hkd as net_buy_hkd,
        channel_turnover_hkd,
        100 * cast(total_turnover_hkd as double) / nullif(channel_turnover_hkd, 0)
            as channel_share_pct,
        weakest_grade as evidence_grade,
        is_any_synthetic as is_synthetic,
        all_known_at as known_at
    from joined
)

select * from final
