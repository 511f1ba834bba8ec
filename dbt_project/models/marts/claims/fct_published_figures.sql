with figures as (
    select * from {{ ref('published_figure') }}
    {{ where_known('source_published_on') }}
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
    note,
    evidence_grade,
    false as is_synthetic,
    cast(source_published_on as {{ column_type('timestamp with time zone') }}) as known_at
from figures
