{{ config(materialized='incremental', meta={'day_column': 'holding_date'}) }}

with flows as (
    select * from {{ ref('int_inflows__security_flows_summed') }}
    where {{ is_changed('holding_date') }}
),

securities as (
    select * from {{ ref('dim_security') }}
),

valuations as (
    select * from {{ ref('fct_security_valuations_daily') }}
),

beside as (
    select
        flows.*,
        securities.name_en as security_name,
        securities.sector,
        valuations.shares_in_issue,
        100 * cast(flows.share_change_shares as double) / nullif(valuations.shares_in_issue, 0)
            as share_change_pct_issued
    from flows
    left join securities
        on flows.security_code = securities.security_code
    left join valuations
        on
            flows.trade_date = valuations.trade_date
            and flows.security_code = valuations.security_code
            and flows.is_synthetic = valuations.is_synthetic
),

{% set ranked = {
    'estimated_flow_rank': 'estimated_flow_vwap_hkd',
    'estimated_flow_5_sessions_rank': 'estimated_flow_5_sessions_hkd',
    'estimated_flow_20_sessions_rank': 'estimated_flow_20_sessions_hkd',
    'estimated_flow_60_sessions_rank': 'estimated_flow_60_sessions_hkd',
} -%}

final as (
    select
        trade_date,
        security_code,
        security_name,
        sector,
        holding_date,
        cast(held_shares as bigint) as held_shares,
        cast(share_change_shares as bigint) as share_change_shares,
        held_pct_issued,
        shares_in_issue,
        share_change_pct_issued,
        cast(held_value_hkd as double) as held_value_hkd,
        estimated_flow_vwap_hkd,
        estimated_flow_close_hkd,
        flow_missing_reason,
        held_value_change_hkd,
        estimated_flow_5_sessions_hkd,
        estimated_flow_20_sessions_hkd,
        estimated_flow_60_sessions_hkd,
        estimated_flow_mtd_hkd,
        held_value_change_5_sessions_hkd,
        held_value_change_20_sessions_hkd,
        held_value_change_60_sessions_hkd,
        held_value_change_mtd_hkd,
        {% for name, figure in ranked.items() -%}
            cast(
                case
                    when {{ figure }} is not null
                        then rank() over (
                            partition by trade_date, is_synthetic
                            order by {{ figure }} desc nulls last
                        )
                end as bigint
            ) as {{ name }},
        {% endfor -%}
        evidence_grade,
        is_synthetic,
        known_at,
        sums_known_at
    from beside
)

select * from final
