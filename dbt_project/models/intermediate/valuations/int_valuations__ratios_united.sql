-- Ratios of securities (a vendor's) and of indices (their owner's) under one set of names.
with securities as (
    select * from {{ ref('fct_security_valuations_daily') }}
),

indices as (
    select * from {{ ref('fct_index_valuations_daily') }}
),

united as (
    select
        trade_date,
        security_code as subject_id,
        'security' as subject_kind,
        pe_ratio as pe_ttm,
        pb_ratio as pb,
        cast(null as double) as published_dividend_yield_pct,
        market_cap_hkd_mn,
        shares_in_issue,
        evidence_grade,
        is_synthetic,
        known_at
    from securities
    union all
    select
        trade_date,
        index_symbol as subject_id,
        'index' as subject_kind,
        pe_ratio as pe_ttm,
        cast(null as double) as pb,
        dividend_yield_pct as published_dividend_yield_pct,
        cast(null as double) as market_cap_hkd_mn,
        cast(null as bigint) as shares_in_issue,
        evidence_grade,
        is_synthetic,
        known_at
    from indices
),

followed as (
    select
        *,
        lag(market_cap_hkd_mn, 20) over in_order as market_cap_20_before_hkd_mn,
        lag(shares_in_issue, 20) over in_order as shares_20_before
    from united
    window in_order as (partition by subject_id, is_synthetic order by trade_date)
)

select * from followed
