with securities as (
    select * from {{ ref('security') }}
),

counters as (
    select * from {{ ref('counter') }}
),

counters_listed as (
    select
        security_code,
        {{ joined_text('counter_code') }} as counter_codes,
        max(case when currency = 'CNY' then counter_code end) as rmb_counter_code
    from counters
    group by security_code
),

final as (
    select
        securities.security_code,
        securities.name_en,
        securities.name_zh,
        securities.sector,
        securities.listing_kind,
        securities.is_hstech,
        securities.yahoo_symbol,
        counters_listed.counter_codes,
        counters_listed.rmb_counter_code
    from securities
    left join counters_listed
        on securities.security_code = counters_listed.security_code
)

select * from final
