-- Multiples and rankings: figures about other claims of the same document.
with claims as (
    select * from {{ ref('int_claims__claims') }}
),

family as (
    select * from {{ ref('int_claims__family') }}
),

figures as (
    select * from {{ ref('int_claims__found_points') }}
    union all
    select * from {{ ref('int_claims__found_sums') }}
),

ranked_figures as (
    select
        family.claim_id,
        family.parent_relation,
        family.place,
        figures.value,
        figures.half_digit,
        figures.source,
        figures.evidence_grade,
        figures.is_synthetic,
        figures.known_at,
        count(*) over (partition by family.claim_id, figures.is_synthetic) as found,
        row_number() over (
            partition by family.claim_id, family.place, figures.is_synthetic
            order by {{ grade_order('figures.evidence_grade') }}
        ) as choice
    from family
    inner join figures
        on
            family.metric_id = figures.metric_id
            and family.variant_id = figures.variant_id
            and family.subject_id = figures.subject_id
            and family.period_start = figures.period_start
            and family.period_end = figures.period_end
    where not figures.is_shifted
),

parents as (
    select * from ranked_figures
    where choice = 1
),

pairs as (
    select
        earlier.claim_id,
        earlier.parent_relation,
        earlier.is_synthetic,
        max(
            case
                when later.place = earlier.place + 1 then earlier.value / nullif(later.value, 0)
            end
        )
            as multiple,
        sum(case when later.value > earlier.value then 1 else 0 end) as inversions,
        count(distinct later.place) + 1 as places,
        max(earlier.source) as source,
        {{ grade_of_order("max(" ~ grade_order('earlier.evidence_grade') ~ ")") }}
            as evidence_grade,
        max(greatest(earlier.known_at, later.known_at)) as known_at
    from parents as earlier
    inner join parents as later
        on
            earlier.claim_id = later.claim_id
            and earlier.is_synthetic = later.is_synthetic
            and earlier.place < later.place
    group by earlier.claim_id, earlier.parent_relation, earlier.is_synthetic
),

listed as (
    select
        claim_id,
        count(*) as places
    from family
    group by claim_id
)

select
    pairs.claim_id,
    case
        when claims.form = 'ranking' then pairs.inversions
        when claims.dimension = 'percent' then 100 * pairs.multiple / claims.factor
        else pairs.multiple
    end as value,
    cast(0 as double) as half_digit,
    pairs.source,
    pairs.evidence_grade,
    pairs.is_synthetic,
    pairs.known_at,
    case when claims.form = 'ranking' then 'rank' else 'ratio' end as resolver
from pairs
inner join claims on pairs.claim_id = claims.claim_id
inner join listed
    on
        pairs.claim_id = listed.claim_id
        and pairs.places = listed.places
where claims.form in ('ranking', 'ratio')
