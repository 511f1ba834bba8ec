{{ config(materialized='incremental', meta={'day_column': 'holding_date'}) }}

with vendor as (
    select * from {{ ref('stg_eastmoney_southbound__southbound_vendor_holdings') }}
    where {{ is_changed('holding_date') }}
),

final as (
    select
        holding_date,
        security_code,
        security_name,
        held_shares,
        held_pct_issued,
        cast(close_price as decimal(18, 6)) as close_price,
        cast(held_value_hkd as decimal(22, 4)) as held_value_hkd,
        share_change as share_change_shares,
        cast(share_change_value_hkd as decimal(22, 4)) as share_change_value_hkd,
        cast(value_change_1d_hkd as decimal(22, 4)) as value_change_1d_hkd,
        cast(value_change_5d_hkd as decimal(22, 4)) as value_change_5d_hkd,
        cast(value_change_10d_hkd as decimal(22, 4)) as value_change_10d_hkd,
        sign(share_change_value_hkd) * sign(value_change_1d_hkd) < 0
            as has_increases_of_opposite_sign,
        evidence_grade,
        is_synthetic,
        known_at
    from vendor
)

select * from final
