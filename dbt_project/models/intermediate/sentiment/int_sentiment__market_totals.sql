-- Turnover and short selling of the whole sheet. A session that mixes invented and real sheets has
-- no total.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with turnover as (
    select * from {{ ref('int_sentiment__security_turnover') }}
    where
        turnover_hkd is not null
        and {{ is_changed('trade_date') }}
),

final as (
    select
        trade_date,
        cast(sum(cast(turnover_hkd as decimal(20, 2))) as double) / 1000000
            as market_turnover_hkd_mn,
        cast(sum(cast(short_turnover_hkd as decimal(20, 2))) as double) / 1000000
            as short_turnover_hkd_mn,
        cast(sum(cast(initial_short_turnover_hkd as decimal(20, 2))) as double) / 1000000
            as initial_short_turnover_hkd_mn,
        cast(sum(
            case
                when short_turnover_hkd is not null
                    then cast(turnover_hkd as decimal(20, 2))
            end
        ) as double)
        / 1000000 as sold_securities_turnover_hkd_mn,
        bool_or(has_unconverted_counter) as has_unconverted_counter,
        max({{ grade_rank('evidence_grade') }}) as grade_rank,
        bool_or(is_synthetic) as is_synthetic,
        max(known_at) as known_at
    from turnover
    group by trade_date
    having count(distinct is_synthetic) = 1
)

select * from final
