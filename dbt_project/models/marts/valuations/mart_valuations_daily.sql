{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}
{% set windows = {1: '1_session', 5: '5_sessions', 20: '20_sessions', 60: '60_sessions'} -%}

with valued as (
    select * from {{ ref('int_valuations__valued') }}
),

final as (
    select
        trade_date,
        subject_id,
        subject_kind,
        security_code,
        exchange_calendar,
        is_half_day,
        currency,
        close_price,
        high_price,
        low_price,
        adjusted_close_price,
        price_source,
        missing_price_reason,
        {% for sessions, window in windows.items() -%}
            return_{{ sessions }} as return_{{ window }}_pct,
            relative_return_{{ sessions }} as relative_return_{{ window }}_pct,
        {% endfor -%}
        100 * (base_close / base_low_whole - 1) as recovery_from_intraday_low_pct,
        case when base_low_whole is not null then trough_date end as intraday_low_date,
        100 * (base_close / base_close_low_whole - 1) as recovery_from_closing_low_pct,
        case when base_close_low_whole is not null then close_trough_date end as closing_low_date,
        case
            when base_close is null then 'no_price'
            when base_low_whole is null then 'window_incomplete'
        end as recovery_missing_reason,
        100 * (base_close / base_close_peak - 1) as drawdown_close_pct,
        100 * (base_close / base_high_peak - 1) as drawdown_intraday_high_pct,
        {% for basis in ['intraday', 'close', 'adjusted'] -%}
            case when is_year_whole then is_1y_high_{{ basis }} end as is_1y_high_{{ basis }},
            case when are_three_years_whole then is_3y_high_{{ basis }} end
                as is_3y_high_{{ basis }},
            case when are_five_years_whole then is_5y_high_{{ basis }} end
                as is_5y_high_{{ basis }},
            {{ days_between('higher_' ~ basis ~ '_date', 'trade_date') }} / cast(365.25 as double)
                as years_since_higher_{{ basis }},
        {% endfor -%}
        case
            when base_close is null then 'no_price'
            when not are_three_years_whole then 'window_incomplete'
        end as high_3y_missing_reason,
        pe_ttm,
        case
            when pe_ttm is not null then null
            when has_multiples then 'no_ratio'
            else 'no_quote'
        end as pe_missing_reason,
        {% for years in [1, 3, 5, 10] -%}
            pe_percentile_{{ years }}y,
            pe_percentile_{{ years }}y_coverage_pct as pe_coverage_{{ years }}y_pct,
            case
                when pe_percentile_{{ years }}y is not null then null
                when pe_ttm is null then 'no_ratio'
                else 'window_incomplete'
            end as pe_percentile_{{ years }}y_missing_reason,
        {% endfor -%}
        backtest_share_pct,
        pb,
        dividend_yield_pct,
        case
            when dividend_yield_pct is null
                then coalesce(
                    dividend_reason, case when close_price is null then 'no_price' end,
                    'no_ratio'
                )
        end as dividend_yield_missing_reason,
        {% for measure in ['pb', 'dividend_yield'] -%}
            {% for years in [3, 5, 10] -%}
                {{ measure }}_percentile_{{ years }}y,
            {% endfor -%}
        {% endfor -%}
        us_10y_pct,
        us_10y_rate_date,
        100 / nullif(pe_ttm, 0) - us_10y_pct as erp_us10y_pct,
        case
            when coalesce(pe_ttm, 0) = 0 then 'no_ratio'
            when us_10y_pct is null then 'no_rate'
        end as erp_missing_reason,
        shares_in_issue,
        market_cap_hkd_mn,
        market_cap_hkd_mn - market_cap_20_before as market_cap_change_20_sessions_hkd_mn,
        market_cap_20_before * return_20 / 100 as market_cap_price_effect_20_sessions_hkd_mn,
        market_cap_hkd_mn - market_cap_20_before * (1 + return_20 / 100)
            as market_cap_issuance_20_sessions_hkd_mn,
        {{ grade_name('grade_rank') }} as evidence_grade,
        is_synthetic,
        known_at
    from valued
)

select * from final
