-- Evidence that belongs to one claim: days, rankings and comparisons with other subjects.
select
    claim_id,
    variant_id,
    period_end,
    coalesce(cast(last_higher as double), -1e9) as value,
    cast(first_day as double) as half_digit,
    source,
    evidence_grade,
    is_synthetic,
    known_at,
    cast(null as {{ column_type('varchar') }}) as figure_id,
    'since' as resolver
from {{ ref('int_claims__found_since') }}
-- A lake that begins later can only say that there was something higher.
where first_day <= since_number + 10 or last_higher > since_number + 10
union all
select
    claim_id,
    variant_id,
    period_end,
    value,
    0 as half_digit,
    source,
    evidence_grade,
    is_synthetic,
    known_at,
    null as figure_id,
    'relative' as resolver
from {{ ref('int_claims__found_relative') }}
union all
select
    claim_id,
    variant_id,
    period_end,
    value,
    0 as half_digit,
    source,
    evidence_grade,
    is_synthetic,
    known_at,
    figure_id,
    'point' as resolver
from {{ ref('int_claims__found_dated') }}
union all
select
    claim_id,
    null as variant_id,
    null as period_end,
    value,
    half_digit,
    source,
    evidence_grade,
    is_synthetic,
    known_at,
    null as figure_id,
    resolver
from {{ ref('int_claims__found_by_parents') }}
union all
select
    claim_id,
    null as variant_id,
    null as period_end,
    value,
    half_digit,
    source,
    evidence_grade,
    is_synthetic,
    known_at,
    null as figure_id,
    resolver
from {{ ref('int_claims__found_conversions') }}
