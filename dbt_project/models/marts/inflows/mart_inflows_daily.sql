with sessions as (
    select * from {{ ref('dim_session') }}
    where calendar = 'XHKG'
),

flows as (
    select * from {{ ref('fct_southbound_daily') }}
),

all_channels as (
    select * from flows
    where channel = 'ALL'
),

channels as (
    select
        trade_date,
        is_synthetic,
        max(case when channel = 'SSE' then net_buy_hkd_mn end) as net_buy_sse_hkd_mn,
        max(case when channel = 'SZSE' then net_buy_hkd_mn end) as net_buy_szse_hkd_mn,
        max({{ grade_rank('evidence_grade') }}) as grade_rank,
        max(known_at) as known_at
    from flows
    group by trade_date, is_synthetic
),

security_flows as (
    select * from {{ ref('fct_southbound_security_flow') }}
),

estimated as (
    select
        trade_date,
        is_synthetic,
        cast(sum(cast(estimated_flow_vwap_hkd as decimal(20, 2))) as double) / 1000000
            as estimated_flow_hkd_mn,
        count(estimated_flow_vwap_hkd) as securities_estimated,
        count(*) as securities_held,
        max({{ grade_rank('evidence_grade') }}) as grade_rank,
        max(known_at) as known_at
    from security_flows
    group by trade_date, is_synthetic
),

-- Ties go to the lower code, so that the answer is one.
leaders as (
    select
        trade_date,
        is_synthetic,
        security_code,
        estimated_flow_vwap_hkd / 1000000 as estimated_flow_hkd_mn
    from security_flows
    where estimated_flow_rank = 1
    qualify row_number() over (partition by trade_date, is_synthetic order by security_code) = 1
),

funds as (
    select
        nav_date,
        is_synthetic,
        cast(sum(cast(flow_usd as decimal(20, 2))) as double) as etf_flow_usd,
        count(flow_usd) as etf_count,
        max({{ grade_rank('evidence_grade') }}) as grade_rank,
        max(known_at) as known_at
    from {{ ref('fct_etf_flow_daily') }}
    where exchange_calendar = 'XNYS'
    group by nav_date, is_synthetic
),

final as (
    select
        channels.trade_date,
        sessions.is_half_day,
        channels.net_buy_sse_hkd_mn,
        channels.net_buy_szse_hkd_mn,
        all_channels.net_buy_hkd_mn,
        all_channels.net_buy_mtd_hkd_mn,
        all_channels.net_buy_ytd_hkd_mn,
        all_channels.net_buy_5_sessions_hkd_mn,
        all_channels.net_buy_20_sessions_hkd_mn,
        all_channels.net_buy_60_sessions_hkd_mn,
        all_channels.quota_flow_cny_mn,
        all_channels.turnover_share_hkex_pct,
        all_channels.turnover_share_gross_pct,
        estimated.estimated_flow_hkd_mn,
        estimated.securities_estimated,
        estimated.securities_held,
        leaders.security_code as top_security_code,
        leaders.estimated_flow_hkd_mn as top_estimated_flow_hkd_mn,
        funds.etf_flow_usd,
        funds.etf_count,
        {{ grade_name(
            'greatest(channels.grade_rank, estimated.grade_rank, funds.grade_rank, '
            ~ grade_rank('all_channels.context_evidence_grade') ~ ')'
        ) }} as evidence_grade,
        channels.is_synthetic,
        greatest(
            channels.known_at,
            all_channels.sums_known_at,
            all_channels.context_known_at,
            estimated.known_at,
            funds.known_at
        ) as known_at
    from channels
    inner join sessions
        on channels.trade_date = sessions.trade_date
    left join all_channels
        on
            channels.trade_date = all_channels.trade_date
            and channels.is_synthetic = all_channels.is_synthetic
    left join estimated
        on
            channels.trade_date = estimated.trade_date
            and channels.is_synthetic = estimated.is_synthetic
    left join leaders
        on
            channels.trade_date = leaders.trade_date
            and channels.is_synthetic = leaders.is_synthetic
    left join funds
        on
            channels.trade_date = funds.nav_date
            and channels.is_synthetic = funds.is_synthetic
)

select * from final
