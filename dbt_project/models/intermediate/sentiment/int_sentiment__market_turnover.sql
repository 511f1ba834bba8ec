-- Turnover and short selling of the whole sheet, against the 20 full sessions before.
with turnover as (
    select * from {{ ref('int_sentiment__security_turnover') }}
),

sessions as (
    select * from {{ ref('int_sentiment__hong_kong_sessions') }}
),

-- A session that mixes invented and real sheets has no total.
totalled as (
    select
        turnover.trade_date,
        cast(sum(cast(turnover.turnover_hkd as decimal(20, 2))) as double) / 1000000
            as market_turnover_hkd_mn,
        cast(sum(cast(turnover.short_turnover_hkd as decimal(20, 2))) as double) / 1000000
            as short_turnover_hkd_mn,
        cast(sum(cast(turnover.initial_short_turnover_hkd as decimal(20, 2))) as double) / 1000000
            as initial_short_turnover_hkd_mn,
        cast(sum(
            case
                when turnover.short_turnover_hkd is not null
                    then cast(turnover.turnover_hkd as decimal(20, 2))
            end
        ) as double)
        / 1000000 as sold_securities_turnover_hkd_mn,
        bool_or(turnover.has_unconverted_counter) as has_unconverted_counter,
        max({{ grade_rank('turnover.evidence_grade') }}) as grade_rank,
        bool_or(turnover.is_synthetic) as is_synthetic,
        max(turnover.known_at) as known_at
    from turnover
    where turnover.turnover_hkd is not null
    group by turnover.trade_date
    having count(distinct turnover.is_synthetic) = 1
),

numbered as (
    select
        totalled.*,
        sessions.full_session_order,
        case when not sessions.is_half_day then totalled.market_turnover_hkd_mn end
            as full_day_turnover_hkd_mn
    from totalled
    inner join sessions
        on totalled.trade_date = sessions.trade_date
),

followed as (
    select
        *,
        avg(full_day_turnover_hkd_mn) over full_20 as mean_turnover_hkd_mn,
        count(full_day_turnover_hkd_mn) over full_20 as turnover_count,
        max(grade_rank) over lake_to_date as latest_grade_rank,
        max(known_at) over lake_to_date as latest_known_at
    from numbered
    window
        full_20 as (
            partition by is_synthetic order by full_session_order
            range between 40 preceding and 1 preceding
        ),
        lake_to_date as (partition by is_synthetic order by full_session_order)
),

final as (
    select
        trade_date,
        market_turnover_hkd_mn,
        short_turnover_hkd_mn,
        has_unconverted_counter,
        100 * short_turnover_hkd_mn / nullif(market_turnover_hkd_mn, 0)
            as short_turnover_ratio_market_pct,
        100 * short_turnover_hkd_mn / nullif(sold_securities_turnover_hkd_mn, 0)
            as short_turnover_ratio_designated_pct,
        100 * initial_short_turnover_hkd_mn / nullif(market_turnover_hkd_mn, 0)
            as initial_short_turnover_ratio_market_pct,
        case when turnover_count = 20 then market_turnover_hkd_mn / mean_turnover_hkd_mn end
            as turnover_ratio_20d,
        {{ grade_name('latest_grade_rank') }} as evidence_grade,
        is_synthetic,
        latest_known_at as known_at
    from followed
)

select * from final
