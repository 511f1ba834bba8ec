-- Where a ratio stands among the subject's own of the years up to it, one row a ratio and session.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}
{% set years = [1, 3, 5, 10] -%}

-- Every subject with ratios trades in Hong Kong. The calendar does not go back ten years from its
-- first sessions on: a year has 240 of them at least.
with expected as (
    select
        trade_date,
    {% for each in years -%}
        greatest(
            count(*) over (
                order by trade_date
                range between interval '{{ each }}' year preceding and current row
                ),
            240 * {{ each }}
        ) as sessions_{{ each }}y
        {{- ',' if not loop.last }}
    {% endfor %}
    from {{ ref('int_core__sessions_numbered') }}
    where calendar = 'XHKG'
),

{% if first_changed_day() -%}
    placed as (
        {{ percentiles_one_by_one(years) }}
    ),
{%- else -%}
    placed as (
        select
            *,
            {% for each in years -%}
                100 * {{ framed_percentile('ratio', 'subject_id, measure', each) }}
                    as percentile_{{ each }}y,
                count(*) over last_{{ each }}_years as ratios_{{ each }}y,
            {% endfor -%}
            100 * avg(is_backtest) over last_10_years as backtest_share_pct,
            max(grade_rank) over last_10_years as latest_grade_rank,
            max(known_at) over last_10_years as latest_known_at
        from {{ ref('int_valuations__ratios') }}
        window
        {% for each in years -%}
                last_{{ each }}_years as (
                    partition by subject_id, measure, is_synthetic order by trade_date
                    range between interval '{{ each }}' year preceding and current row
                ){{ ',' if not loop.last }}
        {% endfor %}
    ),
{%- endif %}

counted as (
    select
        placed.*,
    {% for each in years -%}
        100.0 * placed.ratios_{{ each }}y / expected.sessions_{{ each }}y
            as coverage_{{ each }}y
        {{- ',' if not loop.last }}
    {% endfor %}
    from placed
    inner join expected
        on placed.trade_date = expected.trade_date
),

final as (
    select
        trade_date,
        subject_id,
        is_synthetic,
        measure,
        {% for each in years -%}
            case when coverage_{{ each }}y >= 80 then percentile_{{ each }}y end
                as percentile_{{ each }}y,
            cast(least(coverage_{{ each }}y, 100) as double) as coverage_{{ each }}y,
        {% endfor -%}
        cast(backtest_share_pct as double) as backtest_share_pct,
        latest_grade_rank as grade_rank,
        latest_known_at as known_at
    from counted
)

select * from final
