-- Turnover and short selling of the whole sheet, against the 20 full sessions before.
with totalled as (
    select * from {{ ref('int_sentiment__market_totals') }}
),

sessions as (
    select * from {{ ref('int_sentiment__hong_kong_sessions') }}
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
