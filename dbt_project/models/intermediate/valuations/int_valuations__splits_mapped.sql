with actions as (
    select * from {{ ref('stg_yahoo_chart__corporate_actions') }}
),

securities as (
    select * from {{ ref('security') }}
),

final as (
    select
        actions.ex_date,
        actions.symbol,
        coalesce(securities.security_code, actions.symbol) as security_id,
        actions.split_ratio
    from actions
    left join securities
        on actions.symbol = securities.yahoo_symbol
    where
        actions.action_type = 'split'
        and actions.split_ratio > 0
)

select * from final
