-- The vendor's bars as they were traded: its adjustment for later splits is undone.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with bars as (
    select * from {{ ref('stg_yahoo_chart__daily_bars') }}
    where {{ is_changed('trade_date') }}
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

-- A bar known only after it was published was fetched then, and not adjusted for splits after that.
factors as (
    select
        bars.trade_date,
        bars.symbol,
        {{ product_of('splits.split_ratio') }} as split_factor
    from bars
    inner join splits
        on
            bars.symbol = splits.symbol
            and bars.trade_date < splits.ex_date
            and (
                bars.known_at = bars.published_at
                or cast(bars.known_at as date) >= splits.ex_date
            )
    group by bars.trade_date, bars.symbol
),

factored as (
    select
        bars.*,
        coalesce(factors.split_factor, 1) as split_factor
    from bars
    left join factors
        on
            bars.trade_date = factors.trade_date
            and bars.symbol = factors.symbol
),

-- Hong Kong ticks are never below 0.001; rounding removes what the vendor's division added.
final as (
    select
        trade_date,
        coalesce(security_code, symbol) as security_id,
        security_code,
        symbol,
        exchange_calendar,
        currency,
        {% for price in ['open_price', 'high_price', 'low_price', 'close_price'] -%}
            cast(
                case
                    when security_code is null then {{ price }} * split_factor
                    else round({{ price }} * split_factor, 3)
                end as decimal(18, 6)
            ) as {{ price }},
        {% endfor -%}
        cast(adjusted_close_price as decimal(18, 6)) as adjusted_close_price,
        cast(round(volume_shares / split_factor) as bigint) as volume_shares,
        case when close_price is null then coalesce(missing_price_reason, 'no_data') end
            as missing_price_reason,
        evidence_grade,
        is_synthetic,
        known_at
    from factored
)

select * from final
{{ in_order_of_days() }}
