-- All that is known of a subject on one session, side by side.
{% set joins = {
    'windows': 'int_valuations__price_windows',
    'highs': 'int_valuations__price_highs',
    'compared': 'int_valuations__returns_compared',
    'yields': 'int_valuations__dividend_yields',
    'multiples': 'int_valuations__multiples',
    'placed': 'int_valuations__percentiles_beside',
} -%}

with bars as (
    select * from {{ ref('int_valuations__subject_bars') }}
    where {{ is_changed('trade_date') }}
),

rates as (
    select * from {{ ref('int_valuations__us_yields_known') }}
),

final as (
    select
        bars.trade_date,
        bars.subject_id,
        bars.subject_kind,
        bars.security_code,
        bars.exchange_calendar,
        bars.is_half_day,
        bars.currency,
        bars.close_price,
        bars.high_price,
        bars.low_price,
        cast(bars.adjusted_close_price as double) as adjusted_close_price,
        bars.price_source,
        bars.missing_price_reason,
        {% for sessions in [1, 5, 20, 60] -%}
            compared.return_{{ sessions }},
            compared.relative_return_{{ sessions }},
        {% endfor -%}
        windows.base_close,
        case when windows.is_250_whole then windows.base_low_250 end as base_low_whole,
        case when windows.is_250_whole then windows.base_close_low_250 end as base_close_low_whole,
        windows.trough_date,
        windows.close_trough_date,
        windows.base_close_peak,
        windows.base_high_peak,
        highs.is_year_whole,
        highs.are_three_years_whole,
        highs.are_five_years_whole,
        {% for basis in ['intraday', 'close', 'adjusted'] -%}
            highs.is_1y_high_{{ basis }},
            highs.is_3y_high_{{ basis }},
            highs.is_5y_high_{{ basis }},
            highs.higher_{{ basis }}_date,
        {% endfor -%}
        multiples.subject_id is not null as has_multiples,
        multiples.pe_ttm,
        multiples.pb,
        coalesce(multiples.dividend_yield_pct, yields.dividend_yield_pct) as dividend_yield_pct,
        yields.missing_reason as dividend_reason,
        {% for years in [1, 3, 5, 10] -%}
            placed.pe_percentile_{{ years }}y,
            placed.pe_percentile_{{ years }}y_coverage_pct,
            placed.pb_percentile_{{ years }}y,
            placed.dividend_yield_percentile_{{ years }}y,
        {% endfor -%}
        placed.backtest_share_pct,
        case when multiples.pe_ttm is not null then rates.us_10y_pct end as us_10y_pct,
        case when multiples.pe_ttm is not null then rates.us_10y_rate_date end as us_10y_rate_date,
        multiples.shares_in_issue,
        multiples.market_cap_hkd_mn,
        caps_before.market_cap_20_before,
        greatest(
            bars.grade_rank,
            {% for name in joins if name != 'highs' -%}
                {{ name }}.grade_rank,
            {% endfor -%}
            case when multiples.pe_ttm is not null then rates.grade_rank end
        ) as grade_rank,
        bars.is_synthetic,
        greatest(
            bars.known_at,
            {% for name in joins if name != 'highs' -%}
                {{ name }}.known_at,
            {% endfor -%}
            case when multiples.pe_ttm is not null then rates.known_at end
        ) as known_at
    from bars
    {% for name, model in joins.items() -%}
        left join {{ ref(model) }} as {{ name }}
            on
                bars.trade_date = {{ name }}.trade_date
                and bars.subject_id = {{ name }}.subject_id
                and bars.is_synthetic = {{ name }}.is_synthetic
                and {{ is_changed(name ~ '.trade_date') }}
    {% endfor -%}
    left join {{ ref('int_valuations__caps_before') }} as caps_before
        on
            bars.subject_id = caps_before.subject_id
            and bars.is_synthetic = caps_before.is_synthetic
            and bars.session_number = caps_before.session_number
    left join rates
        on
            bars.trade_date = rates.trade_date
            and bars.is_synthetic = rates.is_synthetic
)

select * from final
