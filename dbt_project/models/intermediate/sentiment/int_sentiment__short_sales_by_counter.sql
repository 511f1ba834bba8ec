-- What is known now of a counter's short sales, beside what was printed on the evening itself.
with versions as (
    select * from {{ ref('stg_hkex_quotation_sheet__short_selling') }}
    where {{ is_changed('trade_date') }}
),

newest as (
    select * from versions
    qualify row_number() over (
        partition by trade_date, counter_code order by published_at desc, known_at desc
    ) = 1
),

printed_first as (
    select * from versions
    where not is_adjustment
    qualify row_number() over (
        partition by trade_date, counter_code order by published_at, known_at
    ) = 1
),

final as (
    select
        newest.trade_date,
        newest.counter_code,
        newest.is_hkd_counter,
        newest.short_shares,
        newest.short_turnover_amount,
        printed_first.short_shares as initial_short_shares,
        printed_first.short_turnover_amount as initial_short_turnover_amount,
        coalesce(
            newest.short_shares != printed_first.short_shares
            or newest.short_turnover_amount != printed_first.short_turnover_amount,
            newest.is_adjustment
        ) as is_revised,
        newest.evidence_grade,
        newest.is_synthetic,
        newest.known_at
    from newest
    left join printed_first
        on
            newest.trade_date = printed_first.trade_date
            and newest.counter_code = printed_first.counter_code
)

select * from final
