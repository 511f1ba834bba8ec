-- How long each bar's price has not been higher, on three bases; windows are of calendar years.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with compared as (
    {% if first_changed_day() -%}
        {{ prices_compared_one_by_one() }}
    {%- else -%}
        {{ prices_compared_in_windows() }}
    {%- endif %}
),

-- A window counts when it goes back to its start and nine tenths of its sessions are there. A price
-- is the highest of a window when it was last exceeded before it; an empty window has no highest.
final as (
    select
        trade_date,
        subject_id,
        is_synthetic,
        {% for years, window in {1: 'year', 3: 'three_years', 5: 'five_years'}.items() -%}
            first_date <= trade_date - interval '{{ years }}' year + interval '10' day
            and bars_of_{{ window }} >= 0.9 * {{ years }} * 240
                as {{ 'is' if years == 1 else 'are' }}_{{ window }}_whole,
        {% endfor -%}
    {% for basis in price_bases() -%}
        price_{{ basis }} >= year_before_{{ basis }} as is_1y_high_{{ basis }},
        {% for years, window in long_price_windows().items() -%}
            case
                when bars_of_{{ window }} > 0
                    then
                        price_{{ basis }} >= coalesce(year_before_{{ basis }}, 0)
                        and coalesce(
                            higher_date_{{ basis }} < trade_date - interval '{{ years }}' year,
                            true
                        )
            end as is_{{ years }}y_high_{{ basis }},
        {% endfor -%}
        case when bars_of_year > 0 then higher_date_{{ basis }} end
            as higher_{{ basis }}_date
        {{- ',' if not loop.last }}
    {% endfor %}
    from compared
)

select * from final
