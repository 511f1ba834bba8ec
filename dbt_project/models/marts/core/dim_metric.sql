with variants as (
    select * from {{ ref('metric') }}
),

figures as (
    select * from {{ ref('metric_figure') }}
),

final as (
    select
        variants.metric_id,
        variants.variant_id,
        coalesce(figures.observation_window, 'none') as observation_window,
        coalesce(figures.window_length, 0) as window_length,
        coalesce(figures.subject_kind, 'none') as subject_kind,
        variants.is_default,
        variants.name,
        variants.definition,
        variants.formula,
        variants.unit,
        variants.currency,
        variants.calendar,
        variants.sign,
        variants.grain,
        figures.model,
        figures.value_column,
        figures.subject_column,
        figures.subject_value,
        figures.date_column,
        figures.row_filter,
        variants.tolerance_relative,
        variants.tolerance_absolute,
        variants.tolerance_basis,
        variants.source,
        variants.chinese_term,
        variants.data_needed
    from variants
    left join figures
        on
            variants.metric_id = figures.metric_id
            and variants.variant_id = figures.variant_id
)

select * from final
