-- Net buy of each calendar month and channel, and whether every session of the month is there.
with flows as (
    select * from {{ ref('int_inflows__southbound_summed') }}
),

sessions as (
    select * from {{ ref('int_inflows__channel_sessions_numbered') }}
),

quota_flows as (
    select * from {{ ref('int_inflows__quota_flows') }}
),

expected as (
    select
        channel,
        month_start,
        count(*) as sessions_expected
    from sessions
    group by channel, month_start
),

summed as (
    select
        sessions.month_start,
        flows.channel,
        flows.is_synthetic,
        sum(flows.net_buy_hkd_mn) as net_buy_hkd_mn,
        sum(flows.total_turnover_hkd_mn) as total_turnover_hkd_mn,
        sum(quota_flows.quota_flow_cny_mn) as quota_flow_cny_mn,
        count(quota_flows.quota_flow_cny_mn) as quota_session_count,
        count(*) as session_count,
        max({{ grade_rank('flows.evidence_grade') }}) as grade_rank,
        max(flows.known_at) as known_at
    from flows
    inner join sessions
        on
            flows.channel = sessions.channel
            and flows.trade_date = sessions.trade_date
    left join quota_flows
        on
            flows.channel = quota_flows.channel
            and flows.trade_date = quota_flows.trade_date
            and flows.is_synthetic = quota_flows.is_synthetic
    group by sessions.month_start, flows.channel, flows.is_synthetic
),

final as (
    select
        summed.month_start,
        summed.channel,
        summed.is_synthetic,
        summed.net_buy_hkd_mn,
        summed.total_turnover_hkd_mn,
        case
            when summed.quota_session_count = summed.session_count
                then summed.quota_flow_cny_mn
        end as quota_flow_cny_mn,
        summed.session_count,
        expected.sessions_expected,
        summed.session_count = expected.sessions_expected as is_complete,
        {{ grade_name('summed.grade_rank') }} as evidence_grade,
        summed.known_at
    from summed
    inner join expected
        on
            summed.channel = expected.channel
            and summed.month_start = expected.month_start
)

select * from final
