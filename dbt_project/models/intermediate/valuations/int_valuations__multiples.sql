-- What owners of indices and a quote vendor say a subject is worth, one row a session and subject.
with indices as (
    select * from {{ ref('fct_index_valuations_daily') }}
),

quotes as (
    select * from {{ ref('fct_security_valuations_daily') }}
),

final as (
    select
        trade_date,
        index_symbol as subject_id,
        pe_ratio as pe_ttm,
        cast(null as double) as pb,
        dividend_yield_pct,
        cast(null as bigint) as shares_in_issue,
        cast(null as double) as market_cap_hkd_mn,
        {{ grade_rank('evidence_grade') }} as grade_rank,
        is_synthetic,
        known_at
    from indices
    union all
    select
        trade_date,
        security_code as subject_id,
        pe_ratio as pe_ttm,
        pb_ratio as pb,
        cast(null as double) as dividend_yield_pct,
        shares_in_issue,
        cast(market_cap_hkd_mn as double) as market_cap_hkd_mn,
        {{ grade_rank('evidence_grade') }} as grade_rank,
        is_synthetic,
        known_at
    from quotes
)

select * from final
