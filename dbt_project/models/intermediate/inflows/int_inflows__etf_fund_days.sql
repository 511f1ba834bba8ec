-- All funds on one footing, in the fund's currency: shares inferred (KWEB) or published.
{{ config(materialized='incremental', meta={'day_column': 'nav_date'}) }}

with inferred as (
    select * from {{ ref('int_inflows__etf_shares_inferred') }}
    where {{ is_changed('nav_date') }}
),

published as (
    select * from {{ ref('int_inflows__etf_shares_published') }}
    where {{ is_changed('share_date') }}
),

bars as (
    select * from {{ ref('int_valuations__vendor_bars_unadjusted') }}
    where {{ is_changed('trade_date') }}
),

dollar_rates as (
    select * from {{ ref('int_core__vendor_exchange_rates') }}
    where
        symbol = 'HKD=X'
        and {{ is_changed('trade_date') }}
),

united as (
    select
        nav_date,
        fund_symbol,
        'XNYS' as exchange_calendar,
        'USD' as fund_currency,
        cast(round(net_assets_usd / nullif(nav_per_share_usd, 0)) as bigint)
            as shares_outstanding,
        true as is_inferred_shares,
        net_assets_usd as net_assets,
        nav_per_share_usd as nav_per_share,
        is_inferred_nav,
        evidence_grade,
        is_synthetic,
        known_at
    from inferred
    union all
    select
        share_date as nav_date,
        fund_symbol,
        exchange_calendar,
        currency as fund_currency,
        cast(round(shares_outstanding) as bigint) as shares_outstanding,
        false as is_inferred_shares,
        shares_outstanding * nav_per_share as net_assets,
        nav_per_share,
        false as is_inferred_nav,
        evidence_grade,
        is_synthetic,
        known_at
    from published
),

-- A close or rate of the other world is none. Shares published do not rest on the vendor's close.
final as (
    select
        united.nav_date,
        united.fund_symbol,
        united.exchange_calendar,
        united.fund_currency,
        united.shares_outstanding,
        united.is_inferred_shares,
        united.net_assets,
        united.nav_per_share,
        united.is_inferred_nav,
        cast(bars.close_price as double) as close_price,
        case united.fund_currency
            when 'USD' then 1.0
            when 'HKD' then cast(dollar_rates.close_price as double)
        end as fund_currency_per_usd,
        {{ grade_name(
            'greatest(' ~ grade_rank('united.evidence_grade') ~ ', case united.fund_currency when '
            ~ "'HKD' then " ~ grade_rank('dollar_rates.evidence_grade') ~ ' end)'
        ) }} as evidence_grade,
        {{ grade_name(
            'greatest(' ~ grade_rank('united.evidence_grade') ~ ', '
            ~ grade_rank('bars.evidence_grade') ~ ')'
        ) }} as premium_evidence_grade,
        united.is_synthetic,
        greatest(
            united.known_at, case united.fund_currency when 'HKD' then dollar_rates.known_at end
        ) as known_at,
        greatest(united.known_at, bars.known_at) as premium_known_at
    from united
    left join bars
        on
            united.nav_date = bars.trade_date
            and united.fund_symbol = bars.symbol
            and united.fund_currency = bars.currency
            and united.is_synthetic = bars.is_synthetic
    left join dollar_rates
        on
            united.nav_date = dollar_rates.trade_date
            and united.is_synthetic = dollar_rates.is_synthetic
)

select * from final
