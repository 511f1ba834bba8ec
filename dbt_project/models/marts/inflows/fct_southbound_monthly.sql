with months as (
    select
        *,
        extract(year from month_start) * 12 + extract(month from month_start) as month_number
    from {{ ref('int_inflows__southbound_months') }}
),

complete as (
    select
        *,
        row_number() over (partition by channel, is_synthetic order by month_start) as row_of_lake
    from months
    where is_complete
),

compared as (
    select
        complete.channel,
        complete.is_synthetic,
        complete.month_start,
        count(case when earlier.net_buy_hkd_mn > complete.net_buy_hkd_mn then 1 end) + 1
            as net_buy_rank_all,
        max(case
            when earlier.net_buy_hkd_mn >= complete.net_buy_hkd_mn
                then earlier.month_number
        end) as higher_month_number,
        max(case
            when earlier.net_buy_hkd_mn >= complete.net_buy_hkd_mn
                then earlier.row_of_lake
        end) as higher_row_of_lake,
        min(earlier.month_number) as first_month_number,
        count(earlier.month_start) as earlier_count
    from complete
    left join complete as earlier
        on
            complete.channel = earlier.channel
            and complete.is_synthetic = earlier.is_synthetic
            and complete.month_start > earlier.month_start
    group by complete.channel, complete.is_synthetic, complete.month_start
),

-- A month that is missing or in part only may have been higher: then nothing is said.
explained as (
    select
        months.*,
        compared.net_buy_rank_all,
        months.month_number - compared.higher_month_number as months_back,
        compared.earlier_count,
        case
            when not months.is_complete then 'month_incomplete'
            when compared.earlier_count = 0 then 'first_complete_month_of_lake'
            when
                compared.higher_month_number is not null
                and months.month_number - compared.higher_month_number
                != complete.row_of_lake - compared.higher_row_of_lake
                then 'month_missing_since'
            when
                compared.higher_month_number is null
                and months.month_number - compared.first_month_number != compared.earlier_count
                then 'month_missing_since'
            when compared.higher_month_number is null then 'none_higher_in_lake'
        end as months_since_higher_missing_reason
    from months
    left join complete
        on
            months.channel = complete.channel
            and months.is_synthetic = complete.is_synthetic
            and months.month_start = complete.month_start
    left join compared
        on
            months.channel = compared.channel
            and months.is_synthetic = compared.is_synthetic
            and months.month_start = compared.month_start
),

final as (
    select
        month_start,
        channel,
        cast(net_buy_hkd_mn as decimal(18, 2)) as net_buy_hkd_mn,
        cast(total_turnover_hkd_mn as decimal(18, 2)) as total_turnover_hkd_mn,
        cast(quota_flow_cny_mn as double) as quota_flow_cny_mn,
        cast(session_count as bigint) as session_count,
        cast(sessions_expected as bigint) as sessions_expected,
        is_complete,
        cast(net_buy_rank_all as bigint) as net_buy_rank_all,
        cast(case when months_since_higher_missing_reason is null then months_back end as bigint)
            as months_since_higher,
        months_since_higher_missing_reason,
        cast(
            case
                when months_since_higher_missing_reason is null then months_back
                when months_since_higher_missing_reason = 'none_higher_in_lake'
                    then earlier_count + 1
            end as bigint
        ) as highest_in_n_months,
        evidence_grade,
        is_synthetic,
        known_at
    from explained
)

select * from final
