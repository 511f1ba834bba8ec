with lake_rows as (
    select * from {{ current_rows('daily_bars') }}
),

final as (
    select
        trade_date,
        symbol,
        -- Hong Kong symbols have four digits of the code; HSTECH.HK, an index, has none.
        case when symbol like '____.HK' then '0' || substring(symbol, 1, 4) end as security_code,
        exchange_calendar,
        currency,
        open_price,
        high_price,
        low_price,
        close_price,
        adjusted_close_price,
        volume_shares,
        missing_price_reason,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
