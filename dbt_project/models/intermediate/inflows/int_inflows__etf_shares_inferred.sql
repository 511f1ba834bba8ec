-- Shares outstanding that the issuer does not publish: net assets over net asset value a share.
with holdings as (
    select * from {{ ref('stg_kraneshares_kweb__etf_holdings') }}
    where {{ is_changed('holding_date') }}
),

values_published as (
    select * from {{ ref('stg_kraneshares_kweb__etf_nav') }}
    where
        currency = 'USD'
        and {{ is_changed('nav_date') }}
),

bars as (
    select * from {{ ref('int_valuations__vendor_bars_unadjusted') }}
    where {{ is_changed('trade_date') }}
),

-- All lines, the cash among them: market values then add up to net assets.
net_assets as (
    select
        holding_date,
        fund_symbol,
        sum(market_value_usd) as net_assets_usd,
        max({{ grade_rank('evidence_grade') }}) as grade_rank,
        bool_or(is_synthetic) as is_synthetic,
        max(known_at) as known_at
    from holdings
    group by holding_date, fund_symbol
),

fund_days as (
    select
        coalesce(net_assets.holding_date, values_published.nav_date) as nav_date,
        coalesce(net_assets.fund_symbol, values_published.fund_symbol) as fund_symbol,
        net_assets.net_assets_usd,
        values_published.nav_per_share,
        values_published.premium_ratio,
        values_published.evidence_grade as nav_grade,
        net_assets.grade_rank,
        coalesce(net_assets.is_synthetic, false)
        or coalesce(values_published.is_synthetic, false) as is_synthetic,
        greatest(net_assets.known_at, values_published.known_at) as known_at
    from net_assets
    full outer join values_published
        on
            net_assets.holding_date = values_published.nav_date
            and net_assets.fund_symbol = values_published.fund_symbol
),

final as (
    select
        fund_days.nav_date,
        fund_days.fund_symbol,
        fund_days.net_assets_usd,
        cast(bars.close_price as double) as close_price_usd,
        coalesce(
            fund_days.nav_per_share,
            cast(bars.close_price as double) / nullif(1 + fund_days.premium_ratio, 0)
        ) as nav_per_share_usd,
        fund_days.nav_per_share is null as is_inferred_nav,
        {{ grade_name(
            'greatest(fund_days.grade_rank, ' ~ grade_rank('fund_days.nav_grade') ~ ', '
            ~ grade_rank('bars.evidence_grade') ~ ')'
        ) }} as evidence_grade,
        fund_days.is_synthetic or coalesce(bars.is_synthetic, false) as is_synthetic,
        greatest(fund_days.known_at, bars.known_at) as known_at
    from fund_days
    left join bars
        on
            fund_days.nav_date = bars.trade_date
            and fund_days.fund_symbol = bars.security_id
)

select * from final
