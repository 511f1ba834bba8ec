-- What a security's or an index's own prices say, up to each bar. A bar is a session with a price.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}
{% set keys = ['security_id', 'is_synthetic'] -%}
{% set sessions_per_year = 'cast(246 as double)' -%}
{% set frames = {
    'in_order': 'unbounded preceding and current row', 'last_20': '19 preceding and current row',
    'last_50': '49 preceding and current row', 'last_125': '124 preceding and current row',
    'last_249_before': '249 preceding and 1 preceding',
} -%}

with bars as (
    select * from {{ ref('int_sentiment__price_bars') }}
    where base_price > 0
),

{% if first_changed_day() -%}
    -- What the days before the first of these bars gave to it, and so to all after it.
    carried as (
        {{ carried_indicators(price_reach_days()) }}
    ),

{% endif -%}
changed as (
    select
        bars.*,
        row_number() over in_order
        {%- if first_changed_day() %} + coalesce(carried.bar_number - 1, 0){% endif %}
            as bar_number,
        bars.base_price - lag(bars.base_price) over in_order as price_change,
        ln(bars.base_price / lag(bars.base_price) over in_order) as log_return
    from bars
    {{ join_carried('bars', keys) }}
    window
        in_order as (partition by bars.security_id, bars.is_synthetic order by bars.trade_date)
),

-- Wilder's average in closed form: avg(i) = (13 * avg(i-1) + x(i)) / 14 times (14/13)^i is a
-- running sum, of which the first 14 changes share one weight because the seed is their plain mean.
-- All terms are positive, so that nothing cancels; (14/13)^i is a double for 9,500 bars.
weighted as (
    select
        *,
        power(cast(14 as double) / 13, greatest(bar_number - 1, 14)) / 14 as change_weight,
        power(cast(14 as double) / 13, bar_number - 1) as decay
    from changed
),

windowed as (
    select
        *,
        sum(change_weight * greatest(price_change, 0)) over in_order as weighted_gain,
        sum(change_weight * greatest(-price_change, 0)) over in_order as weighted_loss,
        stddev_samp(log_return) over last_20 as deviation_20,
        avg(base_price) over last_50 as average_50,
        avg(base_price) over last_125 as average_125,
        max(base_price) over last_249_before as highest_before,
        min(base_price) over last_249_before as lowest_before,
        lag(base_price, 20) over in_order as price_20_before,
        session_number - lag(session_number, 20) over in_order <= 22 as is_20_whole,
        session_number - lag(session_number, 49) over in_order <= 54 as is_50_whole,
        session_number - lag(session_number, 124) over in_order <= 136 as is_125_whole,
        session_number - lag(session_number, 249) over in_order <= 274 as is_250_whole,
        max({{ grade_rank('evidence_grade') }}) over in_order as grade_rank,
        max(known_at) over in_order as latest_known_at
    from weighted
    window
    {% for name, rows in frames.items() -%}
            {{ name }} as (
                partition by security_id, is_synthetic order by trade_date
                rows between {{ rows }}
            ){{ ',' if not loop.last }}
    {% endfor %}
),

-- Wilder's sums go on from the carried bar's, which stand for all terms up to it.
accrued as (
    select
        windowed.*,
        ({{ accrued('+', 'weighted_gain') }}) / windowed.decay as base_average_gain,
        ({{ accrued('+', 'weighted_loss') }}) / windowed.decay as base_average_loss,
        {{ accrued('greatest', 'grade_rank') }} as latest_grade_rank,
        {{ accrued('greatest', 'latest_known_at') }} as newest_known_at
    from windowed
    {{ join_carried('windowed', keys) }}
    where {{ is_changed('windowed.trade_date') }}
),

-- A window of n bars may span a tenth more sessions than that (a vendor lacks half days), no more.
-- A price that never moved is not above its average, whatever the last digit of that sum says.
final as (
    select
        trade_date,
        security_id,
        security_code,
        cast(bar_number as bigint) as bar_number,
        base_average_gain,
        base_average_loss,
        case when bar_number >= 15 then base_average_gain / split_factor end as average_gain,
        case when bar_number >= 15 then base_average_loss / split_factor end as average_loss,
        case
            when bar_number < 15 then null
            when base_average_gain + base_average_loss = 0 then 50
            else 100 * base_average_gain / (base_average_gain + base_average_loss)
        end as rsi14_wilder,
        bar_number >= 100 as is_rsi_warm,
        case when is_20_whole then 100 * deviation_20 * sqrt({{ sessions_per_year }}) end
            as realised_volatility_20_pct,
        case when is_20_whole then 100 * (base_price / price_20_before - 1) end as return_20_pct,
        case when is_50_whole then base_price > average_50 * (1 + 1e-12) end
            as is_above_50_average,
        case when is_125_whole then 100 * (base_price / average_125 - 1) end as momentum_125_pct,
        case when is_250_whole then base_price > highest_before end as is_250_session_high,
        case when is_250_whole then base_price < lowest_before end as is_250_session_low,
        {{ grade_name('latest_grade_rank') }} as evidence_grade,
        is_synthetic,
        newest_known_at as known_at
    from accrued
)

select * from final
{{ in_order_of_days() }}
