-- Cash dividends per share of the lake's first day: the vendor states them per share of its own.
{% set last_known = as_of() or '9999-12-31 00:00:00+00' -%}

with actions as (
    select
        *,
        coalesce(security_code, symbol) as subject_id
    from {{ ref('stg_yahoo_chart__corporate_actions') }}
    where
        action_type = 'dividend'
        and dividend_amount > 0
        and known_at <= cast('{{ last_known }}' as {{ column_type('timestamp with time zone') }})
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

-- Splits up to the ex-date, and those after it for which the vendor has restated the amount.
factors as (
    select
        actions.symbol,
        actions.ex_date,
        {{ product_of('splits.split_ratio') }} as split_factor
    from actions
    inner join splits
        on
            actions.symbol = splits.symbol
            and (
                actions.ex_date >= splits.ex_date
                or actions.known_at = actions.published_at
                or cast(actions.known_at as date) >= splits.ex_date
            )
    group by actions.symbol, actions.ex_date
),

final as (
    select
        actions.ex_date,
        actions.subject_id,
        actions.currency,
        actions.dividend_amount * coalesce(factors.split_factor, 1) as base_dividend,
        {{ grade_rank('actions.evidence_grade') }} as grade_rank,
        actions.is_synthetic,
        actions.known_at
    from actions
    left join factors
        on
            actions.symbol = factors.symbol
            and actions.ex_date = factors.ex_date
)

select * from final
