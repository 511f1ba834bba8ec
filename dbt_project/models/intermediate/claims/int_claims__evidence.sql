-- Each reading against each figure on file: how far apart, how far they may be, whether it fits.
with claims as (
    select * from {{ ref('int_claims__claims') }}
),

found as (
    select * from {{ ref('int_claims__found') }}
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

measured as (
    select
        found.*,
        claims.comparator,
        claims.published_value,
        claims.published_decimals,
        claims.factor as claim_factor,
        claims.wording,
        metrics.factor as metric_factor,
        found.half_digit
        + case when found.resolver = 'since' then 0 else coalesce(found.evidence_half_digit, 0) end
            as rounding,
        case when found.resolver = 'since' then 0 else coalesce(found.evidence_half_digit, 0) end
            as evidence_margin,
        case
            when
                claims.is_sandbox or found.resolver not in ('point', 'window_sum', 'window_change')
                then 0
            else greatest(
                metrics.tolerance_relative * abs(found.evidence_value), metrics.tolerance_absolute
            )
        end as allowance,
        case
            when claims.comparator = 'about'
                then greatest(2 * found.half_digit, 0.01 * abs(found.value_in_metric_unit))
            else 0
        end as vagueness,
        coalesce(found.rate_spread * abs(found.value_in_metric_unit), 0) as rate_range,
        metrics.tolerance_basis as allowance_basis,
        case
            -- Of a day, how many days it lies before the first or after the last one claimed.
            when found.form = 'dated'
                then
                    found.evidence_value - least(
                        greatest(found.evidence_value, found.value_in_metric_unit),
                        found.value_in_metric_unit
                        + {{ days_between('claims.period_start', 'claims.period_end') }}
                    )
            else found.evidence_value - found.value_in_metric_unit
        end as difference
    from found
    inner join claims on found.claim_id = claims.claim_id
    inner join metrics
        on
            found.metric_id = metrics.metric_id
            and found.variant_id = metrics.variant_id
),

tolerated as (
    select
        *,
        case
            when form = 'dated' then 0
            else
                greatest(rounding * (1 + 1e-9), allowance, vagueness) + rate_range
                + 1e-12 * greatest(abs(evidence_value), abs(value_in_metric_unit))
        end as tolerance,
        case
            when form = 'dated' then 'one of the days claimed'
            when resolver = 'since' then 'the day itself, or ten days where the wording is vague'
            when rate_range > 0
                then 'half a unit of the last printed digit and the range of the exchange rate'
            when vagueness > rounding and vagueness >= allowance
                then '"about": 1 % or one unit of the last printed digit'
            when allowance > rounding then allowance_basis
            else 'half a unit of the last printed digit'
        end as tolerance_basis,
        {{ digits_of(
            'published_value', 'published_decimals', 'decimals', 'claim_factor', 'decimals_factor', '1'
        ) }}
            as printed_digits,
        {{ digits_of(
            'evidence_value', 'published_decimals', 'decimals', 'claim_factor', 'decimals_factor', 'metric_factor'
        ) }}
            as evidence_digits
    from measured
)

select
    claim_id,
    hypothesis_id,
    transform,
    transform_detail,
    step,
    is_stand_in,
    form,
    metric_id,
    variant_id,
    subject_id,
    period_start,
    period_end,
    value_in_metric_unit,
    source,
    evidence_grade,
    is_synthetic,
    is_synthetic = is_sandbox as is_admissible,
    known_at,
    figure_id,
    evidence_value,
    difference,
    case when form != 'dated' then difference / nullif(abs(evidence_value), 0) end
        as relative_difference,
    tolerance,
    tolerance_basis,
    abs(difference) <= rounding * (1 + 1e-9) + 1e-12 * abs(evidence_value)
        as is_within_rounding,
    resolver,
    {{ fits() }} as is_within,
    transform = 'as_stated' and {{ is_literally_true() }} as is_literally_true
from tolerated
