with vendor as (
    select * from {{ ref('stg_eastmoney_southbound__southbound_vendor_daily') }}
),

exchange as (
    select
        *,
        buy_turnover_hkd_mn - sell_turnover_hkd_mn as net_buy_hkd_mn
    from {{ ref('int_inflows__southbound_totalled') }}
),

compared as (
    select
        vendor.*,
        exchange.net_buy_hkd_mn as exchange_net_buy_hkd_mn,
        vendor.net_buy_hkd_mn - exchange.net_buy_hkd_mn as difference_hkd_mn,
        {{ grade_name(
            'greatest(' ~ grade_rank('vendor.evidence_grade') ~ ', '
            ~ grade_rank('exchange.evidence_grade') ~ ')'
        ) }} as weakest_grade,
        vendor.is_synthetic or coalesce(exchange.is_synthetic, false) as is_any_synthetic,
        greatest(vendor.known_at, exchange.known_at) as all_known_at
    from vendor
    left join exchange
        on
            vendor.trade_date = exchange.trade_date
            and vendor.channel = exchange.channel
),

-- Buy and sell of two channels, each rounded to 0.01 by each publisher, are at most 0.04 apart, and
-- the vendor's own rounding adds 0.005. What is more than 0.05 apart is another figure.
final as (
    select
        trade_date,
        channel,
        buy_turnover_hkd_mn,
        sell_turnover_hkd_mn,
        total_turnover_hkd_mn,
        total_trades,
        net_buy_hkd_mn,
        quota_flow_cny_mn,
        quota_balance_cny_mn,
        cumulative_net_buy_hkd_mn as cumulative_net_buy_stock_hkd_mn,
        cast(exchange_net_buy_hkd_mn as decimal(18, 2)) as exchange_net_buy_hkd_mn,
        cast(difference_hkd_mn as decimal(18, 2)) as difference_hkd_mn,
        abs(difference_hkd_mn) <= 0.05 as is_reconciled,
        weakest_grade as evidence_grade,
        is_any_synthetic as is_synthetic,
        all_known_at as known_at
    from compared
)

select * from final
