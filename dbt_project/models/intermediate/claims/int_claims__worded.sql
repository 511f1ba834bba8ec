-- Periods, figures and rules of a claim in words, for its explanation.
with shown as (
    select
        shown.*,
        claims.statement,
        claims.subject_id,
        claims.metric_id,
        claims.variant_id,
        claims.published_value,
        claims.unit,
        claims.period_start,
        claims.period_end,
        claims.is_sandbox,
        claims.data_needed,
        claims.factor,
        coalesce(claimed_units.label, claims.unit) as unit_label,
        coalesce(found_units.label, metrics.unit) as metric_label,
        coalesce(metrics.dimension, 'none') = 'none' as is_in_own_unit,
        metrics.unit as metric_unit,
        metrics.factor as metric_factor,
        defaults.name as metric_name,
        defaults.source as metric_source
    from {{ ref('int_claims__shown') }} as shown
    inner join {{ ref('int_claims__claims') }} as claims on shown.claim_id = claims.claim_id
    left join {{ ref('int_claims__metrics') }} as metrics
        on
            shown.shown_metric_id = metrics.metric_id
            and shown.shown_variant_id = metrics.variant_id
    left join {{ ref('int_claims__metrics') }} as defaults
        on
            claims.metric_id = defaults.metric_id
            and claims.variant_id = defaults.variant_id
    left join {{ ref('unit') }} as claimed_units on claims.unit = claimed_units.unit_code
    left join {{ ref('unit') }} as found_units on metrics.unit = found_units.unit_code
),

rules as (
    select
        claim_id,
        {{ joined_text(
            "rule_id || ' (' || replace(message, ',', ';')"
            ~ " || coalesce('; ' || " ~ plain_number('left_value') ~ " || ' against ' || "
            ~ plain_number('right_value') ~ ", '') || ')'"
        ) }} as failures
    from {{ ref('int_claims__consistency') }}
    where not passed
    group by claim_id
)

select
    shown.*,
    rules.failures,
    case
        when shown.period_start = shown.period_end or shown.period_start is null
            then
                coalesce(
                    cast(shown.period_end as {{ column_type('varchar') }}), 'no stated day'
                )
        else
            cast(shown.period_start as {{ column_type('varchar') }}) || ' to '
            || cast(shown.period_end as {{ column_type('varchar') }})
    end as claimed_period,
    case
        when shown.form in ('since', 'dated') or shown.metric_unit = 'date'
            then
                case
                    when shown.evidence_value > -1e8
                        then
                            cast(
                                cast(
                                    date '1970-01-01'
                                    + cast(shown.evidence_value as integer) * interval '1' day
                                    as date
                                ) as {{ column_type('varchar') }}
                            )
                    else 'no earlier day'
                end
        when shown.resolver in ('ratio', 'conversion', 'rank', 'relative')
            then {{ plain_number('shown.evidence_value') }}
        when shown.is_in_own_unit
            then
                {{ plain_number('shown.evidence_value / shown.factor') }} || ' '
                || shown.unit_label
        else {{ plain_number('shown.evidence_value') }} || ' ' || shown.metric_label
    end as found_figure
from shown
left join rules on shown.claim_id = rules.claim_id
