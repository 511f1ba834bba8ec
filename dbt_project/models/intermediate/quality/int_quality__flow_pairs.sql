with exchange_net_buy as (
    select
        channel as subject_id,
        trade_date as observed_on,
        net_buy_hkd_mn as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('fct_southbound_daily') }}
    where {{ is_changed('trade_date', reconciliation_reach_days()) }}
),

exchange_net_buy_of_all as (
    select * from exchange_net_buy
    where subject_id = 'ALL'
),

vendor_net_buy as (
    select
        channel as subject_id,
        trade_date as observed_on,
        net_buy_hkd_mn as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('fct_southbound_vendor_daily') }}
    where {{ is_changed('trade_date', reconciliation_reach_days()) }}
),

estimated_net_buy as (
    select
        'ALL' as subject_id,
        trade_date as observed_on,
        estimated_flow_hkd_mn as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('mart_inflows_daily') }}
    where
        estimated_flow_hkd_mn is not null
        and {{ is_changed('trade_date', reconciliation_reach_days()) }}
),

-- Both channels list the ten most active only: a security is comparable where both have it.
top10_net_buy as (
    select
        security_id as subject_id,
        trade_date as observed_on,
        sum(net_buy_hkd) as value,
        {{ grade_name('max(' ~ grade_rank('evidence_grade') ~ ')') }} as evidence_grade,
        is_synthetic,
        max(known_at) as known_at
    from {{ ref('fct_southbound_top10') }}
    where {{ is_changed('trade_date', reconciliation_reach_days()) }}
    group by security_id, trade_date, is_synthetic
    having count(distinct channel) = 2
),

estimated_flow as (
    select
        security_code as subject_id,
        trade_date as observed_on,
        estimated_flow_vwap_hkd as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('fct_southbound_security_flow') }}
    where
        estimated_flow_vwap_hkd is not null
        and {{ is_changed('trade_date', reconciliation_reach_days()) }}
),

exchange_holdings as (
    select
        security_code as subject_id,
        holding_date as observed_on,
        held_shares as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('fct_southbound_holdings') }}
    where
        security_code in (select followed.security_code from {{ ref('security') }} as followed)
        and {{ is_changed('holding_date', reconciliation_reach_days()) }}
),

vendor_holdings as (
    select
        security_code as subject_id,
        holding_date as observed_on,
        held_shares as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('fct_southbound_vendor_holdings') }}
    where {{ is_changed('holding_date', reconciliation_reach_days()) }}
),

final as (
    {{ paired('southbound_net_buy', 'exchange_net_buy', 'vendor_net_buy', 'hkex', 'eastmoney',
        0, 0.05) }}
    union all
    {{ paired('southbound_net_buy', 'exchange_net_buy_of_all', 'estimated_net_buy', 'hkex',
        'ccass_estimate', 0.15, 0) }}
    union all
    {{ paired('southbound_security_flow', 'top10_net_buy', 'estimated_flow', 'hkex',
        'ccass_estimate', 0.15, 0) }}
    union all
    {{ paired('southbound_held_shares', 'exchange_holdings', 'vendor_holdings', 'hkex',
        'eastmoney', 0, 0) }}
)

select * from final
