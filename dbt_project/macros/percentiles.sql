{#
    Where ratios stand among those of the years before them.
#}

{% macro percentiles_one_by_one(years) -%}
{#-
    Of a few days, counting the ratios before them one by one is cheaper than a window over all. A
    ratio is counted once, in the shortest of the windows that hold it: longer ones add them up. One
    number groups them sooner than a subject, a measure and a day do.
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

counted as (
    select
        today.place,
        0
        {%- for each in years[:-1] %}
            + cast(earlier.trade_date < today.first_day_{{ each }}y as integer)
        {%- endfor %}
        as window_number,
        count(*) as ratios,
        count(case when earlier.ratio <= today.ratio then 1 end) as ratios_not_above,
        sum(earlier.is_backtest) as backtests,
        max(earlier.grade_rank) as grade_rank,
        max(earlier.known_at) as known_at
    from today
    inner join {{ ref('int_valuations__ratios') }} as earlier
        on
            today.subject_id = earlier.subject_id
            and today.measure = earlier.measure
            and today.is_synthetic = earlier.is_synthetic
            and today.trade_date >= earlier.trade_date
            and today.first_day_{{ years[-1] }}y <= earlier.trade_date
    group by today.place, window_number
),

summed as (
    select
        place,
        {% for each in years -%}
            {% set within -%} case when window_number <= {{ loop.index0 }} then {%- endset -%}
            100 * (
                cast(sum({{ within }} ratios_not_above end) as double)
                / sum({{ within }} ratios end)
            ) as percentile_{{ each }}y,
            sum({{ within }} ratios end) as ratios_{{ each }}y,
        {% endfor -%}
        100 * (cast(sum(backtests) as double) / sum(ratios)) as backtest_share_pct,
        max(grade_rank) as latest_grade_rank,
        max(known_at) as latest_known_at
    from counted
    group by place
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
