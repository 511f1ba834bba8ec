{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

with pairs as (
    select * from {{ ref('ah_pair') }}
),

prices as (
    select * from {{ ref('fct_prices_daily') }}
    where {{ is_changed('trade_date') }}
),

yuan_rates as (
    select * from {{ ref('int_core__vendor_exchange_rates') }}
    where symbol = 'CNYHKD=X'
),

-- Both exchanges trade on a day that has a row of each share.
joined as (
    select
        h_shares.trade_date,
        pairs.security_code,
        pairs.a_share_symbol,
        cast(h_shares.close_price as double) as h_close_price_hkd,
        cast(a_shares.close_price as double) as a_close_price_cny,
        yuan_rates.close_price as hkd_per_cny,
        {{ grade_name(
            'greatest(' ~ grade_rank('h_shares.evidence_grade') ~ ', '
            ~ grade_rank('a_shares.evidence_grade') ~ ', '
            ~ grade_rank('yuan_rates.evidence_grade') ~ ')'
        ) }} as evidence_grade,
        h_shares.is_synthetic,
        greatest(h_shares.known_at, a_shares.known_at, yuan_rates.known_at) as known_at
    from pairs
    inner join prices as h_shares
        on pairs.security_code = h_shares.security_id
    inner join prices as a_shares
        on
            pairs.a_share_symbol = a_shares.security_id
            and h_shares.trade_date = a_shares.trade_date
            and h_shares.is_synthetic = a_shares.is_synthetic
    left join yuan_rates
        on
            h_shares.trade_date = yuan_rates.trade_date
            and h_shares.is_synthetic = yuan_rates.is_synthetic
),

converted as (
    select
        *,
        a_close_price_cny * hkd_per_cny as a_close_price_hkd,
        case
            when h_close_price_hkd is null then 'no_h_price'
            when a_close_price_cny is null then 'no_a_price'
            when hkd_per_cny is null then 'no_rate'
        end as ah_premium_missing_reason
    from joined
),

final as (
    select
        converted.trade_date,
        converted.security_code,
        securities.name_en as security_name,
        converted.a_share_symbol,
        converted.h_close_price_hkd,
        converted.a_close_price_cny,
        converted.hkd_per_cny,
        converted.a_close_price_hkd,
        100 * (converted.a_close_price_hkd / nullif(converted.h_close_price_hkd, 0) - 1)
            as ah_premium_pct,
        100 * (1 - converted.h_close_price_hkd / nullif(converted.a_close_price_hkd, 0))
            as h_discount_pct,
        converted.ah_premium_missing_reason,
        converted.evidence_grade,
        converted.is_synthetic,
        converted.known_at
    from converted
    left join {{ ref('security') }} as securities
        on converted.security_code = securities.security_code
)

select * from final
