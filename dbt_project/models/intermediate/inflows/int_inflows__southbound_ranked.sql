-- Where a session's net buy stands among all sessions of the lake up to it.
with flows as (
    select * from {{ ref('int_inflows__southbound_summed') }}
),

numbered as (
    select
        channel,
        is_synthetic,
        trade_date,
        session_number,
        net_buy_hkd_mn,
        row_number() over (partition by channel, is_synthetic order by trade_date) as row_of_lake
    from flows
),

-- Ties share the better rank; the latest session at least as high is where "highest since" ends.
compared as (
    select
        numbered.channel,
        numbered.is_synthetic,
        numbered.trade_date,
        count(
            case when earlier.net_buy_hkd_mn > numbered.net_buy_hkd_mn then 1 end
        ) + 1 as net_buy_rank_all,
        max(
            case
                when earlier.net_buy_hkd_mn >= numbered.net_buy_hkd_mn
                    then earlier.session_number
            end
        ) as higher_session_number,
        max(
            case
                when earlier.net_buy_hkd_mn >= numbered.net_buy_hkd_mn
                    then earlier.row_of_lake
            end
        ) as higher_row_of_lake
    from numbered
    left join numbered as earlier
        on
            numbered.channel = earlier.channel
            and numbered.is_synthetic = earlier.is_synthetic
            and numbered.trade_date > earlier.trade_date
    group by numbered.channel, numbered.is_synthetic, numbered.trade_date
),

-- A session that the lake lacks may have been higher: then nothing is said.
final as (
    select
        compared.channel,
        compared.is_synthetic,
        compared.trade_date,
        compared.net_buy_rank_all,
        case
            when
                numbered.session_number - compared.higher_session_number
                = numbered.row_of_lake - compared.higher_row_of_lake
                then numbered.session_number - compared.higher_session_number
        end as sessions_since_higher,
        compared.higher_session_number is null as is_highest_of_lake
    from compared
    inner join numbered
        on
            compared.channel = numbered.channel
            and compared.is_synthetic = numbered.is_synthetic
            and compared.trade_date = numbered.trade_date
)

select * from final
