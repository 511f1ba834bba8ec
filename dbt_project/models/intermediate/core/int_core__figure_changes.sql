-- From which day on the figures of each line of the registry may differ from the last publish's.
{{ config(materialized='table') }}
{% for each in metric_marts() -%}
-- depends_on: {{ ref(each) }}
{% endfor %}
with rebuilt as (
    select
        mart,
        date_column,
        min(day) as first_day
    from {{ ref('int_core__mart_days') }}
    where digest is distinct from digest_before
    group by mart, date_column
),

carried as (
    {% for each in mart_dates() if each.day_column -%}
        select
            '{{ each.mart }}' as mart,
            '{{ each.date_column }}' as date_column,
            {{ first_observed_day(each.date_column, each.day_column) }} as first_day
        from {{ ref(each.mart) }}
        where {{ is_changed(each.day_column) }}
        union all
    {% endfor -%}
    select * from rebuilt
),

final as (
    select
        figures.metric_id,
        figures.variant_id,
        figures.subject_kind,
        figures.observation_window,
        figures.window_length,
        case
            when figures.observation_window = 'month' then last_day(carried.first_day)
            else carried.first_day
        end as first_period_end,
        carried.first_day
    from {{ ref('metric_figure') }} as figures
    inner join carried
        on
            figures.model = carried.mart
            and figures.date_column = carried.date_column
    where carried.first_day is not null
)

select * from final
