{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}
{% set days_before = price_reach_days() -%}

with closes as (
    select * from {{ ref('int_valuations__pair_closes') }}
    where {{ is_changed('trade_date', days_before) }}
),

{% set windows = [1, 5, 20, 60] -%}
{% set figures = [
    'subject_close', 'benchmark_close', 'subject_close_usd', 'benchmark_close_usd',
] -%}

{% for sessions in windows -%}
    window_{{ sessions }} as (
        select
            *,
            {{ sessions }} as window_sessions,
            {{ lagged_within('trade_date', sessions, days=days_before) }} as window_start_date,
            joint_session_number - lag(joint_session_number, {{ sessions }}) over in_order
                as sessions_between,
            {% for figure in figures -%}
                lag({{ figure }}, {{ sessions }}) over in_order as {{ figure }}_before,
            {% endfor -%}
            {{ lagged_within('grade_rank', sessions, days=days_before) }} as grade_rank_before,
            {{ lagged_within('known_at', sessions, days=days_before) }} as known_at_before
        from closes
        window in_order as (
            partition by subject_id, benchmark_id, is_synthetic order by trade_date
        )
    ),

{% endfor -%}

united as (
    {% for sessions in windows -%}
        select * from window_{{ sessions }}
        where {{ is_changed('trade_date') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A window counts closes that both have; where over a tenth of its days lack one, it is too long.
measured as (
    select
        *,
        {% for figure in figures -%}
            100 * ({{ figure }} / nullif({{ figure }}_before, 0) - 1) as {{ figure }}_return_pct,
        {% endfor -%}
        case
            when window_start_date is null then 'window_incomplete'
            when sessions_between > 1.1 * window_sessions then 'sessions_missing'
        end as relative_return_missing_reason
    from united
),

final as (
    select
        trade_date,
        subject_id,
        benchmark_id,
        benchmark_market,
        cast(window_sessions as bigint) as window_sessions,
        window_start_date,
        {% set columns = {
            'subject_return_pct': 'subject_close_return_pct',
            'benchmark_return_pct': 'benchmark_close_return_pct',
            'relative_return_pct': 'subject_close_return_pct - benchmark_close_return_pct',
            'relative_return_usd_pct':
                'subject_close_usd_return_pct - benchmark_close_usd_return_pct',
        } -%}
        {% for name, figure in columns.items() -%}
            case when relative_return_missing_reason is null then {{ figure }} end as {{ name }},
        {% endfor -%}
        relative_return_missing_reason,
        {{ grade_name('greatest(grade_rank, grade_rank_before)') }} as evidence_grade,
        is_synthetic,
        greatest(known_at, known_at_before) as known_at
    from measured
)

select * from final
