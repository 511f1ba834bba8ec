{#
    How each bar's prices stand to those before it, in the two ways that int_valuations__price_highs
    needs: of all bars by windows, of a few days by going through what came before them. Both
    give the columns of `price_bars`, and
        bars_of_year, _three_years ... bars before this one within 365 days, 3 and 5 years
        year_before_<basis>            the highest price of the 365 days before
        higher_date_<basis>            the last day of a higher price, where none is in those days
#}

{% macro price_bases() -%}
    {{ return(['intraday', 'close', 'adjusted']) }}
{%- endmacro %}

{% macro long_price_windows() -%}
    {{ return({3: 'three_years', 5: 'five_years'}) }}
{%- endmacro %}

{% macro price_bars() -%}
    select
        trade_date,
        subject_id,
        is_synthetic,
        first_date,
        base_high as price_intraday,
        base_close as price_close,
        base_adjusted_close as price_adjusted
    from {{ ref('int_valuations__price_windows') }}
{%- endmacro %}

{% macro prices_compared_in_windows() -%}
with bars as (
    {{ price_bars() }}
),

framed as (
    select
        *,
        {% for basis in price_bases() -%}
            max(price_{{ basis }}) over year_before as year_before_{{ basis }},
            max(price_{{ basis }}) over year_after as year_after_{{ basis }},
        {% endfor -%}
        {% for window in long_price_windows().values() -%}
            count(*) over {{ window }} - 1 as bars_of_{{ window }},
        {% endfor -%}
        count(*) over year_before as bars_of_year
    from bars
    window
        {% for years, window in long_price_windows().items() -%}
            {{ window }} as (
                partition by subject_id, is_synthetic order by trade_date
                range between interval '{{ years }}' year preceding and current row
            ),
        {% endfor -%}
        year_after as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '1' day following and interval '365' day following
        ),
        year_before as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '365' day preceding and interval '1' day preceding
        )
),

{#-
    Not below the year before it, a price was last exceeded by one that its own next year did not
    reach: only such pairs need be compared, and no price after the bar is in the answer.
#}
{% for basis in price_bases() -%}
    higher_{{ basis }} as (
        select
            highs.trade_date,
            highs.subject_id,
            highs.is_synthetic,
            max(peaks.trade_date) as higher_date
        from framed as highs
        inner join framed as peaks
            on
                highs.subject_id = peaks.subject_id
                and highs.is_synthetic = peaks.is_synthetic
                and highs.trade_date > peaks.trade_date
                and highs.price_{{ basis }} < peaks.price_{{ basis }}
        where
            highs.price_{{ basis }} >= coalesce(highs.year_before_{{ basis }}, 0)
            and peaks.price_{{ basis }} > coalesce(peaks.year_after_{{ basis }}, 0)
        group by highs.trade_date, highs.subject_id, highs.is_synthetic
    ),

{% endfor -%}
compared as (
    select
        framed.*,
    {% for basis in price_bases() -%}
        higher_{{ basis }}.higher_date as higher_date_{{ basis }}{{ ',' if not loop.last }}
    {% endfor %}
    from framed
    {% for basis in price_bases() -%}
        left join higher_{{ basis }}
            on
                framed.trade_date = higher_{{ basis }}.trade_date
                and framed.subject_id = higher_{{ basis }}.subject_id
                and framed.is_synthetic = higher_{{ basis }}.is_synthetic
    {% endfor %}
)

select * from compared
{%- endmacro %}
