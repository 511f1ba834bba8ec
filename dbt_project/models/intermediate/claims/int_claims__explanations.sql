-- One plain paragraph per claim, the SQL that finds its figure again, and what would settle it.
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
),

rules as (
    select
        claim_id,
        {{ joined_text("rule_id || ': ' || replace(message, ',', ';')") }} as failures
    from {{ ref('int_claims__consistency') }}
    where not passed
    group by claim_id
),

worded as (
    select
        shown.*,
        rules.failures,
        case
            when shown.period_start = shown.period_end or shown.period_start is null
                then coalesce(cast(shown.period_end as {{ column_type('varchar') }}), 'no stated day')
            else cast(shown.period_start as {{ column_type('varchar') }}) || ' to '
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
                                        date '1970-01-01' + cast(shown.evidence_value as integer) * interval '1' day
                                        as date
                                    ) as {{ column_type('varchar') }}
                                )
                        else 'no earlier day'
                    end
            when shown.resolver in ('ratio', 'conversion', 'rank', 'relative')
                then {{ plain_number('shown.evidence_value') }}
            when shown.is_in_own_unit
                then {{ plain_number('shown.evidence_value / shown.factor') }} || ' ' || shown.unit
            else {{ plain_number('shown.evidence_value') }} || ' ' || shown.metric_unit
        end as found_figure
    from shown
    left join rules on shown.claim_id = rules.claim_id
)

select
    claim_id,
    concat_ws(
        ' ',
        'Published'
        || coalesce(' ' || {{ plain_number('published_value') }} || ' ' || unit, ' without a figure')
        || ' for ' || subject_id || ', ' || coalesce(lower(metric_name), metric_id) || ', '
        || claimed_period || '.',
        'Evidence for ' || shown_variant_id || ' (' || source || '; ' || evidence_grade || '; '
        || resolver || ') gives ' || found_figure
        || case
            when form in ('figure', 'change')
                then
                    ', ' || {{ plain_number('100 * relative_difference') }}
                    || ' % from the reading, where ' || {{ plain_number('tolerance') }}
                    || ' is tolerated: ' || tolerance_basis
            else ''
        end || '.',
        {{ sentence_of_decision() }},
        'Other readings that the evidence bears out: ' || rival_readings || '.',
        'Rules that failed: ' || failures || '.',
        'Verdict: ' || verdict || '.'
    ) as explanation,
    case
        when figure_id is not null
            then
                'select * from staging.published_figure where figure_id = ''' || figure_id || ''''
        when evidence_value is not null and form in ('figure', 'change', 'since')
            then
                'select * from core.mart_metric_observations where metric_id = ''' || shown_metric_id
                || ''' and variant_id = ''' || shown_variant_id || ''' and subject_id = '''
                || subject_id || ''' and period_end '
                || case
                    when resolver = 'point' then '= date ''' || cast(shown_end as {{ column_type('varchar') }}) || ''''
                    else
                        'between date ''' || cast(shown_start as {{ column_type('varchar') }})
                        || ''' and date ''' || cast(shown_end as {{ column_type('varchar') }}) || ''''
                end || ' order by period_end'
    end as sql_to_reproduce,
    case
        when verdict in ('confirmed', 'refuted') and evidence_grade <> 'published_secondary' then null
        when decided_by = 'qualitative' then 'nothing: the statement gives no figure'
        when decided_by = 'superlative' then null
        else
            coalesce(
                data_needed,
                lower(metric_name) || ' of ' || subject_id || ' for ' || claimed_period
                || case when is_sandbox then '' else ', not invented' end || ', from '
                || metric_source
            )
    end as missing_evidence
from worded
