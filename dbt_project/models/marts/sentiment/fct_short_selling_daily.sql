{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with counter_days as (
    select * from {{ ref('int_sentiment__counter_days_in_hkd') }}
    where {{ is_changed('trade_date') }}
),

-- Shares of all counters are the same shares and add up; values add up in HKD only. Turnover that
-- one of the sold counters lacks is unknown for the security as a whole.
summed as (
    select
        trade_date,
        security_code,
        sum(short_shares) as short_shares,
        sum(initial_short_shares) as initial_short_shares,
        bool_or(coalesce(is_revised, false)) as is_revised,
        sum(short_turnover_amount * hkd_per_unit) as short_turnover_hkd,
        count(*) filter (where short_shares is not null and traded_shares is null) = 0
            as is_turnover_known,
        sum(traded_shares) as traded_shares,
        sum(turnover_amount * hkd_per_unit) as turnover_hkd,
        bool_or(hkd_per_unit is null) as has_unconverted_counter,
        max(greatest(
            {{ grade_rank('evidence_grade') }}, {{ grade_rank('rate_grade') }}
        )) as grade_rank,
        bool_or(is_synthetic or coalesce(is_rate_synthetic, false)) as is_synthetic,
        max(greatest(known_at, rate_known_at)) as known_at
    from counter_days
    group by trade_date, security_code
    having count(short_shares) > 0
),

known as (
    select
        *,
        case when is_turnover_known then traded_shares end as total_shares,
        case when is_turnover_known then turnover_hkd end as total_turnover_hkd
    from summed
),

final as (
    select
        trade_date,
        security_code,
        cast(short_shares as bigint) as short_shares,
        cast(initial_short_shares as bigint) as initial_short_shares,
        cast(short_shares - initial_short_shares as bigint) as short_shares_revision_shares,
        is_revised,
        cast(total_shares as bigint) as total_shares,
        cast(short_turnover_hkd as decimal(20, 2)) as short_turnover_hkd,
        cast(total_turnover_hkd as decimal(20, 2)) as total_turnover_hkd,
        100 * cast(short_turnover_hkd as double) / nullif(cast(total_turnover_hkd as double), 0)
            as short_turnover_ratio_pct,
        has_unconverted_counter,
        {{ grade_name('grade_rank') }} as evidence_grade,
        is_synthetic,
        known_at
    from known
)

select * from final
