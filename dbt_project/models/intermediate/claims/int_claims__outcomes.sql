-- One row per reading: the best evidence it met, and whether that bears it out.
with admissible as (
    select
        *,
        {{ grade_order('evidence_grade') }} as grade_order
    from {{ ref('int_claims__evidence') }}
    where is_admissible
),

best as (
    select
        *,
        min(grade_order) over (partition by claim_id, hypothesis_id) as best_grade_order
    from admissible
),

ordered as (
    select
        *,
        row_number() over (
            partition by claim_id, hypothesis_id
            order by
                case when is_within then 0 else 1 end,
                abs(difference),
                source asc,
                evidence_value asc,
                known_at desc
        ) as choice
    from best
    where grade_order = best_grade_order
)

select * from ordered
where choice = 1
