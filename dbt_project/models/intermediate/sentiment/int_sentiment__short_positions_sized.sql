-- Reported positions beside the shares in issue at their date and the splits until publication.
with positions as (
    select
        *,
        cast(published_at + interval '8' hour as date) as published_date,
        cast(known_at - interval '1' hour as date) as usable_from_date
    from {{ ref('stg_sfc_short_positions__short_positions_weekly') }}
    where {{ is_changed('position_date') }}
),

valuations as (
    select * from {{ ref('stg_tencent_quote__security_valuations') }}
    where
        shares_in_issue > 0
        and {{ is_changed('trade_date', 31) }}
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

-- The newest count at the reporting date, a month old at most and on the same side of any split.
counted as (
    select
        positions.position_date,
        positions.security_code,
        valuations.trade_date as issued_shares_date,
        valuations.shares_in_issue as issued_shares,
        valuations.evidence_grade,
        valuations.known_at
    from positions
    inner join valuations
        on
            positions.security_code = valuations.security_code
            and positions.is_synthetic = valuations.is_synthetic
            and valuations.trade_date
            between positions.position_date - interval '31' day and positions.position_date
    left join splits
        on
            positions.security_code = splits.security_id
            and positions.is_synthetic = splits.is_synthetic
            and valuations.trade_date < splits.ex_date
            and positions.position_date >= splits.ex_date
    where splits.security_id is null
    qualify row_number() over (
        partition by positions.position_date, positions.security_code
        order by valuations.trade_date desc
    ) = 1
),

divided as (
    select
        positions.position_date,
        positions.security_code,
        {{ product_of('splits.split_ratio') }} as split_ratio_since
    from positions
    inner join splits
        on
            positions.security_code = splits.security_id
            and positions.is_synthetic = splits.is_synthetic
            and positions.position_date < splits.ex_date
            and positions.usable_from_date >= splits.ex_date
    group by positions.position_date, positions.security_code
),

final as (
    select
        positions.position_date,
        positions.security_code,
        positions.security_name,
        positions.published_date,
        positions.usable_from_date,
        positions.short_position_shares,
        positions.short_position_hkd,
        counted.issued_shares,
        counted.issued_shares_date,
        coalesce(divided.split_ratio_since, 1) as split_ratio_since,
        positions.evidence_grade as position_evidence_grade,
        {{ grade_name(
            'greatest(' ~ grade_rank('positions.evidence_grade') ~ ', '
            ~ grade_rank('counted.evidence_grade') ~ ')'
        ) }} as evidence_grade,
        positions.is_synthetic,
        greatest(positions.known_at, counted.known_at) as known_at
    from positions
    left join counted
        on
            positions.position_date = counted.position_date
            and positions.security_code = counted.security_code
    left join divided
        on
            positions.position_date = divided.position_date
            and positions.security_code = divided.security_code
)

select * from final
