{#
    Where ratios stand among those of the years before them.
#}

{% macro percentiles_one_by_one(years) -%}
{#-
    Of a few days, counting the ratios before them one by one is cheaper than a window over all, and
    one number groups them sooner than a subject, a measure and a day do.
-#}
with today as (
    select
        *,
        row_number() over (order by subject_id, measure, is_synthetic, trade_date) as place,
    {% for each in years -%}
        cast(trade_date - interval '{{ each }}' year as date) as first_day_{{ each }}y
        {{- ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_valuations__ratios') }}
    where {{ is_changed('trade_date') }}
),

summed as (
    select
        today.place,
        {% for each in years -%}
            {% set frame = 'earlier.trade_date >= today.first_day_' ~ each ~ 'y' -%}
            100 * cast(
                count(*) filter (where earlier.ratio <= today.ratio and {{ frame }}) as double
            ) / count(*) filter (where {{ frame }}) as percentile_{{ each }}y,
            count(*) filter (where {{ frame }}) as ratios_{{ each }}y,
        {% endfor -%}
        100 * avg(earlier.is_backtest) as backtest_share_pct,
        max(earlier.grade_rank) as latest_grade_rank,
        max(earlier.known_at) as latest_known_at
    from today
    inner join {{ ref('int_valuations__ratios') }} as earlier
        on
            today.subject_id = earlier.subject_id
            and today.measure = earlier.measure
            and today.is_synthetic = earlier.is_synthetic
            and today.trade_date >= earlier.trade_date
            and today.first_day_{{ years[-1] }}y <= earlier.trade_date
    group by today.place
),

placed as (
    select
        today.trade_date,
        today.subject_id,
        today.measure,
        today.is_synthetic,
        summed.*
    from today
    inner join summed on today.place = summed.place
)

select * from placed
{%- endmacro %}
