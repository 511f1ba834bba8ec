-- The verdict: as stated, then other measures, then units, then days; the first that fits decides,
-- and readings of one step that disagree decide nothing.
with survivors as (
    select
        survivors.*,
        claims.form,
        -- Many figures lie beyond a bound: another measure or day that does proves nothing.
        claims.comparator in ('more_than', 'less_than') as is_bound
    from {{ ref('int_claims__survivors') }} as survivors
    inner join {{ ref('int_claims__claims') }} as claims
        on survivors.claim_id = claims.claim_id
),

ruled as (
    select
        *,
        case
            when is_superlative then 'superlative'
            when form = 'qualitative' then 'qualitative'
            when is_as_stated then 'as_stated'
            when is_variant and (is_bound or date_readings > 0) then 'variant_or_day'
            when is_variant then 'variant'
            when is_converted and is_other_currency then 'two_currencies'
            when is_converted then 'converted'
            when unit_readings > 1 then 'two_units'
            when unit_readings = 1 and date_readings = 1 and has_date_rule then 'day'
            when unit_readings = 1 then 'unit'
            when date_readings > 1 and not is_bound then 'two_days'
            when date_readings = 1 and (has_date_rule or not is_bound) then 'day'
            when is_literally_true then 'understated'
            when has_evidence then 'refuted'
            when has_date_rule then 'date_rules'
            when has_unit_error or unit_rules >= 2 then 'unit_rules'
            else 'nothing'
        end as decided_by
    from survivors
)

select
    *,
    case decided_by
        when 'superlative' then 'refuted'
        when 'as_stated' then 'confirmed'
        when 'variant' then 'confirmed'
        when 'converted' then 'confirmed'
        when 'understated' then 'confirmed'
        when 'unit' then 'unit error suspected'
        when 'unit_rules' then 'unit error suspected'
        when 'day' then 'date error suspected'
        when 'date_rules' then 'date error suspected'
        when 'two_units' then 'refuted'
        when 'two_days' then 'refuted'
        when 'refuted' then 'refuted'
        else 'not checkable'
    end as verdict,
    case
        when decided_by in ('refuted', 'two_units', 'two_days') and not has_stated_evidence then 2
        when
            decided_by in (
                'as_stated', 'converted', 'understated', 'refuted', 'two_units', 'two_days'
            )
            then 1
        when decided_by in ('variant', 'variant_or_day') then 2
        when decided_by in ('unit', 'two_currencies') then 3
        when decided_by = 'day' then 4
    end as shown_step
from ruled
