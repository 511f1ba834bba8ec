-- Every figure of the market's mood on one row a session, before it is scored.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

{% set inputs = ['breadth', 'turnover', 'flows', 'premium', 'tech', 'hang_seng'] -%}

with sessions as (
    select * from {{ ref('int_sentiment__hong_kong_sessions') }}
),

breadth as (
    select
        counted.*,
        avg(counted.net_advance_pct) over last_10 as net_advance_10_pct,
        count(counted.net_advance_pct) over last_10 as net_advance_count
    from {{ ref('int_sentiment__market_breadth') }} as counted
    inner join sessions
        on counted.trade_date = sessions.trade_date
    window last_10 as (
        partition by counted.is_synthetic order by sessions.session_number
        range between 9 preceding and current row
    )
),

turnover as (
    select * from {{ ref('int_sentiment__market_turnover') }}
),

flows as (
    select * from {{ ref('int_sentiment__southbound_scored') }}
),

premium as (
    select * from {{ ref('int_sentiment__equity_risk_premium') }}
    qualify row_number() over (partition by trade_date order by is_synthetic) = 1
),

tech as (
    select * from {{ ref('int_sentiment__price_indicators') }}
    where
        security_id = 'HSTECH.HK'
        and {{ is_changed('trade_date') }}
),

hang_seng as (
    select * from {{ ref('int_sentiment__price_indicators') }}
    where
        security_id = '^HSI'
        and {{ is_changed('trade_date') }}
),

final as (
    select
        sessions.trade_date,
        sessions.session_number,
        sessions.is_half_day,
        breadth.advancing_count,
        breadth.declining_count,
        breadth.unchanged_count,
        breadth.advance_decline_ratio,
        breadth.net_advance_pct,
        case when breadth.net_advance_count = 10 then breadth.net_advance_10_pct end
            as net_advance_10_pct,
        breadth.above_50_average_pct,
        breadth.new_high_250_count,
        breadth.new_low_250_count,
        breadth.net_new_high_250_pct,
        turnover.market_turnover_hkd_mn,
        turnover.short_turnover_hkd_mn,
        turnover.has_unconverted_counter,
        turnover.short_turnover_ratio_market_pct,
        turnover.short_turnover_ratio_designated_pct,
        turnover.initial_short_turnover_ratio_market_pct,
        turnover.turnover_ratio_20d,
        case when not sessions.is_half_day then turnover.turnover_ratio_20d end
            as full_day_turnover_ratio_20d,
        flows.southbound_net_buy_5_sessions_hkd_mn,
        flows.southbound_flow_z,
        tech.rsi14_wilder as hstech_rsi14_wilder,
        tech.momentum_125_pct as hstech_momentum_125_pct,
        tech.realised_volatility_20_pct as hstech_realised_volatility_20_pct,
        hang_seng.return_20_pct - premium.treasury_return_20_pct as safe_haven_spread_20_pct,
        premium.us_10y_pct,
        premium.us_10y_rate_date,
        premium.erp_us10y_pct,
        greatest(
            {% for input in inputs -%}
                {{ grade_rank(input ~ '.evidence_grade') }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as grade_rank,
        {% for input in inputs -%}
            coalesce({{ input }}.is_synthetic, false) {{ 'or' if not loop.last }}
        {% endfor %} as is_synthetic,
        greatest(
            {% for input in inputs -%}
                {{ input }}.known_at{{ ',' if not loop.last }}
            {% endfor %}
        ) as known_at
    from sessions
    {% for input in inputs -%}
        left join {{ input }}
            on sessions.trade_date = {{ input }}.trade_date
    {% endfor %}
    where
        coalesce(breadth.known_at, turnover.known_at, tech.known_at, hang_seng.known_at)
        is not null
        and {{ is_changed('sessions.trade_date') }}
)

select * from final
