-- The splits of securities and funds, which many models read.
{{ config(materialized='table') }}

with actions as (
    select * from {{ ref('stg_yahoo_chart__corporate_actions') }}
),

final as (
    select
        ex_date,
        symbol,
        coalesce(security_code, symbol) as security_id,
        split_ratio,
        evidence_grade,
        is_synthetic,
        known_at
    from actions
    where
        action_type = 'split'
        and split_ratio > 0
)

select * from final
