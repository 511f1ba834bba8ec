-- Net buy of five Connect sessions, in standard deviations of the 250 such sums before.
with flows as (
    select * from {{ ref('fct_southbound_daily') }}
    where channel = 'ALL'
),

followed as (
    select
        *,
        avg(cast(net_buy_5_sessions_hkd_mn as double)) over before_250 as mean_250,
        stddev_samp(cast(net_buy_5_sessions_hkd_mn as double)) over before_250 as deviation_250,
        count(net_buy_5_sessions_hkd_mn) over before_250 as count_250,
        max({{ grade_rank('evidence_grade') }}) over lake_to_date as grade_rank,
        max(known_at) over lake_to_date as latest_known_at
    from flows
    window
        before_250 as (
            partition by is_synthetic order by session_number
            range between 250 preceding and 1 preceding
        ),
        lake_to_date as (partition by is_synthetic order by session_number)
),

final as (
    select
        trade_date,
        cast(net_buy_5_sessions_hkd_mn as double) as southbound_net_buy_5_sessions_hkd_mn,
        case
            when count_250 = 250
                then
                    (cast(net_buy_5_sessions_hkd_mn as double) - mean_250)
                    / nullif(deviation_250, 0)
        end as southbound_flow_z,
        {{ grade_name('grade_rank') }} as evidence_grade,
        is_synthetic,
        latest_known_at as known_at
    from followed
)

select * from final
