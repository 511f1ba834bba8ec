{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with quotes as (
    select * from {{ ref('stg_tencent_quote__security_valuations') }}
    where {{ is_changed('trade_date') }}
),

final as (
    select
        trade_date,
        security_code,
        currency,
        close_price,
        pe_ratio,
        100 / nullif(pe_ratio, 0) as earnings_yield_pct,
        pb_ratio,
        shares_in_issue,
        market_cap_hkd_mn,
        evidence_grade,
        is_synthetic,
        known_at
    from quotes
)

select * from final
