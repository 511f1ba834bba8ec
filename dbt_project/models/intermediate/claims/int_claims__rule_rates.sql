-- R-FX: a sum given in two currencies implies a rate, which lies where that rate has been. The HKD
-- band is the convertibility undertaking's; the others are the ranges since 2012, made wider.
with conversions as (
    select
        claims.claim_id,
        claims.document_id,
        family.parent_id,
        family.currency as from_currency,
        claims.currency as to_currency,
        claims.base_value / nullif(family.base_value, 0) as implied_rate,
        abs(claims.half_digit / nullif(claims.base_value, 0))
        + abs(family.half_digit / nullif(family.base_value, 0)) as relative_rounding
    from {{ ref('int_claims__claims') }} as claims
    inner join {{ ref('int_claims__family') }} as family on claims.claim_id = family.claim_id
    where claims.form = 'conversion'
),

bands as (
    select ranges.* from (
        values
        ('USD', 'HKD', 7.75, 7.85),
        ('HKD', 'USD', 1 / 7.85, 1 / 7.75),
        ('USD', 'CNY', 6.0, 7.5),
        ('CNY', 'USD', 1 / 7.5, 1 / 6.0),
        ('CNY', 'HKD', 1.03, 1.32),
        ('HKD', 'CNY', 1 / 1.32, 1 / 1.03)
    ) as ranges (from_currency, to_currency, lowest, highest)
)

select
    'R-FX' as rule_id,
    conversions.document_id,
    conversions.parent_id || ',' || conversions.claim_id as claim_ids,
    conversions.claim_id,
    conversions.implied_rate as left_value,
    cast(bands.highest as double) as right_value,
    conversions.implied_rate * (1 + conversions.relative_rounding) >= bands.lowest
    and conversions.implied_rate * (1 - conversions.relative_rounding) <= bands.highest as passed,
    'error' as severity,
    'unit' as error_class,
    'the implied rate of ' || conversions.from_currency || ' in ' || conversions.to_currency
    || ', against the highest that is plausible' as message
from conversions
inner join bands
    on
        conversions.from_currency = bands.from_currency
        and conversions.to_currency = bands.to_currency
