-- Short selling and turnover of a security against its own last 20 sessions.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}
{% set days_before = short_sales_reach_days() -%}

with bars as (
    select * from {{ ref('int_sentiment__price_bars') }}
    where
        security_id = security_code
        and {{ is_changed('trade_date', days_before) }}
),

turnover as (
    select * from {{ ref('int_sentiment__security_turnover') }}
    where {{ is_changed('trade_date', days_before) }}
),

joined as (
    select
        bars.trade_date,
        bars.security_code,
        bars.session_number,
        bars.is_half_day,
        bars.full_session_order,
        bars.split_factor,
        turnover.turnover_hkd,
        100 * turnover.initial_short_turnover_hkd / nullif(turnover.turnover_hkd, 0)
            as initial_ratio_pct,
        case when not bars.is_half_day then turnover.turnover_hkd end as full_day_turnover_hkd,
        coalesce(turnover.traded_shares, bars.volume_shares) / bars.split_factor as base_volume,
        greatest(
            {{ grade_rank('bars.evidence_grade') }}, {{ grade_rank('turnover.evidence_grade') }}
        ) as grade_rank,
        bars.is_synthetic or coalesce(turnover.is_synthetic, false) as is_synthetic,
        greatest(bars.known_at, turnover.known_at) as known_at
    from bars
    left join turnover
        on
            bars.trade_date = turnover.trade_date
            and bars.security_code = turnover.security_code
),

-- Frames count the exchange's sessions, not rows: a session that is missing leaves a window short.
windowed as (
    select
        *,
        avg(initial_ratio_pct) over before_20 as mean_20,
        stddev_samp(initial_ratio_pct) over before_20 as deviation_20,
        count(initial_ratio_pct) over before_20 as ratio_count,
        avg(full_day_turnover_hkd) over full_20 as mean_turnover_hkd,
        count(full_day_turnover_hkd) over full_20 as turnover_count,
        avg(base_volume) over last_20 as mean_base_volume,
        count(base_volume) over last_20 as volume_count,
        max(grade_rank) over lake_to_date as latest_grade_rank,
        max(known_at) over lake_to_date as latest_known_at
    from joined
    window
        before_20 as (
            partition by security_code, is_synthetic order by session_number
            range between 20 preceding and 1 preceding
        ),
        last_20 as (
            partition by security_code, is_synthetic order by session_number
            range between 19 preceding and current row
        ),
        full_20 as (
            partition by security_code, is_synthetic order by full_session_order
            range between 40 preceding and 1 preceding
        ),
        lake_to_date as (partition by security_code, is_synthetic order by session_number)
),

{% if first_changed_day() -%}
    -- What the days before the first of these sessions gave to it, and so to all after it.
    carried as (
        select
            *,
            known_at as latest_known_at,
            {{ grade_rank('evidence_grade') }} as latest_grade_rank
        from ({{ carried_rows('security_code, is_synthetic', days_before) }}) as own
    ),

{% endif -%}
final as (
    select
        windowed.trade_date,
        windowed.security_code,
        windowed.is_half_day,
        windowed.split_factor,
        windowed.turnover_hkd,
        windowed.initial_ratio_pct,
        windowed.ratio_count = 20 as is_ratio_window_whole,
        case when windowed.ratio_count = 20 then windowed.mean_20 end as ratio_mean_20_pct,
        case when windowed.ratio_count = 20 then windowed.deviation_20 end
            as ratio_deviation_20_pct,
        windowed.turnover_count = 20 as is_turnover_window_whole,
        case
            when windowed.turnover_count = 20
                then windowed.turnover_hkd / nullif(windowed.mean_turnover_hkd, 0)
        end as turnover_ratio_20d,
        case
            when windowed.volume_count = 20 then windowed.mean_base_volume * windowed.split_factor
        end as average_volume_20_shares,
        {{ grade_name(accrued('greatest', 'latest_grade_rank')) }} as evidence_grade,
        windowed.is_synthetic,
        {{ accrued('greatest', 'latest_known_at') }} as known_at
    from windowed
    {{ join_carried('windowed', ['security_code', 'is_synthetic']) }}
    where {{ is_changed('windowed.trade_date') }}
)

select * from final
{{ in_order_of_days() }}
