with claims as (
    select * from {{ ref('claim') }}
),

units as (
    select * from {{ ref('unit') }}
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

default_variants as (
    select * from metrics
    where is_default
),

written as (
    select
        claim_id,
        document_id,
        statement,
        claim_kind,
        subject_id,
        metric_id,
        nullif(variant_id, '') as stated_variant_id,
        published_value,
        coalesce(published_decimals, 0) as published_decimals,
        nullif(unit, '') as unit,
        comparator,
        coalesce(period_start, period_end) as period_start,
        coalesce(period_end, period_start) as period_end,
        coalesce(period_text, '') || ' ' || statement as wording,
        since_date,
        nullif(benchmark_subject_id, '') as benchmark_subject_id,
        nullif(parent_claim_id, '') as parent_claim_id,
        nullif(parent_relation, '') as parent_relation,
        nullif(cited_source, '') as cited_source,
        nullif(attributed_to, '') as attributed_to,
        coalesce(world, 'real') = 'sandbox' as is_sandbox
    from claims
),

measured as (
    select
        written.*,
        coalesce(written.stated_variant_id, default_variants.variant_id) as variant_id,
        units.dimension,
        units.currency,
        units.factor_to_base as factor,
        written.published_value * units.factor_to_base as base_value,
        0.5 * power(10, -written.published_decimals) * units.factor_to_base as half_digit
    from written
    left join units on written.unit = units.unit_code
    left join default_variants on written.metric_id = default_variants.metric_id
),

final as (
    select
        measured.*,
        metrics.calendar,
        coalesce(metrics.dimension, 'none') as metric_dimension,
        metrics.data_needed,
        case
            when measured.claim_kind = 'qualitative' or measured.comparator = 'qualitative'
                then 'qualitative'
            when measured.parent_relation = 'conversion_of' then 'conversion'
            when measured.parent_relation = 'multiple_of' then 'ratio'
            when measured.benchmark_subject_id is not null then 'relative'
            when measured.claim_kind = 'rank' and measured.parent_claim_id is not null
                then 'ranking'
            when measured.unit = 'date' and metrics.dimension != 'date' then 'day'
            when measured.unit = 'date' and measured.since_date is null then 'dated'
            when
                measured.comparator = 'since' and metrics.dimension not in ('count', 'date')
                then 'since'
            when
                measured.claim_kind = 'change' and measured.period_start < measured.period_end
                and metrics.dimension in ('money', 'shares', 'price', 'points')
                and measured.dimension in ('percent', metrics.dimension)
                and not metrics.is_additive
                then 'change'
            else 'figure'
        end as form
    from measured
    left join metrics
        on
            measured.metric_id = metrics.metric_id
            and measured.variant_id = metrics.variant_id
)

select * from final
