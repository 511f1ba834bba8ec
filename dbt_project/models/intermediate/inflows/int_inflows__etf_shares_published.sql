-- Shares outstanding that an issuer publishes, with the value a share of the same day and world.
{{ config(materialized='incremental', meta={'day_column': 'share_date'}) }}

with share_counts as (
    select * from {{ ref('stg_ishares_fund__etf_shares') }}
    where {{ is_changed('share_date') }}
    union all
    select * from {{ ref('stg_csop_nav__etf_shares') }}
    where {{ is_changed('share_date') }}
),

asset_values as (
    select * from {{ ref('stg_ishares_fund__etf_nav') }}
    where {{ is_changed('nav_date') }}
    union all
    select * from {{ ref('stg_csop_nav__etf_nav') }}
    where {{ is_changed('nav_date') }}
),

final as (
    select
        share_counts.share_date,
        share_counts.fund_symbol,
        share_counts.exchange_calendar,
        share_counts.currency,
        share_counts.shares_outstanding,
        asset_values.nav_per_share,
        {{ grade_name(
            'greatest(' ~ grade_rank('share_counts.evidence_grade') ~ ', '
            ~ grade_rank('asset_values.evidence_grade') ~ ')'
        ) }} as evidence_grade,
        share_counts.is_synthetic,
        greatest(share_counts.known_at, asset_values.known_at) as known_at
    from share_counts
    left join asset_values
        on
            share_counts.share_date = asset_values.nav_date
            and share_counts.fund_symbol = asset_values.fund_symbol
            and share_counts.currency = asset_values.currency
            and share_counts.is_synthetic = asset_values.is_synthetic
)

select * from final
