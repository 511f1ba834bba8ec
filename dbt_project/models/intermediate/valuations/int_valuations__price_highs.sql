-- How long each bar's price has not been higher, on three bases; windows are of calendar years.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}
{% set bases = {
    'intraday': 'base_high', 'close': 'base_close', 'adjusted': 'base_adjusted_close'
} -%}

with framed as (
    {{ price_frames() }}
),

-- Not below the year before it, a price was last exceeded by one that its own next year did not
-- reach: where all bars are compared only such pairs need be, and no price after the bar is in the
-- answer. A few days are compared with all before them.
peaks as (
    {% if first_changed_day() -%}
        select
            trade_date,
            subject_id,
            is_synthetic,
        {% for basis, price in bases.items() -%}
            {{ price }} as price_{{ basis }},
            cast(null as double) as year_after_{{ basis }}{{ ',' if not loop.last }}
        {% endfor %}
        from {{ ref('int_valuations__price_windows') }}
    {%- else -%}
        select * from framed
    {%- endif %}
),

{% for basis in bases -%}
    higher_{{ basis }} as (
        select
            highs.trade_date,
            highs.subject_id,
            highs.is_synthetic,
            max(peaks.trade_date) as higher_date
        from framed as highs
        inner join peaks
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
-- A window counts when it goes back to its start and nine tenths of its sessions are there. A price
-- is the highest of a window when it was last exceeded before it; an empty window has no highest.
final as (
    select
        framed.trade_date,
        framed.subject_id,
        framed.is_synthetic,
        {% for years, window in {1: 'year', 3: 'three_years', 5: 'five_years'}.items() -%}
            framed.first_date <= framed.trade_date - interval '{{ years }}' year + interval '10' day
            and framed.bars_of_{{ window }} >= 0.9 * {{ years }} * 240
                as {{ 'is' if years == 1 else 'are' }}_{{ window }}_whole,
        {% endfor -%}
    {% for basis in bases -%}
        framed.price_{{ basis }} >= framed.year_before_{{ basis }} as is_1y_high_{{ basis }},
        {% for years, window in {3: 'three_years', 5: 'five_years'}.items() -%}
            case
                when framed.bars_of_{{ window }} > 0
                    then
                        framed.price_{{ basis }} >= coalesce(framed.year_before_{{ basis }}, 0)
                        and coalesce(
                            higher_{{ basis }}.higher_date
                            < framed.trade_date - interval '{{ years }}' year,
                            true
                        )
            end as is_{{ years }}y_high_{{ basis }},
        {% endfor -%}
        case when framed.bars_of_year > 0 then higher_{{ basis }}.higher_date end
            as higher_{{ basis }}_date
        {{- ',' if not loop.last }}
    {% endfor %}
    from framed
    {% for basis in bases -%}
        left join higher_{{ basis }}
            on
                framed.trade_date = higher_{{ basis }}.trade_date
                and framed.subject_id = higher_{{ basis }}.subject_id
                and framed.is_synthetic = higher_{{ basis }}.is_synthetic
    {% endfor %}
)

select * from final
