-- Each holding beside that of the session before, counted in the shares of the later day. What is
-- made of it looks back over 60 sessions and the one before them: they are within 125 days.
with holdings as (
    select * from {{ ref('stg_hkex_ccass_southbound__southbound_holdings') }}
    where {{ is_changed('holding_date', 125) }}
),

sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
    where calendar = 'XHKG'
),

splits as (
    select * from {{ ref('int_valuations__splits_mapped') }}
),

numbered as (
    select
        holdings.*,
        sessions.session_number
    from holdings
    left join sessions
        on holdings.holding_date = sessions.trade_date
),

-- Invented and real days are never compared.
followed as (
    select
        numbered.*,
        previous.holding_date as previous_holding_date,
        previous.held_shares as previous_held_shares,
        previous.evidence_grade as previous_grade,
        previous.known_at as previous_known_at
    from numbered
    left join numbered as previous
        on
            numbered.security_code = previous.security_code
            and numbered.is_synthetic = previous.is_synthetic
            and numbered.session_number = previous.session_number + 1
),

factors as (
    select
        followed.holding_date,
        followed.security_code,
        {{ product_of('splits.split_ratio') }} as split_factor,
        max({{ grade_rank('splits.evidence_grade') }}) as grade_rank,
        bool_or(splits.is_synthetic) as is_synthetic,
        max(splits.known_at) as known_at
    from followed
    inner join splits
        on
            followed.security_code = splits.security_id
            and followed.previous_holding_date < splits.ex_date
            and followed.holding_date >= splits.ex_date
    group by followed.holding_date, followed.security_code
),

final as (
    select
        followed.holding_date,
        followed.security_code,
        followed.security_name,
        followed.held_shares,
        followed.held_pct_issued,
        followed.implied_trade_date,
        case
            when followed.previous_holding_date is not null then coalesce(factors.split_factor, 1)
        end as split_factor,
        cast(
            round(followed.previous_held_shares * coalesce(factors.split_factor, 1)) as bigint
        ) as previous_held_shares,
        {{ grade_name(
            'greatest(' ~ grade_rank('followed.evidence_grade') ~ ', '
            ~ grade_rank('followed.previous_grade') ~ ', factors.grade_rank)'
        ) }} as evidence_grade,
        followed.is_synthetic or coalesce(factors.is_synthetic, false) as is_synthetic,
        greatest(followed.known_at, followed.previous_known_at, factors.known_at) as known_at
    from followed
    left join factors
        on
            followed.holding_date = factors.holding_date
            and followed.security_code = factors.security_code
)

select * from final
