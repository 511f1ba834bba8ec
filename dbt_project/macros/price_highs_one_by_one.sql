{#
    How the prices of a few days stand to those before them: see price_highs.sql for what comes out.
#}

{% macro prices_compared_one_by_one() -%}
{#-
    Bars are named anew each time: a query used twice is one that DuckDB keeps in memory, of all days.
    Each question reads the days that it is about and no others. One number groups the millions of
    bars that are gone through sooner than a subject and a day do.
-#}
{%- set is_before -%}
    today.subject_id = earlier.subject_id
    and today.is_synthetic = earlier.is_synthetic
    and today.trade_date > earlier.trade_date
{%- endset -%}
with today as (
    select
        *,
        row_number() over (order by subject_id, is_synthetic, trade_date) as bar,
        {% for years, window in long_price_windows().items() -%}
            cast(trade_date - interval '{{ years }}' year as date) as first_day_of_{{ window }},
        {% endfor -%}
        cast(trade_date - interval '365' day as date) as first_day_of_year
    from ({{ price_bars() }}) as bars
    where {{ is_changed('trade_date') }}
),

years as (
    select
        today.bar,
        {% for basis in price_bases() -%}
            max(earlier.price_{{ basis }}) as year_before_{{ basis }},
        {% endfor -%}
        count(*) as bars_of_year
    from today
    inner join ({{ price_bars() }}) as earlier
        on {{ is_before }} and today.first_day_of_year <= earlier.trade_date
    where {{ is_changed('earlier.trade_date', 365) }}
    group by today.bar
),

counted as (
    select
        today.bar
        {% for window in long_price_windows().values() -%}
            , count(case when earlier.trade_date >= today.first_day_of_{{ window }} then 1 end)
                as bars_of_{{ window }}
        {%- endfor %}
    from today
    inner join ({{ price_bars() }}) as earlier
        on {{ is_before }}
    where {{ is_changed('earlier.trade_date', 366 * (long_price_windows() | max)) }}
    group by today.bar
),

placed as (
    select
        today.*,
        {% for basis in price_bases() -%}
            years.year_before_{{ basis }},
            today.price_{{ basis }} >= coalesce(years.year_before_{{ basis }}, 0)
                as is_high_{{ basis }},
        {% endfor -%}
        {% for window in long_price_windows().values() -%}
            coalesce(counted.bars_of_{{ window }}, 0) as bars_of_{{ window }},
        {% endfor -%}
        coalesce(years.bars_of_year, 0) as bars_of_year
    from today
    left join years on today.bar = years.bar
    left join counted on today.bar = counted.bar
),

-- Of a price that is not below the year before it: what exceeded it last lies before that year.
exceeded as (
    select
        today.bar
        {% for basis in price_bases() -%}
            , max(
                case
                    when today.is_high_{{ basis }}
                        and earlier.price_{{ basis }} > today.price_{{ basis }}
                        then earlier.trade_date
                end
            ) as higher_date_{{ basis }}
        {%- endfor %}
    from placed as today
    inner join ({{ price_bars() }}) as earlier
        on {{ is_before }}
    where
        {% for basis in price_bases() -%}
            {{ 'or ' if not loop.first }}today.is_high_{{ basis }}
        {% endfor %}
    group by today.bar
),

compared as (
    select
        placed.*,
    {% for basis in price_bases() -%}
        exceeded.higher_date_{{ basis }}{{ ',' if not loop.last }}
    {% endfor %}
    from placed
    left join exceeded on placed.bar = exceeded.bar
)

select * from compared
{%- endmacro %}
