-- Every ratio that is placed among its own past, one row a ratio, session and subject.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with multiples as (
    select * from {{ ref('int_valuations__multiples') }}
    where {{ is_changed('trade_date') }}
),

yields as (
    select * from {{ ref('int_valuations__dividend_yields') }}
    where {{ is_changed('trade_date') }}
),

ratios as (
    {% for measure in ['pe_ttm', 'pb', 'dividend_yield_pct'] -%}
        select
            trade_date,
            subject_id,
            is_synthetic,
            '{{ measure }}' as measure,
            cast({{ measure }} as double) as ratio,
            grade_rank,
            known_at
        from multiples
        where {{ measure }} is not null
        union all
    {% endfor -%}
    select
        trade_date,
        subject_id,
        is_synthetic,
        'dividend_yield_pct' as measure,
        dividend_yield_pct as ratio,
        grade_rank,
        known_at
    from yields
    where dividend_yield_pct is not null
),

final as (
    select
        ratios.*,
        case when ratios.trade_date < indices.launch_date then 1 else 0 end as is_backtest
    from ratios
    left join {{ ref('index_launch') }} as indices
        on ratios.subject_id = indices.index_symbol
)

select * from final
