-- Dividends with an ex-date in the year up to a bar, in the terms of the lake's first share.
with bars as (
    select * from {{ ref('int_valuations__price_positions') }}
),

-- The vendor counts dividends in today's shares: all splits bring them back to the first share.
all_splits as (
    select
        subject_id,
        is_synthetic,
        max(split_factor) as whole_split_factor
    from bars
    group by subject_id, is_synthetic
),

dividends as (
    select
        coalesce(security_code, symbol) as subject_id,
        ex_date,
        dividend_amount,
        is_synthetic,
        known_at
    from {{ ref('stg_yahoo_chart__corporate_actions') }}
    where action_type = 'dividend'
),

final as (
    select
        bars.subject_id,
        bars.trade_date,
        bars.is_synthetic,
        cast(sum(cast(dividends.dividend_amount as decimal(18, 6))) as double)
        * max(all_splits.whole_split_factor) as dividends_12_months,
        max(dividends.known_at) as known_at
    from bars
    inner join all_splits
        on
            bars.subject_id = all_splits.subject_id
            and bars.is_synthetic = all_splits.is_synthetic
    inner join dividends
        on
            bars.subject_id = dividends.subject_id
            and bars.is_synthetic = dividends.is_synthetic
            and bars.trade_date >= dividends.ex_date
            and bars.trade_date - interval '1' year < dividends.ex_date
    group by bars.subject_id, bars.trade_date, bars.is_synthetic
)

select * from final
