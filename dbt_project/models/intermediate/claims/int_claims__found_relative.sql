-- Return over a window less that of the best of the benchmarks, all from their own last closes.
with claims as (
    select * from {{ ref('int_claims__claims') }}
    where form = 'relative' and period_start < period_end
),

levels as (
    select * from {{ ref('int_claims__observations') }}
    where
        period_start = period_end
        and (metric_id, variant_id) in (
            ('index_level', 'bulletin_close'), ('index_level', 'vendor_close'), ('price', 'close')
        )
),

compared as (
    select
        claims.claim_id,
        claims.subject_id,
        claims.benchmark_subject_id,
        claims.variant_id,
        claims.period_start,
        claims.period_end,
        levels.subject_id as level_subject_id,
        levels.is_synthetic,
        levels.variant_id as level_variant_id,
        max(levels.source) as source,
        {{ grade_of_order("max(" ~ grade_order('levels.evidence_grade') ~ ")") }} as evidence_grade,
        max(levels.known_at) as known_at,
        {{ value_at_minimum(
            'case when levels.period_end <= claims.period_start then levels.value end',
            'case when levels.period_end <= claims.period_start then '
            ~ days_between('levels.period_end', 'claims.period_start') ~ ' end'
        ) }} as first_level,
        {{ value_at_minimum(
            'levels.value', days_between('levels.period_end', 'claims.period_end')
        ) }} as last_level,
        max(levels.period_end) as last_day
    from claims
    inner join levels
        on
            (
                claims.subject_id = levels.subject_id
                or {{ listed_in('levels.subject_id', 'claims.benchmark_subject_id') }}
            )
            and levels.period_end between claims.period_start - interval '10' day
            and claims.period_end
    group by
        claims.claim_id,
        claims.subject_id,
        claims.benchmark_subject_id,
        claims.variant_id,
        claims.period_start,
        claims.period_end,
        levels.subject_id,
        levels.is_synthetic,
        levels.variant_id
),

returns as (
    select
        *,
        100 * (last_level / first_level - 1) as return_pct,
        row_number() over (
            partition by claim_id, level_subject_id, is_synthetic order by level_variant_id
        ) as choice
    from compared
    where
        first_level is not null
        and last_day > period_start
        and last_day >= period_end - interval '5' day
),

of_subject as (
    select * from returns
    where choice = 1 and level_subject_id = subject_id
)

select
    of_subject.claim_id,
    of_subject.variant_id,
    of_subject.period_start,
    of_subject.period_end,
    max(of_subject.return_pct) - max(benchmarks.return_pct) as value,
    max(of_subject.source) as source,
    max(of_subject.evidence_grade) as evidence_grade,
    of_subject.is_synthetic,
    max(greatest(of_subject.known_at, benchmarks.known_at)) as known_at
from of_subject
inner join returns as benchmarks
    on
        of_subject.claim_id = benchmarks.claim_id
        and of_subject.is_synthetic = benchmarks.is_synthetic
        and benchmarks.choice = 1
        and benchmarks.level_subject_id != benchmarks.subject_id
group by
    of_subject.claim_id,
    of_subject.variant_id,
    of_subject.period_start,
    of_subject.period_end,
    of_subject.is_synthetic,
    of_subject.benchmark_subject_id
having
    count(*) = length(of_subject.benchmark_subject_id)
    - length(replace(of_subject.benchmark_subject_id, ',', '')) + 1
