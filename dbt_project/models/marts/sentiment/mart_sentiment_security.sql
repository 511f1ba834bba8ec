{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with signals as (
    select * from {{ ref('int_sentiment__security_signals') }}
),

thresholds as (
    select * from {{ ref('sentiment_threshold') }}
    where measure = 'rsi14'
),

final as (
    select
        signals.trade_date,
        signals.security_code,
        signals.is_half_day,
        signals.short_shares,
        signals.short_turnover_hkd,
        signals.short_turnover_ratio_pct,
        {{ sentiment_reason('signals.short_turnover_ratio_pct', [
            ('signals.short_shares is null', 'no_short_sale_on_record'),
        ], 'no_turnover') }} as short_turnover_ratio_missing_reason,
        signals.initial_ratio_pct as initial_short_turnover_ratio_pct,
        signals.ratio_mean_20_pct as short_ratio_mean_20_pct,
        signals.ratio_deviation_20_pct as short_ratio_deviation_20_pct,
        signals.short_ratio_z20,
        {{ sentiment_reason('signals.short_ratio_z20', [
            ('signals.initial_ratio_pct is null', 'no_first_print'),
            ('not signals.is_ratio_window_whole', 'window_incomplete'),
        ], 'no_variation') }} as short_ratio_z20_missing_reason,
        signals.short_position_date,
        signals.short_position_shares,
        signals.short_position_pct_issued,
        signals.average_volume_20_shares,
        signals.days_to_cover,
        {{ sentiment_reason('signals.days_to_cover', [
            ('signals.short_position_shares is null', 'no_reported_position'),
            ('signals.average_volume_20_shares is null', 'window_incomplete'),
        ], 'no_turnover') }} as days_to_cover_missing_reason,
        signals.bar_number,
        signals.average_gain,
        signals.average_loss,
        signals.rsi14_wilder,
        coalesce(signals.is_rsi_warm, false) as is_rsi_warm,
        thresholds.state as momentum_state,
        {{ sentiment_reason('signals.rsi14_wilder', [
            ('not signals.has_price', 'no_price'),
        ], 'window_incomplete') }} as rsi14_missing_reason,
        signals.realised_volatility_20_pct,
        {{ sentiment_reason('signals.realised_volatility_20_pct', [
            ('not signals.has_price', 'no_price'),
        ], 'window_incomplete') }} as realised_volatility_20_missing_reason,
        signals.is_above_50_average,
        signals.turnover_hkd,
        signals.turnover_ratio_20d,
        {{ sentiment_reason('signals.turnover_ratio_20d', [
            ('signals.turnover_hkd is null', 'no_turnover'),
        ], 'window_incomplete') }} as turnover_ratio_20d_missing_reason,
        {{ grade_name('signals.grade_rank') }} as evidence_grade,
        signals.is_synthetic,
        signals.latest_known_at as known_at
    from signals
    left join thresholds
        on {{ within_bounds('signals.rsi14_wilder', 'thresholds') }}
)

select * from final
