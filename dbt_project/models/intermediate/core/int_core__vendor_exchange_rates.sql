-- The vendor's closes of currency pairs, few among all its bars.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with bars as (
    select * from {{ ref('stg_yahoo_chart__daily_bars') }}
    where
        symbol in ('HKD=X', 'CNY=X', 'CNYHKD=X')
        and {{ is_changed('trade_date') }}
),

final as (
    select
        trade_date,
        symbol,
        close_price,
        evidence_grade,
        is_synthetic,
        known_at
    from bars
)

select * from final
