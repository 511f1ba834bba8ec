-- Short selling, turnover and price indicators of a security side by side.
with windows as (
    select * from {{ ref('int_sentiment__security_windows') }}
    where {{ is_changed('trade_date') }}
),

indicators as (
    select * from {{ ref('int_sentiment__price_indicators') }}
    where {{ is_changed('trade_date') }}
),

short_sales as (
    select * from {{ ref('fct_short_selling_daily') }}
    where {{ is_changed('trade_date') }}
),

positions as (
    select * from {{ ref('int_sentiment__short_positions_usable') }}
),

final as (
    select
        windows.*,
        indicators.bar_number,
        indicators.average_gain,
        indicators.average_loss,
        indicators.rsi14_wilder,
        indicators.is_rsi_warm,
        indicators.realised_volatility_20_pct,
        indicators.is_above_50_average,
        indicators.trade_date is not null as has_price,
        short_sales.short_shares,
        short_sales.short_turnover_hkd,
        short_sales.short_turnover_ratio_pct,
        positions.position_date as short_position_date,
        positions.short_position_shares,
        positions.short_position_pct_issued,
        positions.base_position * windows.split_factor / nullif(windows.average_volume_20_shares, 0)
            as days_to_cover,
        (windows.initial_ratio_pct - windows.ratio_mean_20_pct)
        / nullif(windows.ratio_deviation_20_pct, 0) as short_ratio_z20,
        greatest(
            {{ grade_rank('windows.evidence_grade') }},
            {{ grade_rank('indicators.evidence_grade') }},
            {{ grade_rank('short_sales.evidence_grade') }},
            {{ grade_rank('positions.evidence_grade') }}
        ) as grade_rank,
        greatest(
            windows.known_at, indicators.known_at, short_sales.known_at, positions.known_at
        ) as latest_known_at
    from windows
    left join indicators
        on
            windows.trade_date = indicators.trade_date
            and windows.security_code = indicators.security_id
    left join short_sales
        on
            windows.trade_date = short_sales.trade_date
            and windows.security_code = short_sales.security_code
    left join positions
        on
            windows.security_code = positions.security_code
            and windows.is_synthetic = positions.is_synthetic
            and windows.trade_date >= positions.usable_from_date
            and windows.trade_date < positions.usable_until_before
)

select * from final
