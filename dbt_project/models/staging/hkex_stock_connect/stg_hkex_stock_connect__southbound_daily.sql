with lake_rows as (
    select * from {{ current_rows('southbound_daily') }}
),

final as (
    select
        trade_date,
        channel,
        buy_turnover_hkd_mn,
        sell_turnover_hkd_mn,
        total_turnover_hkd_mn,
        buy_trades,
        sell_trades,
        total_trades,
        etf_turnover_hkd_mn,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
