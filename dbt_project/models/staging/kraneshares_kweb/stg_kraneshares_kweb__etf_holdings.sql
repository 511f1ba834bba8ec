with lake_rows as (
    select * from {{ current_rows('etf_holdings') }}
),

final as (
    select
        holding_date,
        fund_symbol,
        line_number,
        holding_name,
        ticker,
        identifier,
        weight_pct,
        shares_held,
        market_value_usd,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
