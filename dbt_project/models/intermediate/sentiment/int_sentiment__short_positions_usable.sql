-- From when to when a reported position is the newest that a reader can have.
with positions as (
    select * from {{ ref('fct_short_positions_weekly') }}
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

-- The next report ends a position even where the security is not in it: it fell below the
-- threshold.
reports as (
    select
        position_date,
        is_synthetic,
        min(usable_from_date) as usable_from_date
    from positions
    group by position_date, is_synthetic
),

superseded as (
    select
        reports.position_date,
        reports.is_synthetic,
        min(later.usable_from_date) as superseded_on
    from reports
    left join reports as later
        on
            reports.is_synthetic = later.is_synthetic
            and reports.position_date < later.position_date
    group by reports.position_date, reports.is_synthetic
),

factors as (
    select
        positions.position_date,
        positions.security_code,
        {{ product_of('splits.split_ratio') }} as split_factor
    from positions
    inner join splits
        on
            positions.security_code = splits.security_id
            and positions.is_synthetic = splits.is_synthetic
            and positions.position_date >= splits.ex_date
    group by positions.position_date, positions.security_code
),

-- Three weeks after its date a position is too old to stand for today's.
final as (
    select
        positions.*,
        positions.short_position_shares / coalesce(factors.split_factor, 1) as base_position,
        least(
            coalesce(superseded.superseded_on, date '9999-12-31'),
            cast(positions.position_date + interval '22' day as date)
        ) as usable_until_before
    from positions
    inner join superseded
        on
            positions.position_date = superseded.position_date
            and positions.is_synthetic = superseded.is_synthetic
    left join factors
        on
            positions.position_date = factors.position_date
            and positions.security_code = factors.security_code
)

select * from final
