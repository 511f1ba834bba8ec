-- R-ATTRIB: who is cited is who published. R-BANK: the line of business is the security's.
-- R-MEASURE-CALENDAR: what is published for the last session of a week has such days only.
with claims as (
    select * from {{ ref('int_claims__claims') }}
),

figures as (
    select * from {{ ref('published_figure') }}
),

family as (
    select * from {{ ref('int_claims__family') }}
),

days as (
    select * from {{ ref('int_claims__days') }}
),

attributed as (
    select
        claims.document_id,
        claims.claim_id,
        claims.cited_source,
        max(figures.source_name) as source_name,
        max(case when position(claims.cited_source in figures.source_name) > 0 then 1 else 0 end)
        = 1 as is_source
    from claims
    inner join figures
        on
            claims.metric_id = figures.metric_id
            and claims.subject_id = figures.subject_id
            and claims.period_start <= figures.period_end
            and claims.period_end >= figures.period_start
    where claims.cited_source is not null
    group by claims.document_id, claims.claim_id, claims.cited_source
),

sectors as (
    select
        claims.document_id,
        claims.claim_id,
        family.parent_id,
        securities.name_en,
        securities.sector
    from claims
    inner join family on claims.claim_id = family.claim_id
    inner join {{ ref('dim_security') }} as securities
        on family.subject_id = securities.security_code
    where claims.parent_relation = 'sector_of'
)

select
    'R-ATTRIB' as rule_id,
    document_id,
    claim_id as claim_ids,
    claim_id,
    cast(null as double) as left_value,
    cast(null as double) as right_value,
    is_source as passed,
    'warning' as severity,
    'attribution' as error_class,
    cited_source || ' is cited; the figure on file is from ' || source_name as message
from attributed
union all
select
    'R-BANK' as rule_id,
    document_id,
    claim_id || ',' || parent_id as claim_ids,
    claim_id,
    null as left_value,
    null as right_value,
    sector != 'Financials' as passed,
    'warning' as severity,
    'logic' as error_class,
    name_en || ' is listed under ' || sector as message
from sectors
union all
select
    'R-MEASURE-CALENDAR' as rule_id,
    claims.document_id,
    claims.claim_id as claim_ids,
    claims.claim_id,
    null as left_value,
    null as right_value,
    claims.calendar != 'XHKG_WEEK_END' or days.is_session or not days.is_known as passed,
    'error' as severity,
    'logic' as error_class,
    case
        when
            claims.calendar = 'XHKG_WEEK_END'
            then 'open positions are known for the last session of a week'
        else 'short sales are counted every session; open positions only at the end of a week'
    end as message
from claims
inner join days
    on
        claims.calendar = days.calendar
        and claims.period_end = days.day
where claims.metric_id like 'short_%' and claims.period_start = claims.period_end
