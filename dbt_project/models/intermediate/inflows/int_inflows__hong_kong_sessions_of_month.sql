-- Which session of its month a session of Hong Kong is.
with sessions as (
    select
        trade_date,
        session_number,
        cast(date_trunc('month', trade_date) as date) as month_start
    from {{ ref('int_core__sessions_numbered') }}
    where calendar = 'XHKG'
),

final as (
    select
        trade_date,
        session_number,
        month_start,
        row_number() over (partition by month_start order by trade_date) as session_of_month
    from sessions
)

select * from final
