-- Hong Kong's sessions in an order in which a window of full sessions steps over half days.
with sessions as (
    select * from {{ ref('int_core__sessions_numbered') }}
    where calendar = 'XHKG'
),

counted as (
    select
        *,
        sum(case when is_half_day then 0 else 1 end) over (order by trade_date) as full_sessions
    from sessions
),

-- A full session has an even place; a half day stands on the odd one after the full day before it.
-- The 20 full sessions before either are those 1 to 40 places back that are even.
final as (
    select
        trade_date,
        cast(session_number as bigint) as session_number,
        is_half_day,
        cast(2 * full_sessions + case when is_half_day then 1 else 0 end as bigint)
            as full_session_order
    from counted
)

select * from final
