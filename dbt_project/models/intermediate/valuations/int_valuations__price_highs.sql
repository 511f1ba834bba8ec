-- How long each bar's price has not been higher, on three bases; windows are of calendar years.
{% set bases = {
    'intraday': 'base_high', 'close': 'base_close', 'adjusted': 'base_adjusted_close'
} -%}
{% set long_windows = {3: 'three_years', 5: 'five_years'} -%}
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with bars as (
    select
        trade_date,
        subject_id,
        is_synthetic,
    {% for basis, price in bases.items() -%}
        {{ price }} as {{ basis }}_price{{ ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_valuations__price_windows') }}
),

framed as (
    select
        *,
        {% for basis in bases -%}
            max({{ basis }}_price) over year_before as {{ basis }}_year_before,
            {% if not first_changed_day() -%}
                max({{ basis }}_price) over year_after as {{ basis }}_year_after,
            {% endif -%}
        {% endfor -%}
        {% if not first_changed_day() -%}
            {% for window in long_windows.values() -%}
                count(*) over {{ window }} - 1 as bars_of_{{ window }},
            {% endfor -%}
        {% endif -%}
        count(*) over year_before as bars_of_year
    from bars
    where {{ is_changed('trade_date', 366) }}
    window
        {% if not first_changed_day() -%}
            year_after as (
                partition by subject_id, is_synthetic order by trade_date
                range between interval '1' day following and interval '365' day following
            ),
            {% for years, window in long_windows.items() -%}
                {{ window }} as (
                    partition by subject_id, is_synthetic order by trade_date
                    range between interval '{{ years }}' year preceding and current row
                ),
            {% endfor -%}
        {% endif -%}
        year_before as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '365' day preceding and interval '1' day preceding
        )
),

firsts as (
    select
        subject_id,
        is_synthetic,
        min(trade_date) as first_date
    from bars
    group by subject_id, is_synthetic
),

{% if first_changed_day() -%}
    -- Of a few days, counting their bars one by one is cheaper than a window over all.
    counted as (
        select
            framed.trade_date,
            framed.subject_id,
            framed.is_synthetic,
        {% for years, window in long_windows.items() -%}
            count(*) filter (
                where earlier.trade_date >= framed.trade_date - interval '{{ years }}' year
            ) as bars_of_{{ window }}{{ ',' if not loop.last }}
        {% endfor %}
        from framed
        inner join bars as earlier
            on
                framed.subject_id = earlier.subject_id
                and framed.is_synthetic = earlier.is_synthetic
                and framed.trade_date > earlier.trade_date
                and framed.trade_date - interval '5' year <= earlier.trade_date
        where {{ is_changed('framed.trade_date') }}
        group by framed.trade_date, framed.subject_id, framed.is_synthetic
    ),

{% endif -%}
-- Not below the year before it, a price was last exceeded by one that its own next year did not
-- reach: where all are compared, only such pairs need be, and no price after the bar is in the
-- answer.
{% for basis in bases -%}
    higher_{{ basis }} as (
        select
            highs.trade_date,
            highs.subject_id,
            highs.is_synthetic,
            max(peaks.trade_date) as higher_date
        from framed as highs
        inner join {{ 'bars' if first_changed_day() else 'framed' }} as peaks
            on
                highs.subject_id = peaks.subject_id
                and highs.is_synthetic = peaks.is_synthetic
                and highs.trade_date > peaks.trade_date
                and highs.{{ basis }}_price < peaks.{{ basis }}_price
        where
            highs.{{ basis }}_price >= coalesce(highs.{{ basis }}_year_before, 0)
            {% if first_changed_day() -%}
                and {{ is_changed('highs.trade_date') }}
            {%- else -%}
                and peaks.{{ basis }}_price > coalesce(peaks.{{ basis }}_year_after, 0)
            {%- endif %}
        group by highs.trade_date, highs.subject_id, highs.is_synthetic
    ),

{% endfor -%}
measured as (
    select
        framed.*,
        {% if first_changed_day() -%}
            {% for window in long_windows.values() -%}
                coalesce(counted.bars_of_{{ window }}, 0) as bars_of_{{ window }},
            {% endfor -%}
        {% endif -%}
        firsts.first_date
    from framed
    inner join firsts
        on
            framed.subject_id = firsts.subject_id
            and framed.is_synthetic = firsts.is_synthetic
    {% if first_changed_day() -%}
        left join counted
            on
                framed.trade_date = counted.trade_date
                and framed.subject_id = counted.subject_id
                and framed.is_synthetic = counted.is_synthetic
    {% endif -%}
    where {{ is_changed('framed.trade_date') }}
),

-- A window counts when it goes back to its start and nine tenths of its sessions are there. A price
-- is the highest of a window when it was last exceeded before it; an empty window has no highest.
final as (
    select
        measured.trade_date,
        measured.subject_id,
        measured.is_synthetic,
        {% for years, window in {1: 'year', 3: 'three_years', 5: 'five_years'}.items() -%}
            measured.first_date
            <= measured.trade_date - interval '{{ years }}' year + interval '10' day
            and measured.bars_of_{{ window }} >= 0.9 * {{ years }} * 240
                as {{ 'is' if years == 1 else 'are' }}_{{ window }}_whole,
        {% endfor -%}
    {% for basis in bases -%}
        measured.{{ basis }}_price >= measured.{{ basis }}_year_before as is_1y_high_{{ basis }},
        {% for years, window in long_windows.items() -%}
            case
                when measured.bars_of_{{ window }} > 0
                    then
                        measured.{{ basis }}_price >= coalesce(measured.{{ basis }}_year_before, 0)
                        and coalesce(
                            higher_{{ basis }}.higher_date
                            < measured.trade_date - interval '{{ years }}' year,
                            true
                        )
            end as is_{{ years }}y_high_{{ basis }},
        {% endfor -%}
        case when measured.bars_of_year > 0 then higher_{{ basis }}.higher_date end
            as higher_{{ basis }}_date
        {{- ',' if not loop.last }}
    {% endfor %}
    from measured
    {% for basis in bases -%}
        left join higher_{{ basis }}
            on
                measured.trade_date = higher_{{ basis }}.trade_date
                and measured.subject_id = higher_{{ basis }}.subject_id
                and measured.is_synthetic = higher_{{ basis }}.is_synthetic
    {% endfor %}
)

select * from final
