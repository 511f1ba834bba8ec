-- Flows of all funds in USD: inferred share counts (KWEB) and published ones (FXI, MCHI, 3033.HK).
with inferred as (
    select * from {{ ref('fct_etf_flow_daily') }}
),

published as (
    select * from {{ ref('fct_etf_shares_daily') }}
),

dollar_rates as (
    select * from {{ ref('stg_yahoo_chart__daily_bars') }}
    where symbol = 'HKD=X'
),

united as (
    select
        nav_date as fund_date,
        fund_symbol,
        'XNYS' as exchange_calendar,
        aum_usd,
        flow_usd,
        is_inferred_shares,
        evidence_grade,
        is_synthetic,
        known_at
    from inferred
    union all
    select
        published.share_date as fund_date,
        published.fund_symbol,
        case when published.currency = 'HKD' then 'XHKG' else 'XNYS' end as exchange_calendar,
        published.aum_fund_currency / case
            when published.currency = 'USD' then 1
            when published.currency = 'HKD' then dollar_rates.close_price
        end as aum_usd,
        published.flow_fund_currency / case
            when published.currency = 'USD' then 1
            when published.currency = 'HKD' then dollar_rates.close_price
        end as flow_usd,
        false as is_inferred_shares,
        {{ grade_name(
            'greatest(' ~ grade_rank('published.evidence_grade') ~ ', case when '
            ~ "published.currency = 'HKD' then "
            ~ grade_rank('dollar_rates.evidence_grade') ~ ' end)'
        ) }} as evidence_grade,
        published.is_synthetic
        or (published.currency = 'HKD' and coalesce(dollar_rates.is_synthetic, false))
            as is_synthetic,
        greatest(
            published.known_at,
            case when published.currency = 'HKD' then dollar_rates.known_at end
        ) as known_at
    from published
    left join dollar_rates
        on published.share_date = dollar_rates.trade_date
)

select * from united
