-- All trading and all short selling of a security on a session, its counters together, in HKD.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with counter_days as (
    select * from {{ ref('int_sentiment__counter_days_in_hkd') }}
    where {{ is_changed('trade_date') }}
),

-- Turnover and short sales are compared on the same counters: those with a quotation and a rate.
final as (
    select
        trade_date,
        security_code,
        cast(sum(traded_shares) as bigint) as traded_shares,
        sum(cast(turnover_amount as double) * hkd_per_unit) as turnover_hkd,
        sum(case
            when turnover_amount is not null
                then cast(initial_short_turnover_amount as double) * hkd_per_unit
        end) as initial_short_turnover_hkd,
        sum(case
            when turnover_amount is not null
                then cast(short_turnover_amount as double) * hkd_per_unit
        end) as short_turnover_hkd,
        bool_or(hkd_per_unit is null) as has_unconverted_counter,
        {{ grade_name(
            'max(greatest(' ~ grade_rank('evidence_grade') ~ ', ' ~ grade_rank('rate_grade') ~ '))'
        ) }} as evidence_grade,
        bool_or(is_synthetic or coalesce(is_rate_synthetic, false)) as is_synthetic,
        max(greatest(known_at, rate_known_at)) as known_at
    from counter_days
    group by trade_date, security_code
)

select * from final
{{ in_order_of_days() }}
