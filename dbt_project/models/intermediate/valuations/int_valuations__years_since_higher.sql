-- For bars that are the highest of a year: when a bar was last at least as high, on each basis.
{% set bases = [
    ('intraday', 'base_high'), ('close', 'base_close'), ('adjusted', 'adjusted_close_price')
] -%}

with positions as (
    select * from {{ ref('int_valuations__price_positions') }}
),

candidates as (
    select * from positions
    where
        coalesce(is_1y_high_intraday, false)
        or coalesce(is_1y_high_close, false)
        or coalesce(is_1y_high_adjusted, false)
),

looked_back as (
    select
        {% for basis, price in bases -%}
            max(case
                when earlier.{{ price }} >= candidates.{{ price }}
                    then earlier.trade_date
            end) as higher_{{ basis }}_date,
        {% endfor -%}
        candidates.subject_id,
        candidates.is_synthetic,
        candidates.trade_date
    from candidates
    inner join positions as earlier
        on
            candidates.subject_id = earlier.subject_id
            and candidates.is_synthetic = earlier.is_synthetic
            and candidates.trade_date > earlier.trade_date
    group by candidates.subject_id, candidates.is_synthetic, candidates.trade_date
),

final as (
    select
        {% for basis, _ in bases -%}
            {{ days_between('higher_' ~ basis ~ '_date', 'trade_date') }} / 365.25
                as years_since_higher_{{ basis }},
        {% endfor -%}
        subject_id,
        is_synthetic,
        trade_date
    from looked_back
)

select * from final
