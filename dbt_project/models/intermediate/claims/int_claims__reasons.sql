-- What is finer than a verdict, as codes in alphabetical order.
with shown as (
    select
        shown.*,
        claims.dimension,
        claims.data_needed,
        length({{ printed_digits('claims.published_value', 'claims.published_decimals') }})
        - {{ trailing_zeros('claims.published_value', 'claims.published_decimals') }} as digit_count
    from {{ ref('int_claims__shown') }} as shown
    inner join {{ ref('int_claims__claims') }} as claims on shown.claim_id = claims.claim_id
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
        case
            when shown.decided_by = 'date_rules' or {{ failed('R-DATE-WEEKDAY') }} then 'date_rule'
        end,
        case
            when
                shown.digit_count < 3
                and shown.verdict != 'not checkable'
                and shown.dimension != 'date'
                then 'few_digits'
        end,
        case when {{ failed('R-FX') }} then 'fx_out_of_band' end,
        case when shown.decided_by = 'variant' or shown.is_stand_in then 'measure_variant' end,
        case
            when
                shown.verdict = 'not checkable' and shown.decided_by = 'nothing'
                and not shown.has_synthetic_only
                then 'no_evidence'
        end,
        case when {{ failed('R-SUM') }} then 'part_exceeds_whole' end,
        case
            when shown.verdict != 'not checkable' and shown.evidence_grade = 'published_secondary'
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
            when
                shown.verdict = 'confirmed'
                and shown.form = 'figure'
                and not shown.is_within_rounding
                then 'within_tolerance_only'
        end
    ) as reason_codes
from shown
