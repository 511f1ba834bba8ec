-- A claim's figure as stated, and as each other variant of its measure, in the unit of the variant.
with claims as (
    select * from {{ ref('int_claims__claims') }}
    where form not in ('qualitative', 'day') and period_end is not null
),

metrics as (
    select * from {{ ref('int_claims__metrics') }}
),

series as (
    select * from {{ ref('int_claims__series') }}
),

rates as (
    select * from {{ ref('int_claims__rates_by_day') }}
),

stand_ins as (
    select * from {{ ref('int_claims__stand_ins') }}
),

paired as (
    select
        claims.*,
        metrics.variant_id as read_variant_id,
        metrics.variant_id = claims.variant_id as is_stated_variant,
        metrics.variant_id = coalesce(stand_ins.variant_id, claims.variant_id)
            as is_searched_variant,
        metrics.factor as metric_factor,
        coalesce(series.currency, metrics.currency) as metric_currency,
        metrics.dimension = 'none'
        or metrics.dimension = claims.dimension
        or (metrics.dimension in ('money', 'price') and claims.dimension in ('money', 'price'))
        or (metrics.dimension in ('count', 'points') and claims.dimension in ('count', 'points'))
            as is_same_dimension
    from claims
    inner join metrics on claims.metric_id = metrics.metric_id
    left join stand_ins on claims.claim_id = stand_ins.claim_id
    left join series
        on
            metrics.metric_id = series.metric_id
            and metrics.variant_id = series.variant_id
            and claims.subject_id = series.subject_id
            and claims.is_sandbox = series.is_synthetic
    where
        metrics.variant_id = claims.variant_id
        or claims.form not in ('conversion', 'ratio', 'ranking', 'relative')
),

converted as (
    select
        paired.*,
        case
            when
                paired.currency is null or paired.metric_currency is null
                or paired.currency = paired.metric_currency
                or paired.form = 'conversion'
                then 1
            else (rates.lowest + rates.highest) / 2
        end as rate,
        case
            when
                paired.currency is null or paired.metric_currency is null
                or paired.currency = paired.metric_currency
                or paired.form = 'conversion'
                then 0
            else (rates.highest - rates.lowest) / (rates.highest + rates.lowest)
        end as rate_spread
    from paired
    left join rates
        on
            paired.period_end = rates.day
            and paired.is_sandbox = rates.is_synthetic
            and paired.currency = rates.from_currency
            and paired.metric_currency = rates.to_currency
)

select
    claim_id,
    is_stated_variant,
    is_searched_variant,
    form,
    metric_id,
    read_variant_id as variant_id,
    subject_id,
    period_start,
    period_end,
    is_sandbox,
    dimension,
    currency,
    metric_currency,
    rate,
    rate_spread,
    case
        -- A record is the highest since a day before all figures.
        when form = 'since'
            then {{ days_between("date '1970-01-01'", "coalesce(since_date, date '1900-01-01')") }}
        when form = 'dated' or (form = 'figure' and dimension = 'date')
            then {{ days_between("date '1970-01-01'", 'coalesce(since_date, period_start)') }}
        when form in ('change', 'ratio', 'relative') then published_value
        when form = 'ranking' then 0
        when form = 'conversion' then base_value
        when is_same_dimension then base_value / metric_factor
    end as number,
    case
        when form in ('since', 'dated', 'ranking') or dimension = 'date' then 0
        when form in ('change', 'ratio', 'relative') then half_digit / factor
        when form = 'conversion' then half_digit
        else half_digit / metric_factor
    end as half_digit,
    {{ trailing_zeros('published_value', 'published_decimals') }} as trailing_zeros
from converted
