-- R-DATE-WEEKDAY: a day that carries a measure of an exchange is a session, and a week ends on its
-- last one. R-DATE-ANCHOR: the document's other days tell which year it speaks of.
with claims as (
    select * from {{ ref('int_claims__claims') }}
    where form not in ('qualitative', 'dated') and calendar != 'none'
),

days as (
    select * from {{ ref('int_claims__days') }}
),

documents as (
    select * from {{ ref('claim_document') }}
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

checked as (
    select
        claims.*,
        days.is_session,
        date_trunc('week', days.next_session) > date_trunc('week', claims.period_end)
            as is_week_end,
        metrics.has_weeks
        and (
            claims.form = 'day'
            or {{ days_between('claims.period_start', 'claims.period_end') }} between 2 and 6
        ) as is_weekly
    from claims
    inner join metrics
        on
            claims.metric_id = metrics.metric_id
            and claims.variant_id = metrics.variant_id
    inner join days
        on
            claims.calendar = days.calendar
            and claims.period_end = days.day
    where days.is_known and (claims.period_start = claims.period_end or metrics.has_weeks)
),

siblings as (
    select distinct
        claims.document_id,
        claims.calendar,
        claims.period_end as day,
        documents.inferred_year
    from claims
    inner join documents on claims.document_id = documents.document_id
    where
        claims.period_start = claims.period_end
        and extract(year from claims.period_end) = documents.inferred_year
),

anchored as (
    select
        siblings.document_id,
        extract(year from days.day) as other_year,
        siblings.inferred_year,
        count(*) as day_count,
        sum(case when days.is_session then 1 else 0 end) as session_count
    from siblings
    inner join days
        on
            siblings.calendar = days.calendar
            and extract(month from siblings.day) = extract(month from days.day)
            and extract(day from siblings.day) = extract(day from days.day)
    where abs(extract(year from days.day) - siblings.inferred_year) <= 1
    group by siblings.document_id, extract(year from days.day), siblings.inferred_year
)

select
    'R-DATE-WEEKDAY' as rule_id,
    document_id,
    claim_id as claim_ids,
    claim_id,
    cast(null as double) as left_value,
    cast(null as double) as right_value,
    is_session and (not is_weekly or is_week_end) as passed,
    'error' as severity,
    'date' as error_class,
    cast(period_end as {{ column_type('varchar') }})
    || case
        when not is_session then ' is no session of ' || calendar
        when is_weekly and not is_week_end then ' is not the last session of its week'
        else ' is a session of ' || calendar
    end as message
from checked
union all
select
    'R-DATE-ANCHOR' as rule_id,
    claims.document_id,
    claims.claim_id as claim_ids,
    claims.claim_id,
    cast(stated.session_count as double) as left_value,
    cast(meant.session_count as double) as right_value,
    false as passed,
    'error' as severity,
    'date' as error_class,
    'of the other days of the document, all '
    || cast(meant.session_count as {{ column_type('varchar') }}) || ' are sessions in '
    || cast(meant.inferred_year as {{ column_type('varchar') }}) || ' and only '
    || cast(stated.session_count as {{ column_type('varchar') }}) || ' in '
    || cast(stated.other_year as {{ column_type('varchar') }}) as message
from claims
inner join anchored as stated
    on
        claims.document_id = stated.document_id
        and extract(year from claims.period_end) = stated.other_year
inner join anchored as meant
    on
        claims.document_id = meant.document_id
        and meant.other_year = meant.inferred_year
where
    stated.other_year != stated.inferred_year
    and meant.session_count = meant.day_count
    and meant.day_count >= 2
    and stated.session_count < meant.session_count
