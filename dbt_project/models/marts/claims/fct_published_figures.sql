with figures as (
    select * from {{ ref('published_figure') }}
)

select
    figure_id,
    metric_id,
    variant_id,
    subject_id,
    period_start,
    period_end,
    value,
    unit,
    decimals,
    source_name,
    source_published_on,
    evidence_grade,
    note
from figures
