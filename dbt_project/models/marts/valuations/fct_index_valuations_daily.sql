{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with bulletins as (
    select * from {{ ref('stg_hsi_bulletin__index_valuations') }}
    where {{ is_changed('trade_date') }}
),

final as (
    select
        trade_date,
        index_symbol,
        index_name,
        currency,
        close_level,
        high_level,
        low_level,
        change_pct,
        pe_ratio,
        100 / nullif(pe_ratio, 0) as earnings_yield_pct,
        dividend_yield_pct,
        index_turnover_mn,
        evidence_grade,
        is_synthetic,
        known_at
    from bulletins
)

select * from final
