with variants as (
    select
        metric_id,
        variant_id,
        is_default,
        name,
        unit,
        currency,
        calendar,
        sign,
        tolerance_relative,
        tolerance_absolute,
        tolerance_basis,
        source,
        data_needed,
        count(model) as window_count,
        max(case when observation_window in ('day', 'lake') then 1 else 0 end) = 1 as has_days,
        max(case when observation_window = 'week' then 1 else 0 end) = 1 as has_weeks
    from (
        select distinct
            metric_id,
            variant_id,
            is_default,
            name,
            unit,
            currency,
            calendar,
            sign,
            tolerance_relative,
            tolerance_absolute,
            tolerance_basis,
            source,
            data_needed,
            model,
            observation_window,
            window_length
        from {{ ref('dim_metric') }}
    ) as windows
    group by
        metric_id,
        variant_id,
        is_default,
        name,
        unit,
        currency,
        calendar,
        sign,
        tolerance_relative,
        tolerance_absolute,
        tolerance_basis,
        source,
        data_needed
),

units as (
    select * from {{ ref('unit') }}
),

final as (
    select
        variants.*,
        coalesce(units.dimension, 'count') as dimension,
        coalesce(units.factor_to_base, 1) as factor,
        {{ is_additive('variants.metric_id') }} as is_additive
    from variants
    left join units on variants.unit = units.unit_code
)

select * from final
