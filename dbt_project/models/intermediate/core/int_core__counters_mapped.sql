-- Every counter that is known here, with the security whose shares trade on it.
with counters as (
    select * from {{ ref('counter') }}
),

securities as (
    select * from {{ ref('security') }}
),

final as (
    select
        counters.counter_code,
        counters.security_code,
        counters.currency,
        securities.yahoo_symbol
    from counters
    inner join securities
        on counters.security_code = securities.security_code
)

select * from final
