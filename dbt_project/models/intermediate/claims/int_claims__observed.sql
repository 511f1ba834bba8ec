-- What the claims are about, and nothing else.
{{ config(materialized='view') }}

with claims as (
    select * from {{ ref('int_claims__claims') }}
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

levels as (
    select named.*
    from {{ level_bases() }}
        as named (metric_id, variant_id, level_metric_id, level_variant_id, low_variant_id, kind)
),

subjects as (
    select distinct
        metric_id,
        subject_id
    from claims
    union distinct
    select distinct
        levels.level_metric_id as metric_id,
        claims.subject_id
    from claims
    inner join levels on claims.metric_id = levels.metric_id
    union distinct
    select distinct
        held.metric_id,
        claims.subject_id
    from claims
    cross join (values ('price'), ('market_cap'), ('southbound_held_shares')) as held (metric_id)
    where claims.metric_id = 'southbound_security_flow'
    union distinct
    select
        held.metric_id,
        compared.subject_id
    from (
        select subject_id from claims
        where form = 'relative'
        union distinct
        select {{ items_of('benchmark_subject_id') }} as subject_id
        from claims
        where form = 'relative'
    ) as compared
    cross join (values ('index_level'), ('price')) as held (metric_id)
),

-- Pairs are looked up by their hash, patterns are not: the mart is long, so each has its own query.
followed as (
    select * from {{ ref('mart_metric_observations') }}
    where
        metric_id not like 'exchange_rate_%'
        and (metric_id, subject_id) in (select * from subjects)
    union all
    select * from {{ ref('mart_metric_observations') }}
    where metric_id like 'exchange_rate_%'
),

observed as (
    select
        observations.metric_id,
        observations.variant_id,
        observations.subject_kind,
        observations.subject_id,
        observations.observation_window,
        observations.window_length,
        coalesce(observations.period_start, observations.period_end) as period_start,
        observations.period_end,
        coalesce(
            observations.value,
            {{ days_between("date '1970-01-01'", 'observations.value_date') }}
        ) as value,
        observations.currency,
        metrics.source,
        observations.evidence_grade,
        observations.is_synthetic,
        observations.known_at,
        cast(null as double) as half_digit,
        cast(null as integer) as decimals,
        metrics.window_count = 1 and not metrics.has_days as is_only_window,
        'mart_metric_observations' as held_in
    from followed as observations
    inner join metrics
        on
            observations.metric_id = metrics.metric_id
            and observations.variant_id = metrics.variant_id
)

select * from observed
