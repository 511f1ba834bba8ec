-- Cash dividends of the twelve months up to a session, over its close as traded.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with bars as (
    select * from {{ ref('int_valuations__subject_bars') }}
    where
        subject_kind != 'index'
        and base_close > 0
        and {{ is_changed('trade_date') }}
),

dividends as (
    select * from {{ ref('int_valuations__dividends_carried') }}
),

-- The vendor's dividends are held as far back as its bars.
histories as (
    select
        security_id as subject_id,
        is_synthetic,
        min(trade_date) as first_date
    from {{ ref('int_valuations__vendor_bars_unadjusted') }}
    group by security_id, is_synthetic
),

summed as (
    select
        bars.trade_date,
        bars.subject_id,
        bars.is_synthetic,
        sum(dividends.base_dividend) as base_dividends,
        max(case when dividends.currency != bars.currency then 1 else 0 end) = 1
            as is_in_other_currency,
        max(dividends.grade_rank) as grade_rank,
        max(dividends.known_at) as known_at
    from bars
    inner join dividends
        on
            bars.subject_id = dividends.subject_id
            and bars.is_synthetic = dividends.is_synthetic
            and bars.trade_date >= dividends.ex_date
            and bars.trade_date - interval '1' year < dividends.ex_date
    group by bars.trade_date, bars.subject_id, bars.is_synthetic
),

explained as (
    select
        bars.trade_date,
        bars.subject_id,
        bars.is_synthetic,
        100 * coalesce(summed.base_dividends, 0) / bars.base_close as yield_pct,
        case
            when coalesce(histories.first_date > bars.trade_date, true) then 'no_dividend_source'
            when
                histories.first_date > bars.trade_date - interval '1' year + interval '10' day
                then 'window_incomplete'
            when summed.is_in_other_currency then 'dividend_in_other_currency'
        end as missing_reason,
        summed.grade_rank,
        summed.known_at
    from bars
    left join histories
        on
            bars.subject_id = histories.subject_id
            and bars.is_synthetic = histories.is_synthetic
    left join summed
        on
            bars.trade_date = summed.trade_date
            and bars.subject_id = summed.subject_id
            and bars.is_synthetic = summed.is_synthetic
),

final as (
    select
        trade_date,
        subject_id,
        is_synthetic,
        case when missing_reason is null then yield_pct end as dividend_yield_pct,
        missing_reason,
        grade_rank,
        known_at
    from explained
)

select * from final
