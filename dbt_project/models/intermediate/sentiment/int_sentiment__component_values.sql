-- One row per session and component with its raw value, those that the lake cannot hold included.
{% set raw_columns = {
    'index_momentum': 'hstech_momentum_125_pct',
    'highs_less_lows': 'net_new_high_250_pct',
    'breadth': 'net_advance_10_pct',
    'realised_volatility': 'hstech_realised_volatility_20_pct',
    'safe_haven': 'safe_haven_spread_20_pct',
    'southbound_flow': 'southbound_flow_z',
    'short_ratio': 'initial_short_turnover_ratio_market_pct',
    'equity_risk_premium': 'erp_us10y_pct',
    'turnover': 'full_day_turnover_ratio_20d',
} -%}

with inputs as (
    select * from {{ ref('int_sentiment__market_inputs') }}
),

weights as (
    select * from {{ ref('composite_weight') }}
    qualify weights_version = max(weights_version) over ()
),

final as (
    select
        inputs.trade_date,
        inputs.session_number,
        weights.weights_version,
        weights.component,
        weights.weight as relative_weight,
        weights.is_inverted,
        weights.raw_unit,
        weights.not_held_reason,
        cast(case weights.component
            {% for component, column in raw_columns.items() -%}
                when '{{ component }}' then inputs.{{ column }}
            {% endfor -%}
        end as double) as raw_value,
        inputs.grade_rank,
        inputs.is_synthetic,
        inputs.known_at
    from inputs
    cross join weights
)

select * from final
