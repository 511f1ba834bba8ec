-- Every figure that some reading of some claim asks for, once.
select distinct
    metric_id,
    variant_id,
    subject_id,
    period_start,
    period_end,
    form,
    step = 4 as is_shifted
from {{ ref('int_claims__hypotheses') }}
