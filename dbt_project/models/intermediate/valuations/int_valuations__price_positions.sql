-- Where a price stands against the prices before it: returns, lows, highs. Bars have a close.
{{ config(materialized='table') }}

with bars as (
    select * from {{ ref('int_valuations__price_bars') }}
    where base_close > 0
),

placed as (
    select
        *,
        {% for sessions in [5, 20, 60] -%}
            case
                when
                    session_number - lag(session_number, {{ sessions }}) over in_order
                    <= {{ sessions }} + {{ sessions // 10 + 1 }}
                    then 100 * (base_close / lag(base_close, {{ sessions }}) over in_order - 1)
            end as return_{{ sessions }}_sessions_pct,
        {% endfor -%}
        session_number - lag(session_number, 249) over in_order <= 274 as is_250_whole,
        min(base_low) over last_250 as lowest_low,
        min(base_close) over last_250 as lowest_close,
        {{ value_at_minimum('trade_date', 'base_low') }} over last_250 as lowest_low_date,
        {{ value_at_minimum('trade_date', 'base_close') }} over last_250 as lowest_close_date,
        max(base_high) over to_date as highest_high,
        max(base_close) over to_date as highest_close,
        {% for years in [1, 3, 5] -%}
            max(base_high) over before_{{ years }} as high_before_{{ years }},
            max(base_close) over before_{{ years }} as close_before_{{ years }},
            max(adjusted_close_price) over before_{{ years }} as adjusted_before_{{ years }},
        {% endfor -%}
        min(trade_date) over to_date as first_trade_date,
        max({{ grade_rank('evidence_grade') }}) over to_date as latest_grade_rank,
        max(known_at) over to_date as latest_known_at
    from bars
    window
        in_order as (partition by subject_id, is_synthetic order by trade_date),
        to_date as (
            partition by subject_id, is_synthetic order by trade_date
            rows between unbounded preceding and current row
        ),
        last_250 as (
            partition by subject_id, is_synthetic order by trade_date
            rows between 249 preceding and current row
        ),
    {% for years in [1, 3, 5] -%}
        before_{{ years }} as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '{{ years }}' year preceding
            and interval '1' day preceding
        ){{ ',' if not loop.last }}
    {% endfor %}
),

final as (
    select
        {% for years in [1, 3, 5] -%}
            {% for basis, price, before in [
                ('intraday', 'base_high', 'high'),
                ('close', 'base_close', 'close'),
                ('adjusted', 'adjusted_close_price', 'adjusted'),
            ] -%}
                case
                    when first_trade_date <= trade_date - interval '{{ years }}' year
                        then {{ price }} >= {{ before }}_before_{{ years }}
                end as is_{{ years }}y_high_{{ basis }},
            {% endfor -%}
        {% endfor -%}
        *,
        case when is_250_whole then 100 * (base_close / lowest_low - 1) end
            as recovery_from_intraday_low_pct,
        case when is_250_whole then 100 * (base_close / lowest_close - 1) end
            as recovery_from_closing_low_pct,
        case when is_250_whole then lowest_low_date end as intraday_low_date,
        case when is_250_whole then lowest_close_date end as closing_low_date,
        100 * (base_close / highest_close - 1) as drawdown_close_pct,
        100 * (base_close / highest_high - 1) as drawdown_intraday_high_pct
    from placed
)

select * from final
