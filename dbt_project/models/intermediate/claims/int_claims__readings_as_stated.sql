-- Readings that take the printed number as it is: the stated variant, every other variant of the
-- measure, and at last a slip in the number itself.
with readings as (
    select * from {{ ref('int_claims__readings') }}
),

transforms as (
    select tried.* from (
        values
        ('as_stated', 1, 1),
        ('variant', 2, 1),
        ('sign', 5, -1),
        ('digit', 5, 1)
    ) as tried (transform, step, multiplier)
)

select
    readings.claim_id,
    readings.variant_id,
    transforms.transform,
    case
        when transforms.transform = 'variant' then readings.variant_id
        when readings.currency != readings.metric_currency and readings.form = 'figure'
            then readings.currency || ' converted to ' || readings.metric_currency
        else ''
    end as transform_detail,
    transforms.step,
    readings.period_start,
    readings.period_end,
    cast(transforms.multiplier as double) as multiplier,
    1 as coarseness,
    readings.rate,
    readings.rate_spread
from readings
cross join transforms
where
    (transforms.step = 1 and readings.is_stated_variant)
    -- Another measure and another currency at once would be two errors.
    or (
        transforms.step = 2
        and not readings.is_stated_variant
        and readings.rate = 1
        and readings.rate_spread = 0
    )
    or (
        transforms.step = 5
        and readings.is_searched_variant
        and readings.form = 'figure'
        and readings.dimension != 'date'
        and readings.number != 0
    )
