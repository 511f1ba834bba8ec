-- Quota flow, a measure of orders in RMB, and how much of the day's quota it used.
with vendor as (
    select * from {{ ref('stg_eastmoney_southbound__southbound_vendor_daily') }}
),

quotas as (
    select * from {{ ref('connect_quota') }}
),

-- The quota of both channels together is the sum of those that exist on the day.
quoted as (
    select
        vendor.trade_date,
        vendor.channel,
        vendor.quota_flow_cny_mn,
        vendor.quota_balance_cny_mn,
        sum(quotas.daily_quota_cny_mn) as daily_quota_cny_mn,
        vendor.evidence_grade,
        vendor.is_synthetic,
        vendor.known_at
    from vendor
    left join quotas
        on
            vendor.trade_date between quotas.valid_from and quotas.valid_to
            and (vendor.channel = quotas.channel or vendor.channel = 'ALL')
    group by
        vendor.trade_date,
        vendor.channel,
        vendor.quota_flow_cny_mn,
        vendor.quota_balance_cny_mn,
        vendor.evidence_grade,
        vendor.is_synthetic,
        vendor.known_at
),

final as (
    select
        *,
        100 * cast(quota_flow_cny_mn as double) / nullif(daily_quota_cny_mn, 0) as quota_usage_pct
    from quoted
)

select * from final
