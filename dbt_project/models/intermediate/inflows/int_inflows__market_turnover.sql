-- Turnover of the whole market: all counters of the exchange's sheet, RMB counters in HKD. Cents
-- are added, since a sum of floats depends on the order in which it was made.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with counter_days as (
    select * from {{ ref('int_sentiment__counter_days_in_hkd') }}
    where
        turnover_amount is not null
        and {{ is_changed('trade_date') }}
),

final as (
    select
        trade_date,
        cast(sum(cast(turnover_amount * hkd_per_unit as decimal(20, 2))) as double) / 1000000
            as market_turnover_hkd_mn,
        bool_or(hkd_per_unit is null and turnover_amount > 0) as has_unconverted_counter,
        {{ grade_name(
            'greatest(max(' ~ grade_rank('evidence_grade') ~ '), max('
            ~ grade_rank('rate_grade') ~ '))'
        ) }} as evidence_grade,
        bool_or(is_synthetic or coalesce(is_rate_synthetic, false)) as is_synthetic,
        max(greatest(known_at, rate_known_at)) as known_at
    from counter_days
    group by trade_date
    having count(distinct is_synthetic) = 1
)

select * from final
