-- What each day of a mart says, as one number, beside what it said at the last publish.
{{ config(materialized='table') }}
{% for each in metric_marts() -%}
-- depends_on: {{ ref(each) }}
{% endfor %}
with days as (
    {% for each in mart_dates() if not each.day_column -%}
        select
            '{{ each.mart }}' as mart,
            '{{ each.date_column }}' as date_column,
            {{ each.date_column }} as day,
            {{ rows_digest(each.mart) }} as digest
        from {{ ref(each.mart) }}
        where {{ each.date_column }} is not null
        group by {{ each.date_column }}
        {{ 'union all' if not loop.last }}
    {% else -%}
        select
            cast(null as {{ column_type('varchar') }}) as mart,
            cast(null as {{ column_type('varchar') }}) as date_column,
            cast(null as date) as day,
            cast(null as bigint) as digest
        where false
    {% endfor %}
),

{% if first_changed_day() -%}
    before as (
        select * from {{ this }}
        where digest is not null
    ),

    final as (
        select
            coalesce(days.mart, before.mart) as mart,
            coalesce(days.date_column, before.date_column) as date_column,
            coalesce(days.day, before.day) as day,
            days.digest,
            before.digest as digest_before
        from days
        full outer join before
            on
                days.mart = before.mart
                and days.date_column = before.date_column
                and days.day = before.day
    )
{%- else -%}
    final as (
        select
            *,
            cast(null as bigint) as digest_before
        from days
    )
{%- endif %}

select * from final
