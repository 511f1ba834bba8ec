-- How long each bar's price has not been higher, on three bases; windows are of calendar years.
{% set bases = {
    'intraday': 'base_high', 'close': 'base_close', 'adjusted': 'base_adjusted_close'
} -%}
{{ config(materialized='table') }}

with framed as (
    select
        trade_date,
        subject_id,
        is_synthetic,
        min(trade_date) over in_order as first_date,
        {% for basis, price in bases.items() -%}
            {{ price }} as {{ basis }}_price,
            max({{ price }}) over year_before as {{ basis }}_year_before,
            max({{ price }}) over year_after as {{ basis }}_year_after,
        {% endfor -%}
        count(*) over year_before as bars_of_year,
        count(*) over three_years - 1 as bars_of_three_years,
        count(*) over five_years - 1 as bars_of_five_years
    from {{ ref('int_valuations__price_windows') }}
    window
        in_order as (partition by subject_id, is_synthetic order by trade_date),
        year_before as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '365' day preceding and interval '1' day preceding
        ),
        year_after as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '1' day following and interval '365' day following
        ),
        three_years as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '3' year preceding and current row
        ),
        five_years as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '5' year preceding and current row
        )
),

-- Not below the year before it, a price was last exceeded by one that its own next year did not
-- reach: only such pairs need comparing, and no price after the bar is in the answer.
{% for basis in bases -%}
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
                and highs.{{ basis }}_price < peaks.{{ basis }}_price
        where
            highs.{{ basis }}_price >= coalesce(highs.{{ basis }}_year_before, 0)
            and peaks.{{ basis }}_price > coalesce(peaks.{{ basis }}_year_after, 0)
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
        framed.{{ basis }}_price >= framed.{{ basis }}_year_before as is_1y_high_{{ basis }},
        {% for years, window in {3: 'three_years', 5: 'five_years'}.items() -%}
            case
                when framed.bars_of_{{ window }} > 0
                    then
                        framed.{{ basis }}_price >= coalesce(framed.{{ basis }}_year_before, 0)
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
