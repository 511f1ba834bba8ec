{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with prices as (
    select * from {{ ref('int_valuations__prices_selected') }}
),

sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

numbered as (
    select
        prices.*,
        sessions.session_number,
        splits.split_ratio
    from prices
    left join sessions
        on
            prices.exchange_calendar = sessions.calendar
            and prices.trade_date = sessions.trade_date
    left join splits
        on
            prices.security_id = splits.security_id
            and prices.trade_date = splits.ex_date
),

-- Prices are kept apart by is_synthetic, so that no return spans an invented and a real one.
followed as (
    select
        *,
        case
            when lag(session_number) over in_order = session_number - 1
                then lag(close_price) over in_order
        end as lake_previous_close
    from numbered
    window in_order as (partition by security_id, is_synthetic order by session_number)
),

-- On an ex-date the printed figure may or may not be restated, so that it is no substitute.
compared as (
    select
        *,
        coalesce(
            lake_previous_close, case when split_ratio is null then printed_previous_close end
        ) as previous_close_price
    from followed
),

final as (
    select
        trade_date,
        security_id,
        security_code,
        exchange_calendar,
        currency,
        cast(open_price as decimal(18, 6)) as open_price,
        cast(high_price as decimal(18, 6)) as high_price,
        cast(low_price as decimal(18, 6)) as low_price,
        cast(close_price as decimal(18, 6)) as close_price,
        cast(adjusted_close_price as decimal(18, 6)) as adjusted_close_price,
        cast(previous_close_price as decimal(18, 6)) as previous_close_price,
        cast(
            100 * (
                cast(close_price as double) * coalesce(split_ratio, 1)
                / nullif(cast(previous_close_price as double), 0) - 1
            ) as double
        ) as return_pct,
        volume_shares,
        turnover_hkd,
        price_source,
        close_price is null as is_missing_price,
        missing_price_reason,
        evidence_grade,
        is_synthetic,
        known_at
    from compared
    where {{ is_changed('trade_date') }}
)

select * from final
