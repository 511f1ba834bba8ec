-- Which figures there are at all: their currency, calendar and reach.
select
    observations.metric_id,
    observations.variant_id,
    observations.subject_id,
    observations.is_synthetic,
    max(observations.currency) as currency,
    min(observations.period_end) as first_day,
    max(observations.period_end) as last_day,
    max(observations.known_at) as known_at,
    max(metrics.factor) as factor,
    max(metrics.dimension) as dimension,
    max(case when observations.currency = 'USD' then 'XNYS' else metrics.calendar end) as calendar
from {{ ref('int_claims__observations') }} as observations
inner join {{ ref('int_claims__metrics') }} as metrics
    on
        observations.metric_id = metrics.metric_id
        and observations.variant_id = metrics.variant_id
group by
    observations.metric_id,
    observations.variant_id,
    observations.subject_id,
    observations.is_synthetic
