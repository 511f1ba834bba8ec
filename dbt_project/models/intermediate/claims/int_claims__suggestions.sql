-- How sure a verdict is, and what was probably meant.
with shown as (
    select
        shown.*,
        case when shown.decided_by = 'unit' then shown.transform end as mended_by,
        claims.published_value,
        claims.unit,
        claims.dimension,
        claims.factor,
        length({{ printed_digits('claims.published_value', 'claims.published_decimals') }})
        - {{ trailing_zeros('claims.published_value', 'claims.published_decimals') }} as digit_count
    from {{ ref('int_claims__shown') }} as shown
    inner join {{ ref('int_claims__claims') }} as claims on shown.claim_id = claims.claim_id
),

units as (
    select * from {{ ref('unit') }}
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

-- The smallest slip of scale after which the parts no longer exceed their whole.
excesses as (
    select
        claim_id,
        max(ceil(log10(left_value / right_value))) as powers_of_ten
    from {{ ref('int_claims__consistency') }}
    where rule_id = 'R-SUM' and not passed and left_value > 0 and right_value > 0
    group by claim_id
),

-- The same days of the year that the other days of the document speak of, if the last is a session.
meant_periods as (
    select
        claims.claim_id,
        cast(
            claims.period_start
            + (documents.inferred_year - extract(year from claims.period_end)) * interval '1' year
            as date
        ) as period_start,
        days.day as period_end
    from {{ ref('int_claims__claims') }} as claims
    inner join {{ ref('int_claims__consistency') }} as rules
        on
            claims.claim_id = rules.claim_id
            and rules.rule_id = 'R-DATE-ANCHOR'
            and not rules.passed
    inner join {{ ref('claim_document') }} as documents
        on claims.document_id = documents.document_id
    inner join {{ ref('int_claims__days') }} as days
        on
            claims.calendar = days.calendar
            and days.is_session
            and extract(year from days.day) = documents.inferred_year
            and extract(month from days.day) = extract(month from claims.period_end)
            and extract(day from days.day) = extract(day from claims.period_end)
)

select
    shown.claim_id,
    case
        when shown.verdict = 'not checkable' then null
        when shown.decided_by = 'superlative' then 0.9
        when shown.decided_by in ('unit_rules', 'date_rules') then 0.6
        else
            case shown.evidence_grade
                when 'published_secondary' then 0.8
                when 'vendor' then 0.93
                else 0.98
            end
            * case
                when shown.decided_by in ('as_stated', 'refuted') then 1
                when shown.decided_by in ('two_units', 'two_days') then 0.5
                when shown.decided_by = 'understated' then 0.7
                when shown.decided_by = 'unit' and shown.unit_rules > 0 then 0.95
                when shown.decided_by = 'day' and shown.has_date_rule then 0.95
                else 0.85
            end
            * case when shown.digit_count < 3 then 0.8 else 1 end
    end as confidence,
    case
        when shown.mended_by = 'scale'
            then
                shown.published_value * shown.value_in_metric_unit * metrics.factor
                / nullif(shown.published_value * shown.factor, 0)
        when shown.mended_by = 'currency' then shown.published_value
        when shown.verdict = 'refuted' and shown.is_other_sign then -shown.published_value
        when shown.verdict = 'refuted' and shown.is_one_digit_off
            then shown.evidence_value * metrics.factor / shown.factor
        when shown.decided_by = 'unit_rules'
            then shown.published_value * power(10, -excesses.powers_of_ten)
    end as suggested_value,
    case
        when shown.mended_by = 'currency' then units.unit_code
        when
            shown.mended_by = 'scale'
            or (shown.verdict = 'refuted' and (shown.is_other_sign or shown.is_one_digit_off))
            then shown.unit
        when shown.decided_by = 'unit_rules' and excesses.powers_of_ten is not null then shown.unit
    end as suggested_unit,
    case
        when shown.decided_by = 'day' then shown.shown_start
        when shown.decided_by = 'date_rules' then meant_periods.period_start
    end as suggested_period_start,
    case
        when shown.decided_by = 'day' then shown.shown_end
        when shown.decided_by = 'date_rules' then meant_periods.period_end
    end as suggested_period_end
from shown
left join metrics
    on
        shown.shown_metric_id = metrics.metric_id
        and shown.shown_variant_id = metrics.variant_id
left join units
    on
        shown.mended_by = 'currency'
        and shown.transform_detail = units.currency
        and shown.dimension = units.dimension
        and shown.factor = units.factor_to_base
left join excesses on shown.claim_id = excesses.claim_id
left join meant_periods on shown.claim_id = meant_periods.claim_id
