with beside as (
    select * from {{ ref('int_valuations__bars_with_ratios') }}
),

percentiles as (
    select * from {{ ref('int_valuations__ratio_percentiles') }}
),

relative as (
    select * from {{ ref('int_valuations__relative_returns') }}
),

highs as (
    select * from {{ ref('int_valuations__years_since_higher') }}
),

final as (
    select
        beside.trade_date,
        beside.subject_id,
        beside.subject_kind,
        beside.currency,
        beside.close_price,
        beside.adjusted_close_price,
        beside.return_pct as return_1_session_pct,
        beside.return_5_sessions_pct,
        beside.return_20_sessions_pct,
        beside.return_60_sessions_pct,
        relative.relative_return_5_sessions_pct,
        relative.relative_return_20_sessions_pct,
        relative.relative_return_60_sessions_pct,
        beside.pe_ttm,
        case when beside.pe_ttm is null then 'no_published_ratio' end as pe_missing_reason,
        beside.pb,
        beside.dividend_yield_pct,
        beside.market_cap_hkd_mn,
        beside.market_cap_hkd_mn - beside.market_cap_20_before_hkd_mn
            as market_cap_change_20_sessions_hkd_mn,
        beside.market_cap_20_before_hkd_mn
        * (beside.market_cap_hkd_mn / nullif(beside.shares_in_issue, 0))
        / nullif(beside.market_cap_20_before_hkd_mn / nullif(beside.shares_20_before, 0), 0)
        - beside.market_cap_20_before_hkd_mn as market_cap_price_effect_20_sessions_hkd_mn,
        percentiles.pe_percentile_3y,
        percentiles.pe_percentile_5y,
        percentiles.pe_percentile_10y,
        percentiles.pb_percentile_3y,
        percentiles.pb_percentile_5y,
        percentiles.dividend_yield_percentile_3y,
        percentiles.dividend_yield_percentile_5y,
        percentiles.pe_coverage_3y_pct,
        percentiles.pe_coverage_10y_pct,
        percentiles.backtest_share_pct,
        100 / nullif(beside.pe_ttm, 0) - beside.us_10y_pct as erp_us10y_pct,
        beside.recovery_from_intraday_low_pct,
        beside.intraday_low_date,
        beside.recovery_from_closing_low_pct,
        beside.closing_low_date,
        beside.drawdown_close_pct,
        beside.drawdown_intraday_high_pct,
        {% for basis in ['intraday', 'close', 'adjusted'] -%}
            {% for years in [1, 3, 5] -%}
                beside.is_{{ years }}y_high_{{ basis }},
            {% endfor -%}
            case when beside.is_1y_high_{{ basis }} then highs.years_since_higher_{{ basis }} end
                as years_since_higher_{{ basis }},
        {% endfor -%}
        beside.weakest_grade as evidence_grade,
        beside.is_synthetic,
        beside.all_known_at as known_at
    from beside
    left join percentiles
        on
            beside.subject_id = percentiles.subject_id
            and beside.trade_date = percentiles.trade_date
            and beside.is_synthetic = percentiles.is_synthetic
    left join relative
        on
            beside.subject_id = relative.subject_id
            and beside.trade_date = relative.trade_date
            and beside.is_synthetic = relative.is_synthetic
    left join highs
        on
            beside.subject_id = highs.subject_id
            and beside.trade_date = highs.trade_date
            and beside.is_synthetic = highs.is_synthetic
)

select * from final
