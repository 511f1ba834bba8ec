-- A bar beside the ratios, dividends and yields of its day.
with positions as (
    select * from {{ ref('int_valuations__price_positions') }}
),

ratios as (
    select * from {{ ref('int_valuations__ratios_united') }}
),

dividends as (
    select * from {{ ref('int_valuations__dividends_12_months') }}
),

yields as (
    select * from {{ ref('int_sentiment__equity_risk_premium') }}
),

securities as (
    select * from {{ ref('dim_security') }}
),

-- A year of dividends needs a year of prices in the lake to be known as whole.
beside as (
    select
        positions.*,
        ratios.pe_ttm,
        ratios.pb,
        coalesce(
            ratios.published_dividend_yield_pct,
            case
                when
                    securities.listing_kind = 'stock'
                    and positions.first_trade_date <= positions.trade_date - interval '1' year
                    then 100 * coalesce(dividends.dividends_12_months, 0) / positions.base_close
            end
        ) as dividend_yield_pct,
        ratios.market_cap_hkd_mn,
        ratios.market_cap_20_before_hkd_mn,
        ratios.shares_in_issue,
        ratios.shares_20_before,
        yields.us_10y_pct,
        case
            when ratios.subject_kind is not null then ratios.subject_kind
            when positions.subject_id in ('^HSI', 'HSTECH.HK') then 'index'
            when securities.listing_kind = 'stock' then 'security'
            else 'fund'
        end as subject_kind,
        {{ grade_name(
            'greatest(positions.latest_grade_rank, ' ~ grade_rank('ratios.evidence_grade') ~ ', '
            ~ grade_rank('yields.evidence_grade') ~ ')'
        ) }} as weakest_grade,
        greatest(
            positions.latest_known_at, ratios.known_at, dividends.known_at, yields.known_at
        ) as all_known_at
    from positions
    left join ratios
        on
            positions.subject_id = ratios.subject_id
            and positions.trade_date = ratios.trade_date
            and positions.is_synthetic = ratios.is_synthetic
    left join dividends
        on
            positions.subject_id = dividends.subject_id
            and positions.trade_date = dividends.trade_date
            and positions.is_synthetic = dividends.is_synthetic
    left join yields
        on
            positions.trade_date = yields.trade_date
            and positions.is_synthetic = yields.is_synthetic
    left join securities
        on positions.subject_id = securities.security_code
)

select * from beside
