{{ config(materialized='incremental', meta={'day_column': 'position_date'}) }}

with positions as (
    select * from {{ ref('int_sentiment__short_positions_sized') }}
    where {{ is_changed('position_date') }}
),

final as (
    select
        position_date,
        security_code,
        security_name,
        published_date,
        usable_from_date,
        short_position_shares,
        short_position_hkd,
        issued_shares,
        issued_shares_date,
        100 * cast(short_position_shares as double) / issued_shares as short_position_pct_issued,
        case when issued_shares is null then 'no_share_count' end as pct_issued_missing_reason,
        split_ratio_since,
        position_evidence_grade,
        evidence_grade,
        is_synthetic,
        known_at
    from positions
)

select * from final
