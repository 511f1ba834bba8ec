{{ config(
    materialized='incremental',
    meta={'day_column': 'period_end', 'changes': 'int_core__figure_changes'},
) }}
{% for each in metric_marts() + ['security', 'int_core__figure_changes'] -%}
-- depends_on: {{ ref(each) }}
{% endfor -%}
{% set figures = figures_changed() -%}

with sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
),

figures as (
    {% for figure in figures -%}
        {{ metric_observations(figure) }}
        {{ 'union all' if not loop.last }}
    {% else -%}
        select * from {{ no_observations() }}
    {% endfor %}
),

-- A window of n sessions begins n - 1 sessions of the figure's own calendar before its last one.
keyed as (
    select
        *,
        case when observation_window = 'sessions' then calendar end as counted_calendar
    from figures
),

numbered as (
    select
        keyed.*,
        sessions.session_number - keyed.window_length + 1 as first_session_number
    from keyed
    left join sessions
        on
            keyed.counted_calendar = sessions.calendar
            and keyed.final_day = sessions.trade_date
),

counted as (
    select
        numbered.*,
        sessions.trade_date as first_session
    from numbered
    left join sessions
        on
            numbered.counted_calendar = sessions.calendar
            and numbered.first_session_number = sessions.session_number
),

final as (
    select
        metric_id,
        variant_id,
        subject_kind,
        subject_id,
        cast(
            case observation_window
                when 'day' then final_day
                when 'week' then given_start
                when 'month' then final_day
                when 'mtd' then date_trunc('month', final_day)
                when 'qtd' then date_trunc('quarter', final_day)
                when 'ytd' then date_trunc('year', final_day)
                when 'sessions' then first_session
                when 'years' then final_day - window_length * interval '1' year
            end as date
        ) as period_start,
        case when observation_window = 'month' then last_day(final_day) else final_day end
            as period_end,
        observation_window,
        window_length,
        case when observation_window = 'sessions' then window_length end as window_sessions,
        value,
        value_date,
        unit,
        currency,
        evidence_grade,
        is_synthetic,
        known_at
    from counted
)

select * from final
