-- One plain paragraph per claim, the SQL that finds its figure again, and what would settle it.
select
    claim_id,
    concat_ws(
        ' ',
        'Published'
        || coalesce(
            ' ' || {{ plain_number('published_value') }} || ' ' || unit_label, ' without a figure'
        )
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
        'Other readings that the evidence bears out: ' || replace(rival_readings, ',', ', ')
        || '.',
        'Rules that failed: ' || replace(failures, '),R-', '); R-') || '.',
        'Verdict: ' || verdict || '.'
    ) as explanation,
    case
        when figure_id is not null
            then
                'select * from claims.fct_published_figures where figure_id = '''
                || figure_id || ''''
        when evidence_value is not null and form in ('figure', 'change', 'since')
            then
                'select * from core.mart_metric_observations where metric_id = '''
                || shown_metric_id
                || ''' and variant_id = ''' || shown_variant_id || ''' and subject_id = '''
                || subject_id || ''' and period_end '
                || case
                    when
                        resolver = 'point'
                        then '= date ''' || cast(shown_end as {{ column_type('varchar') }}) || ''''
                    else
                        'between date ''' || cast(shown_start as {{ column_type('varchar') }})
                        || ''' and date '''
                        || cast(shown_end as {{ column_type('varchar') }})
                        || ''''
                end || ' order by period_end'
    end as sql_to_reproduce,
    case
        when
            verdict in ('confirmed', 'refuted') and evidence_grade != 'published_secondary'
            then null
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
from {{ ref('int_claims__worded') }}
