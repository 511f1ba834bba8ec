with vendor_levels as (
    select
        security_id as subject_id,
        trade_date as observed_on,
        close_price as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('int_valuations__vendor_bars_unadjusted') }}
    where
        close_price is not null
        and {{ is_changed('trade_date', reconciliation_reach_days()) }}
),

index_levels as (
    select
        index_symbol as subject_id,
        trade_date as observed_on,
        close_level as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('fct_index_valuations_daily') }}
    where
        close_level is not null
        and {{ is_changed('trade_date', reconciliation_reach_days()) }}
),

sheet_closes as (
    select
        subject_id,
        trade_date as observed_on,
        cast(close_price as decimal(18, 6)) as value,
        {{ grade_name('grade_rank') }} as evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('int_valuations__subject_bars') }}
    where
        price_source = 'hkex_quotation_sheet'
        and security_code in (select followed.security_code from {{ ref('security') }} as followed)
        and currency = 'HKD'
        and close_price is not null
        and {{ is_changed('trade_date', reconciliation_reach_days()) }}
),

rates as (
    select
        series as subject_id,
        rate_date as observed_on,
        rate_value as value,
        source,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('fct_reference_rates') }}
    where
        series in ('USDHKD', 'USDCNY', 'CNYHKD')
        and {{ is_changed('rate_date', reconciliation_reach_days()) }}
),

reserve_rates as (
    select * from rates
    where source = 'fred'
),

authority_rates as (
    select * from rates
    where source = 'hkma_monthly_bulletin'
),

vendor_rates as (
    select
        case symbol
            when 'HKD=X' then 'USDHKD'
            when 'CNY=X' then 'USDCNY'
            when 'CNYHKD=X' then 'CNYHKD'
        end as subject_id,
        trade_date as observed_on,
        close_price as value,
        evidence_grade,
        is_synthetic,
        known_at
    from {{ ref('int_core__vendor_exchange_rates') }}
    where
        close_price is not null
        and {{ is_changed('trade_date', reconciliation_reach_days()) }}
),

final as (
    {{ paired('index_level', 'index_levels', 'vendor_levels', 'hsi_bulletin', 'yahoo',
        0.0005, 0) }}
    union all
    {{ paired('price', 'sheet_closes', 'vendor_levels', 'hkex', 'yahoo', 0.005, 0) }}
    union all
    {{ paired('exchange_rate', 'reserve_rates', 'authority_rates', 'fred', 'hkma', 0.003, 0) }}
    union all
    {{ paired('exchange_rate', 'reserve_rates', 'vendor_rates', 'fred', 'yahoo', 0.003, 0) }}
    union all
    {{ paired('exchange_rate', 'authority_rates', 'vendor_rates', 'hkma', 'yahoo', 0.003, 0) }}
)

select * from final
