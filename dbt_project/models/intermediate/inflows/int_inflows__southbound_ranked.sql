-- Where a session's net buy stands among all sessions of the lake up to it.
{{ config(materialized='incremental', meta={'day_column': 'trade_date'}) }}

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
        ) as higher_row_of_lake,
        count(earlier.trade_date) as earlier_count,
        min(earlier.session_number) as first_session_number
    from numbered
    left join numbered as earlier
        on
            numbered.channel = earlier.channel
            and numbered.is_synthetic = earlier.is_synthetic
            and numbered.trade_date > earlier.trade_date
    where {{ is_changed('numbered.trade_date') }}
    group by numbered.channel, numbered.is_synthetic, numbered.trade_date
),

-- A session that the lake lacks may have been higher: then nothing is said.
explained as (
    select
        compared.*,
        numbered.session_number - compared.higher_session_number as sessions_back,
        case
            when compared.earlier_count = 0 then 'first_session_of_lake'
            when
                numbered.session_number
                - coalesce(compared.higher_session_number, compared.first_session_number)
                != coalesce(
                    numbered.row_of_lake - compared.higher_row_of_lake, compared.earlier_count
                )
                then 'session_missing_since'
            when compared.higher_session_number is null then 'none_higher_in_lake'
        end as sessions_since_higher_missing_reason
    from compared
    inner join numbered
        on
            compared.channel = numbered.channel
            and compared.is_synthetic = numbered.is_synthetic
            and compared.trade_date = numbered.trade_date
),

final as (
    select
        channel,
        is_synthetic,
        trade_date,
        net_buy_rank_all,
        case when sessions_since_higher_missing_reason is null then sessions_back end
            as sessions_since_higher,
        sessions_since_higher_missing_reason,
        case
            when sessions_since_higher_missing_reason is null then sessions_back
            when sessions_since_higher_missing_reason = 'none_higher_in_lake'
                then earlier_count + 1
        end as highest_in_n_sessions,
        higher_session_number is null as is_highest_of_lake
    from explained
)

select * from final
