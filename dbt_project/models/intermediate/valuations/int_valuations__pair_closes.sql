-- Closes of an index and its benchmark on the days that have both, each in its currency and in USD.
-- Days are counted on which both exchanges trade, whether the lake has them or not.
with pairs as (
    select * from {{ ref('relative_return_pair') }}
),

closes as (
    select * from {{ ref('int_valuations__subject_bars') }}
    where
        close_price is not null
        and {{ is_changed('trade_date', price_reach_days()) }}
),

dollar_rates as (
    select
        trade_date,
        is_synthetic,
        substr(symbol, 1, 3) as currency,
        close_price as units_per_usd,
        evidence_grade,
        known_at
    from {{ ref('int_core__vendor_exchange_rates') }}
    where symbol in ('HKD=X', 'CNY=X') and close_price > 0
),

both_trade as (
    select
        ours.calendar,
        theirs.calendar as benchmark_calendar,
        ours.trade_date,
        row_number() over (
            partition by ours.calendar, theirs.calendar order by ours.trade_date
        ) as joint_session_number
    from {{ ref('int_core__sessions_numbered') }} as ours
    inner join {{ ref('int_core__sessions_numbered') }} as theirs
        on ours.trade_date = theirs.trade_date
    where ours.calendar = 'XHKG' and theirs.calendar in ('XHKG', 'XSHG', 'XNYS')
),

-- No rate is needed for USD itself, and none stands in for one that the lake lacks.
priced as (
    select
        closes.trade_date,
        closes.subject_id,
        closes.exchange_calendar,
        closes.is_synthetic,
        closes.close_price,
        closes.close_price
        / case when closes.currency = 'USD' then 1 else dollar_rates.units_per_usd end
            as close_price_usd,
        greatest(
            closes.grade_rank,
            {{ grade_rank('dollar_rates.evidence_grade') }}
        ) as grade_rank,
        greatest(closes.known_at, dollar_rates.known_at) as known_at
    from closes
    left join dollar_rates
        on
            closes.currency = dollar_rates.currency
            and closes.trade_date = dollar_rates.trade_date
            and closes.is_synthetic = dollar_rates.is_synthetic
),

final as (
    select
        subjects.trade_date,
        pairs.subject_id,
        pairs.benchmark_id,
        pairs.benchmark_market,
        both_trade.joint_session_number,
        subjects.is_synthetic,
        subjects.close_price as subject_close,
        benchmarks.close_price as benchmark_close,
        subjects.close_price_usd as subject_close_usd,
        benchmarks.close_price_usd as benchmark_close_usd,
        greatest(subjects.grade_rank, benchmarks.grade_rank) as grade_rank,
        greatest(subjects.known_at, benchmarks.known_at) as known_at
    from pairs
    inner join priced as subjects
        on pairs.subject_id = subjects.subject_id
    inner join priced as benchmarks
        on
            pairs.benchmark_id = benchmarks.subject_id
            and subjects.trade_date = benchmarks.trade_date
            and subjects.is_synthetic = benchmarks.is_synthetic
    inner join both_trade
        on
            subjects.exchange_calendar = both_trade.calendar
            and benchmarks.exchange_calendar = both_trade.benchmark_calendar
            and subjects.trade_date = both_trade.trade_date
)

select * from final
