-- Readings in which the day was mistaken, with the printed number as it is.
select
    readings.claim_id,
    readings.variant_id,
    periods.shift,
    periods.period_start,
    periods.period_end,
    readings.rate,
    readings.rate_spread
from {{ ref('int_claims__readings') }} as readings
inner join {{ ref('int_claims__periods') }} as periods on readings.claim_id = periods.claim_id
where
    readings.is_searched_variant
    and periods.period_end is not null
    -- Of "highest since" any near day may hold: only a mistaken year is told from the others.
    and (readings.form != 'since' or periods.shift like '%year')
