-- A table that carries on, as what is built anew reads all its days three times over.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with lake_rows as (
    select * from {{ current_rows('southbound_vendor_daily') }}
    where {{ is_changed('trade_date') }}
),

final as (
    select
        trade_date,
        channel,
        buy_turnover_hkd_mn,
        sell_turnover_hkd_mn,
        net_buy_hkd_mn,
        total_turnover_hkd_mn,
        quota_flow_cny_mn,
        quota_balance_cny_mn,
        cumulative_net_buy_hkd_mn,
        total_trades,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
