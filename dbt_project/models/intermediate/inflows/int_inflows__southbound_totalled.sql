-- The two channels as published, and their sum under the name ALL where neither is missing.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with channels as (
    select * from {{ ref('stg_hkex_stock_connect__southbound_daily') }}
    where {{ is_changed('trade_date') }}
),

sessions as (
    select * from {{ ref('int_inflows__channel_sessions_numbered') }}
    where channel = 'ALL'
),

published as (
    select
        trade_date,
        channel,
        buy_turnover_hkd_mn,
        sell_turnover_hkd_mn,
        total_turnover_hkd_mn,
        buy_trades,
        sell_trades,
        total_trades,
        etf_turnover_hkd_mn,
        evidence_grade,
        is_synthetic,
        known_at
    from channels
),

-- Invented and real figures are never added up: a mixed day has no total.
totalled as (
    select
        channels.trade_date,
        'ALL' as channel,
        sum(channels.buy_turnover_hkd_mn) as buy_turnover_hkd_mn,
        sum(channels.sell_turnover_hkd_mn) as sell_turnover_hkd_mn,
        sum(channels.total_turnover_hkd_mn) as total_turnover_hkd_mn,
        sum(channels.buy_trades) as buy_trades,
        sum(channels.sell_trades) as sell_trades,
        sum(channels.total_trades) as total_trades,
        case
            when count(channels.etf_turnover_hkd_mn) = count(*)
                then sum(channels.etf_turnover_hkd_mn)
        end as etf_turnover_hkd_mn,
        {{ grade_name('max(' ~ grade_rank('channels.evidence_grade') ~ ')') }} as evidence_grade,
        bool_or(channels.is_synthetic) as is_synthetic,
        max(channels.known_at) as known_at
    from channels
    inner join sessions
        on channels.trade_date = sessions.trade_date
    group by channels.trade_date, sessions.expected_channels
    having
        count(*) = sessions.expected_channels
        and count(distinct channels.is_synthetic) = 1
),

final as (
    select * from published
    union all
    select * from totalled
)

select * from final
