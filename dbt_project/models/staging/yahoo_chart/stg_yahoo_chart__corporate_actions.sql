-- Without regard to the as-of date: a vendor's bars are restated for every split up to the day
-- they were fetched, so undoing that takes the splits that were not known yet.
with lake_rows as (
    select * from {{ newest_versions('corporate_actions', lake_table('corporate_actions')) }}
),

final as (
    select
        ex_date,
        symbol,
        -- Hong Kong symbols have four digits of the code; HSTECH.HK, an index, has none.
        case when symbol like '____.HK' then '0' || substring(symbol, 1, 4) end as security_code,
        action_type,
        currency,
        dividend_amount,
        split_ratio,
        source,
        payload_sha256,
        published_at,
        known_at,
        evidence_grade,
        is_synthetic
    from lake_rows
)

select * from final
