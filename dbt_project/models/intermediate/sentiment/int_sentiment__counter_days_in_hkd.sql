-- Short sales and all trading of each counter, with the rate that makes its currency HKD.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with short_sales as (
    select * from {{ ref('int_sentiment__short_sales_by_counter') }}
    where {{ is_changed('trade_date') }}
),

quotations as (
    select * from {{ ref('stg_hkex_quotation_sheet__quotations') }}
    where {{ is_changed('trade_date') }}
),

counters as (
    select * from {{ ref('counter') }}
),

rates as (
    select
        trade_date,
        case symbol when 'CNYHKD=X' then 'CNY' else 'USD' end as currency,
        close_price,
        known_at,
        is_synthetic,
        evidence_grade
    from {{ ref('int_core__vendor_exchange_rates') }}
    where symbol in ('CNYHKD=X', 'HKD=X')
),

counter_days as (
    select
        coalesce(quotations.trade_date, short_sales.trade_date) as trade_date,
        coalesce(quotations.counter_code, short_sales.counter_code) as counter_code,
        quotations.currency as quoted_currency,
        quotations.traded_shares,
        quotations.turnover_amount,
        short_sales.is_hkd_counter,
        short_sales.short_shares,
        short_sales.short_turnover_amount,
        short_sales.initial_short_shares,
        short_sales.initial_short_turnover_amount,
        short_sales.is_revised,
        {{ grade_name(
            'greatest(' ~ grade_rank('quotations.evidence_grade') ~ ', '
            ~ grade_rank('short_sales.evidence_grade') ~ ')'
        ) }} as evidence_grade,
        coalesce(quotations.is_synthetic, false)
        or coalesce(short_sales.is_synthetic, false) as is_synthetic,
        greatest(quotations.known_at, short_sales.known_at) as known_at
    from quotations
    full outer join short_sales
        on
            quotations.trade_date = short_sales.trade_date
            and quotations.counter_code = short_sales.counter_code
),

named as (
    select
        counter_days.*,
        coalesce(counters.security_code, counter_days.counter_code) as security_code,
        coalesce(
            counter_days.quoted_currency,
            counters.currency,
            case when counter_days.is_hkd_counter then 'HKD' end
        ) as currency
    from counter_days
    left join counters
        on counter_days.counter_code = counters.counter_code
),

final as (
    select
        named.*,
        case when named.currency = 'HKD' then 1 else rates.close_price end as hkd_per_unit,
        rates.known_at as rate_known_at,
        rates.is_synthetic as is_rate_synthetic,
        rates.evidence_grade as rate_grade
    from named
    left join rates
        on
            named.trade_date = rates.trade_date
            and named.currency = rates.currency
)

select * from final
