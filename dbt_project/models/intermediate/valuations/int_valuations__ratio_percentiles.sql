-- Where a ratio stands among its own values of 3, 5 and 10 years up to the day.
{% set sessions_per_year = 246 -%}

with ratios as (
    select * from {{ ref('int_valuations__ratios_united') }}
),

long_form as (
    {% for figure in ['pe_ttm', 'pb', 'published_dividend_yield_pct'] -%}
        select
            '{{ figure }}' as figure,
            subject_id,
            trade_date,
            {{ figure }} as ratio,
            is_synthetic
        from ratios
        where {{ figure }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- The Hang Seng TECH Index was launched on 27 July 2020: what is dated earlier is a back-test.
placed as (
    select
        {% for years in [3, 5, 10] -%}
            100 * {{ framed_percentile('ratio', 'figure, subject_id', years) }}
                as percentile_{{ years }}y,
            least(
                100 * cast(count(ratio) over within_{{ years }} as double)
                / ({{ sessions_per_year }} * {{ years }}), 100
            ) as coverage_{{ years }}y_pct,
        {% endfor -%}
        figure,
        subject_id,
        trade_date,
        is_synthetic,
        100 * avg(
            case when subject_id = 'HSTECH.HK' and trade_date < date '2020-07-27' then 1 else 0 end
        ) over within_10 as backtest_share_pct
    from long_form
    window
    {% for years in [3, 5, 10] -%}
            within_{{ years }} as (
                partition by figure, subject_id, is_synthetic order by trade_date
                range between interval '{{ years }}' year preceding and current row
            ){{ ',' if not loop.last }}
    {% endfor %}
),

final as (
    select
        {% for figure, name in [
            ('pe_ttm', 'pe'), ('pb', 'pb'), ('published_dividend_yield_pct', 'dividend_yield')
        ] -%}
            {% for years in [3, 5, 10] -%}
                max(case
                    when figure = '{{ figure }}' and coverage_{{ years }}y_pct >= 80
                        then percentile_{{ years }}y
                end) as {{ name }}_percentile_{{ years }}y,
            {% endfor -%}
        {% endfor -%}
        subject_id,
        trade_date,
        is_synthetic,
        max(case when figure = 'pe_ttm' then coverage_3y_pct end) as pe_coverage_3y_pct,
        max(case when figure = 'pe_ttm' then coverage_10y_pct end) as pe_coverage_10y_pct,
        max(case when figure = 'pe_ttm' then backtest_share_pct end) as backtest_share_pct
    from placed
    group by subject_id, trade_date, is_synthetic
)

select * from final
