with weeks as (
    select * from {{ ref('int_inflows__etf_weeks') }}
),

complete as (
    select
        *,
        row_number() over (partition by fund_symbol, is_synthetic order by week_start)
            as row_of_lake
    from weeks
    where is_complete
),

-- Where weeks of the lake and of the calendar count differently, one in between is missing.
compared as (
    select
        complete.fund_symbol,
        complete.is_synthetic,
        complete.week_start,
        max(case when earlier.flow_usd >= complete.flow_usd then earlier.week_end end)
            as highest_since_date,
        max(case
            when earlier.flow_usd >= complete.flow_usd
                then complete.row_of_lake - earlier.row_of_lake
        end) is not null as has_higher,
        min(case
            when earlier.flow_usd >= complete.flow_usd
                then complete.row_of_lake - earlier.row_of_lake
        end) as weeks_since_higher,
        min(case
            when earlier.flow_usd >= complete.flow_usd
                then complete.week_number - earlier.week_number
        end)
            as numbered_weeks_since_higher,
        count(earlier.week_start) as earlier_count
    from complete
    left join complete as earlier
        on
            complete.fund_symbol = earlier.fund_symbol
            and complete.is_synthetic = earlier.is_synthetic
            and complete.week_start > earlier.week_start
    group by complete.fund_symbol, complete.is_synthetic, complete.week_start
),

final as (
    select
        weeks.week_start,
        weeks.week_end,
        weeks.fund_symbol,
        case when weeks.is_complete then weeks.flow_usd end as flow_usd,
        cast(weeks.session_count as bigint) as session_count,
        cast(weeks.sessions_expected as bigint) as sessions_expected,
        weeks.is_complete,
        weeks.aum_start_usd,
        weeks.aum_end_usd,
        case
            when weeks.is_complete
                then 100 * weeks.flow_usd / nullif(weeks.aum_start_usd, 0)
        end as flow_pct_aum,
        case
            when compared.weeks_since_higher = compared.numbered_weeks_since_higher
                then compared.highest_since_date
        end as highest_since_date,
        cast(case
            when compared.weeks_since_higher = compared.numbered_weeks_since_higher
                then compared.weeks_since_higher
        end as bigint) as weeks_since_higher,
        case
            when not weeks.is_complete then 'week_incomplete'
            when compared.earlier_count = 0 then 'first_complete_week_of_lake'
            when not compared.has_higher then 'none_higher_in_lake'
            when compared.weeks_since_higher != compared.numbered_weeks_since_higher
                then 'week_missing_since'
        end as highest_since_missing_reason,
        weeks.is_inferred_shares,
        weeks.evidence_grade,
        weeks.is_synthetic,
        weeks.known_at
    from weeks
    left join compared
        on
            weeks.fund_symbol = compared.fund_symbol
            and weeks.is_synthetic = compared.is_synthetic
            and weeks.week_start = compared.week_start
)

select * from final
