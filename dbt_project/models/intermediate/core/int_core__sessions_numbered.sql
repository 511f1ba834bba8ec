with session_rows as (
    select * from {{ session_file() }}
),

final as (
    select
        calendar,
        trade_date,
        is_half_day,
        close_at,
        cast(row_number() over calendar_order as bigint) as session_number,
        lag(trade_date) over calendar_order as previous_trade_date
    from session_rows
    window calendar_order as (partition by calendar order by trade_date)
)

select * from final
