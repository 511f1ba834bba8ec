-- What is finer than a verdict: reason codes, confidence and the reading that is suggested.
with shown as (
    select
        shown.*,
        claims.published_value,
        claims.published_decimals,
        claims.unit,
        claims.dimension,
        claims.factor,
        claims.is_sandbox,
        claims.data_needed,
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
)

select
    shown.claim_id,
    concat_ws(
        ',',
        case when {{ failed('R-ATTRIB') }} then 'attribution_mismatch' end,
        case
            when shown.decided_by in ('variant_or_day', 'two_currencies', 'two_units', 'two_days')
                then 'basis_ambiguous'
        end,
        case when shown.decided_by = 'understated' then 'comparator_understated' end,
        case when shown.decided_by = 'converted' then 'currency_converted' end,
        case when shown.decided_by = 'date_rules' or {{ failed('R-DATE-WEEKDAY') }} then 'date_rule' end,
        case
            when shown.digit_count < 3 and shown.verdict <> 'not checkable' and shown.dimension <> 'date'
                then 'few_digits'
        end,
        case when {{ failed('R-FX') }} then 'fx_out_of_band' end,
        case when shown.decided_by = 'variant' then 'measure_variant' end,
        case
            when
                shown.verdict = 'not checkable' and shown.decided_by = 'nothing'
                and not shown.has_synthetic_only
                then 'no_evidence'
        end,
        case when {{ failed('R-SUM') }} then 'part_exceeds_whole' end,
        case
            when shown.verdict <> 'not checkable' and shown.evidence_grade = 'published_secondary'
                then 'published_secondary_only'
        end,
        case when shown.decided_by = 'qualitative' then 'qualitative' end,
        case when shown.verdict = 'refuted' and shown.is_other_sign then 'sign_reversed' end,
        case
            when shown.decided_by = 'nothing' and shown.data_needed is not null
                then 'source_not_public'
        end,
        case when shown.decided_by = 'superlative' then 'superlative_conflict' end,
        case
            when
                shown.decided_by in ('nothing', 'date_rules', 'unit_rules')
                and shown.has_synthetic_only
                then 'synthetic_only'
        end,
        case
            when shown.verdict = 'refuted' and shown.is_one_digit_off then 'transcription_suspected'
        end,
        case
            when shown.verdict = 'confirmed' and shown.form = 'figure' and not shown.is_within_rounding
                then 'within_tolerance_only'
        end
    ) as reason_codes,
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
        when shown.transform = 'scale'
            then shown.published_value * shown.value_in_metric_unit * metrics.factor
            / nullif(shown.published_value * shown.factor, 0)
        when shown.transform = 'currency' then shown.published_value
        when shown.verdict = 'refuted' and shown.is_other_sign then -shown.published_value
        when shown.verdict = 'refuted' and shown.is_one_digit_off
            then shown.evidence_value * metrics.factor / shown.factor
    end as suggested_value,
    case
        when shown.transform = 'currency' then units.unit_code
        when shown.transform = 'scale' or (shown.verdict = 'refuted' and (shown.is_other_sign or shown.is_one_digit_off))
            then shown.unit
    end as suggested_unit,
    case when shown.decided_by = 'day' then shown.shown_start end as suggested_period_start,
    case when shown.decided_by = 'day' then shown.shown_end end as suggested_period_end
from shown
left join metrics
    on
        shown.shown_metric_id = metrics.metric_id
        and shown.shown_variant_id = metrics.variant_id
left join units
    on
        shown.transform = 'currency'
        and shown.transform_detail = units.currency
        and shown.dimension = units.dimension
        and shown.factor = units.factor_to_base
