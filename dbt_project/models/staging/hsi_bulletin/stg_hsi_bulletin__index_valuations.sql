with lake_rows as (
    select * from {{ current_rows('index_valuations') }}
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
        point_change,
        change_pct,
        dividend_yield_pct,
        pe_ratio,
        index_turnover_mn,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
