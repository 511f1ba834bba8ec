-- Hong Kong prices in the terms of the lake's first share, so that no split looks like a fall.
with bars as (
    select * from {{ ref('int_valuations__subject_bars') }}
    where
        exchange_calendar = 'XHKG'
        and {{ is_changed('trade_date', price_reach_days()) }}
),

sessions as (
    select * from {{ ref('int_sentiment__hong_kong_sessions') }}
),

final as (
    select
        bars.trade_date,
        bars.subject_id as security_id,
        bars.security_code,
        sessions.session_number,
        sessions.is_half_day,
        sessions.full_session_order,
        bars.close_price,
        bars.return_pct,
        bars.volume_shares,
        bars.split_factor,
        bars.base_close as base_price,
        {{ grade_name('bars.grade_rank') }} as evidence_grade,
        bars.is_synthetic,
        greatest(bars.known_at, bars.split_known_at) as known_at
    from bars
    inner join sessions
        on bars.trade_date = sessions.trade_date
)

select * from final
