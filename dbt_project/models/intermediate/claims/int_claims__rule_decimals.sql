-- R-DECIMAL: figures of one unit in one document that print fewer decimals than the rest of them
-- were perhaps never converted. R-DIGIT: one figure printed twice with one digit changed.
with claims as (
    select * from {{ ref('int_claims__claims') }}
    where published_value is not null and comparator = 'equal' and dimension = 'money'
),

groups as (
    select
        document_id,
        unit,
        published_decimals,
        count(*) as figures
    from claims
    group by document_id, unit, published_decimals
),

finest as (
    select
        document_id,
        unit,
        max(published_decimals) as published_decimals
    from groups
    where figures >= 2
    group by document_id, unit
),

members as (
    select
        document_id,
        unit,
        {{ joined_text('claim_id') }} as claim_ids
    from claims
    group by document_id, unit
),

twins as (
    select
        claims.document_id,
        claims.claim_id,
        others.claim_id as other_id,
        claims.published_value,
        others.published_value as other_value,
        {{ digits_of(
            'claims.published_value', 'claims.published_decimals', 'null', '1', '0', '1'
        ) }}
            as digits,
        {{ digits_of(
            'others.published_value', 'claims.published_decimals', 'null', '1', '0', '1'
        ) }}
            as other_digits
    from claims
    inner join claims as others
        on
            claims.document_id = others.document_id
            and claims.metric_id = others.metric_id
            and claims.variant_id = others.variant_id
            and claims.subject_id = others.subject_id
            and claims.period_start = others.period_start
            and claims.period_end = others.period_end
            and claims.unit = others.unit
            and claims.claim_id > others.claim_id
)

select
    'R-DECIMAL' as rule_id,
    claims.document_id,
    members.claim_ids,
    claims.claim_id,
    cast(claims.published_decimals as double) as left_value,
    cast(finest.published_decimals as double) as right_value,
    claims.published_decimals >= finest.published_decimals as passed,
    'warning' as severity,
    'unit' as error_class,
    'decimals printed, against those of the other figures in ' || claims.unit as message
from claims
inner join finest
    on
        claims.document_id = finest.document_id
        and claims.unit = finest.unit
inner join members
    on
        claims.document_id = members.document_id
        and claims.unit = members.unit
union all
select
    'R-DIGIT' as rule_id,
    document_id,
    claim_id || ',' || other_id as claim_ids,
    claim_id,
    published_value as left_value,
    other_value as right_value,
    published_value = other_value as passed,
    'error' as severity,
    case
        when length(digits) = length(other_digits) and levenshtein(digits, other_digits) <= 2
            then 'transcription'
        else 'logic'
    end as error_class,
    'one figure printed twice, also in ' || other_id as message
from twins
