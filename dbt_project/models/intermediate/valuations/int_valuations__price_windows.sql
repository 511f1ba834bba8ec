-- What a subject's own prices say up to each bar. A bar is a session with a price.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}
{% set days_before = price_reach_days() -%}

with bars as (
    select * from {{ ref('int_valuations__subject_bars') }}
    where
        base_close > 0
        and {{ is_changed('trade_date', days_before) }}
),

dividends_of_bar as (
    {{ dividends_of_bars('bars', days_before) }}
),

ordered as (
    select
        bars.*,
        dividends_of_bar.base_dividend,
        greatest(bars.grade_rank, dividends_of_bar.grade_rank) as input_grade_rank,
        greatest(bars.known_at, bars.split_known_at, dividends_of_bar.known_at) as input_known_at,
        lag(bars.base_close) over in_order as base_close_before,
        row_number() over (
            partition by bars.subject_id, bars.is_synthetic
            order by bars.base_low asc, bars.trade_date desc
        ) as order_of_low,
        row_number() over (
            partition by bars.subject_id, bars.is_synthetic
            order by bars.base_close asc, bars.trade_date desc
        ) as order_of_close
    from bars
    left join dividends_of_bar
        on
            bars.subject_id = dividends_of_bar.subject_id
            and bars.is_synthetic = dividends_of_bar.is_synthetic
            and bars.trade_date = dividends_of_bar.trade_date
    window in_order as (
        partition by bars.subject_id, bars.is_synthetic order by bars.trade_date
    )
),

windowed as (
    select
        trade_date,
        subject_id,
        exchange_calendar,
        is_synthetic,
        session_number,
        base_high,
        base_close,
        sum(
            case
                when base_dividend < base_close_before
                    then -ln(1 - base_dividend / base_close_before)
                else 0
            end
        ) over in_order as dividends_added,
        {% for sessions in [1, 5, 20, 60] -%}
            max(base_close) over session_{{ sessions }}_before
                as base_close_{{ sessions }}_before,
        {% endfor -%}
        min(base_low) over last_250 as base_low_250,
        min_by(trade_date, order_of_low) over last_250 as trough_date,
        min(base_close) over last_250 as base_close_low_250,
        min_by(trade_date, order_of_close) over last_250 as close_trough_date,
        coalesce(session_number - lag(session_number, 249) over in_order <= 274, false)
            as is_250_whole,
        min(trade_date) over in_order as first_date,
        max(base_close) over in_order as base_close_peak,
        max(base_high) over in_order as base_high_peak,
        max(input_grade_rank) over in_order as grade_rank,
        max(input_known_at) over in_order as known_at
    from ordered
    window
        in_order as (partition by subject_id, is_synthetic order by trade_date),
        {% for sessions in [1, 5, 20, 60] -%}
            session_{{ sessions }}_before as (
                partition by subject_id, is_synthetic order by session_number
                range between {{ sessions }} preceding and {{ sessions }} preceding
            ),
        {% endfor -%}
        last_250 as (
            partition by subject_id, is_synthetic order by trade_date
            rows between 249 preceding and current row
        )
),

{% if first_changed_day() -%}
    -- What the days before the first of these bars gave to it, and so to all after it.
    carried as (
        {{ carried_rows('subject_id, is_synthetic', days_before) }}
    ),

{% endif -%}
-- Rounded, so that equal prices stay equal in whatever order their dividends were added up.
final as (
    select
        windowed.trade_date,
        windowed.subject_id,
        windowed.exchange_calendar,
        windowed.is_synthetic,
        windowed.session_number,
        windowed.base_high,
        windowed.base_close,
        round(windowed.base_close * exp({{ accrued('+', 'dividends_added') }}), 9)
            as base_adjusted_close,
        {% for sessions in [1, 5, 20, 60] -%}
            windowed.base_close_{{ sessions }}_before,
        {% endfor -%}
        windowed.base_low_250,
        windowed.trough_date,
        windowed.base_close_low_250,
        windowed.close_trough_date,
        windowed.is_250_whole,
        {% for figure in ['base_close_peak', 'base_high_peak', 'grade_rank', 'known_at'] -%}
            {{ accrued('greatest', figure) }} as {{ figure }},
        {% endfor -%}
        {{ accrued('least', 'first_date') }} as first_date,
        {{ accrued('+', 'dividends_added') }} as dividends_added
    from windowed
    {{ join_carried('windowed', ['subject_id', 'is_synthetic']) }}
    where {{ is_changed('windowed.trade_date') }}
)

select * from final
{{ in_order_of_days() }}
