-- Every figure that some reading of some claim asks for, once.
select
    metric_id,
    variant_id,
    subject_id,
    period_start,
    period_end,
    form,
    max(case when step = 4 then 1 else 0 end) = 1 as is_shifted
from {{ ref('int_claims__hypotheses') }}
group by metric_id, variant_id, subject_id, period_start, period_end, form
