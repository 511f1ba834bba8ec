-- What a subject was worth 20 sessions before, under the number of the session that looks back.
with final as (
    select
        bars.subject_id,
        bars.is_synthetic,
        bars.session_number + 20 as session_number,
        max(multiples.market_cap_hkd_mn) as market_cap_20_before
    from {{ ref('int_valuations__subject_bars') }} as bars
    inner join {{ ref('int_valuations__multiples') }} as multiples
        on
            bars.trade_date = multiples.trade_date
            and bars.subject_id = multiples.subject_id
            and bars.is_synthetic = multiples.is_synthetic
    where
        multiples.market_cap_hkd_mn is not null
        and {{ is_changed('bars.trade_date', 60) }}
    group by bars.subject_id, bars.is_synthetic, bars.session_number
)

select * from final
