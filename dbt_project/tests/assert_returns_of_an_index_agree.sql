-- An index's return over n sessions is one figure in both marts that hold it. Where the lake lacks
-- a session they may begin on different ones, so that this is a warning; owner: data-engineering.
{{ config(severity='warn') }}

with returns as (
    select
        trade_date,
        subject_id,
        is_synthetic,
        window_sessions,
        subject_return_pct
    from {{ ref('fct_relative_returns') }}
    where benchmark_market = 'Hong Kong'
),

valued as (
    select
        trade_date,
        subject_id,
        is_synthetic,
        return_1_session_pct,
        return_5_sessions_pct,
        return_20_sessions_pct,
        return_60_sessions_pct
    from {{ ref('mart_valuations_daily') }}
),

compared as (
    select
        returns.*,
        case returns.window_sessions
            when 1 then valued.return_1_session_pct
            when 5 then valued.return_5_sessions_pct
            when 20 then valued.return_20_sessions_pct
            when 60 then valued.return_60_sessions_pct
        end as valued_return_pct
    from returns
    inner join valued
        on
            returns.trade_date = valued.trade_date
            and returns.subject_id = valued.subject_id
            and returns.is_synthetic = valued.is_synthetic
)

select
    trade_date,
    subject_id,
    window_sessions,
    subject_return_pct,
    valued_return_pct
from compared
where abs(subject_return_pct - valued_return_pct) > 1e-6
