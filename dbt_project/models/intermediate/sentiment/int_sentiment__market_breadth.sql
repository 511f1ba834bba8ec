-- How many securities rose, fell and stand where against their own past, session by session.
with bars as (
    select * from {{ ref('int_sentiment__price_bars') }}
    where
        security_id = security_code
        and {{ is_changed('trade_date', 30) }}
),

indicators as (
    select * from {{ ref('int_sentiment__price_indicators') }}
    where {{ is_changed('trade_date', 30) }}
),

funds as (
    select security_code from {{ ref('security') }}
    where listing_kind = 'etf'
),

-- Invented and real prices are never counted together: a mixed session has no breadth. Nor has one
-- on which no security has a return, the first of a lake: none advancing would be a figure.
counted as (
    select
        bars.trade_date,
        count(*) filter (where bars.return_pct > 0) as advancing_count,
        count(*) filter (where bars.return_pct < 0) as declining_count,
        count(*) filter (where bars.return_pct = 0) as unchanged_count,
        count(bars.return_pct) as compared_count,
        count(indicators.is_above_50_average) as count_with_50,
        count(*) filter (where indicators.is_above_50_average) as count_above_50,
        count(indicators.is_250_session_high) as count_with_250,
        count(*) filter (where indicators.is_250_session_high) as new_high_250_count,
        count(*) filter (where indicators.is_250_session_low) as new_low_250_count,
        max(greatest(
            {{ grade_rank('bars.evidence_grade') }}, {{ grade_rank('indicators.evidence_grade') }}
        )) as grade_rank,
        bool_or(bars.is_synthetic) as is_synthetic,
        max(greatest(bars.known_at, indicators.known_at)) as known_at
    from bars
    left join indicators
        on
            bars.trade_date = indicators.trade_date
            and bars.security_code = indicators.security_id
    left join funds
        on bars.security_code = funds.security_code
    where funds.security_code is null
    group by bars.trade_date
    having count(distinct bars.is_synthetic) = 1
),

final as (
    select
        trade_date,
        case when compared_count > 0 then advancing_count end as advancing_count,
        case when compared_count > 0 then declining_count end as declining_count,
        case when compared_count > 0 then unchanged_count end as unchanged_count,
        cast(advancing_count as double) / nullif(declining_count, 0) as advance_decline_ratio,
        100 * cast(advancing_count - declining_count as double)
        / nullif(compared_count, 0) as net_advance_pct,
        100 * cast(count_above_50 as double) / nullif(count_with_50, 0) as above_50_average_pct,
        case when count_with_250 > 0 then new_high_250_count end as new_high_250_count,
        case when count_with_250 > 0 then new_low_250_count end as new_low_250_count,
        100 * cast(new_high_250_count - new_low_250_count as double)
        / nullif(count_with_250, 0) as net_new_high_250_pct,
        {{ grade_name('grade_rank') }} as evidence_grade,
        is_synthetic,
        known_at
    from counted
)

select * from final
