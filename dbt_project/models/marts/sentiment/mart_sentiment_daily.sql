with inputs as (
    select * from {{ ref('int_sentiment__market_inputs') }}
),

composite as (
    select * from {{ ref('int_sentiment__composite') }}
),

bands as (
    select * from {{ ref('sentiment_threshold') }}
    where measure = 'composite'
),

connect_sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
    where calendar = 'CONNECT'
),

final as (
    select
        inputs.trade_date,
        'XHKG' as market,
        inputs.is_half_day,
        connect_sessions.trade_date is not null as is_connect_session,
        inputs.advancing_count,
        inputs.declining_count,
        inputs.unchanged_count,
        inputs.advance_decline_ratio,
        inputs.net_advance_pct,
        inputs.above_50_average_pct,
        inputs.new_high_250_count,
        inputs.new_low_250_count,
        inputs.market_turnover_hkd_mn,
        inputs.turnover_ratio_20d,
        {{ sentiment_reason('inputs.turnover_ratio_20d', [
            ('inputs.market_turnover_hkd_mn is null', 'no_turnover'),
        ], 'window_incomplete') }} as turnover_ratio_20d_missing_reason,
        inputs.has_unconverted_counter,
        inputs.short_turnover_hkd_mn,
        inputs.short_turnover_ratio_market_pct,
        inputs.short_turnover_ratio_designated_pct,
        inputs.initial_short_turnover_ratio_market_pct,
        inputs.southbound_net_buy_5_sessions_hkd_mn,
        inputs.southbound_flow_z,
        {{ sentiment_reason('inputs.southbound_flow_z', [
            ('connect_sessions.trade_date is null', 'connect_closed'),
            ('inputs.southbound_net_buy_5_sessions_hkd_mn is null', 'no_southbound_sum'),
        ], 'window_incomplete') }} as southbound_flow_z_missing_reason,
        inputs.hstech_rsi14_wilder,
        inputs.hstech_momentum_125_pct,
        inputs.hstech_realised_volatility_20_pct,
        inputs.safe_haven_spread_20_pct,
        inputs.us_10y_pct,
        inputs.us_10y_rate_date,
        inputs.erp_us10y_pct,
        composite.erp_inverse_percentile,
        {{ sentiment_reason('composite.erp_inverse_percentile', [
            ('inputs.us_10y_pct is null', 'no_rate'),
            ('inputs.erp_us10y_pct is null', 'no_price_earnings_ratio'),
        ], 'history_too_short') }} as erp_missing_reason,
        composite.composite_score,
        bands.state as composite_band,
        composite.weights_version,
        composite.component_count,
        {{ sentiment_reason('composite.composite_score', [], 'fewer_than_5_components') }}
            as score_missing_reason,
        composite.score_minus_may_2024_peak,
        composite.score_minus_oct_2024_peak,
        composite.score_minus_jan_2025_low,
        {{ grade_name('composite.grade_rank') }} as evidence_grade,
        inputs.is_synthetic,
        composite.known_at
    from inputs
    left join composite
        on inputs.trade_date = composite.trade_date
    left join bands
        on {{ within_bounds('composite.composite_score', 'bands') }}
    left join connect_sessions
        on inputs.trade_date = connect_sessions.trade_date
)

select * from final
