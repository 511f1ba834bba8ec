with summed as (
    select * from {{ ref('int_inflows__southbound_summed') }}
),

ranked as (
    select * from {{ ref('int_inflows__southbound_ranked') }}
),

quota_flows as (
    select * from {{ ref('int_inflows__quota_flows') }}
),

market as (
    select * from {{ ref('int_inflows__market_turnover') }}
),

yuan_rates as (
    select * from {{ ref('int_core__vendor_exchange_rates') }}
    where symbol = 'CNYHKD=X'
),

-- A figure of the other world is none.
beside as (
    select
        summed.*,
        ranked.net_buy_rank_all,
        ranked.sessions_since_higher,
        ranked.sessions_since_higher_missing_reason,
        ranked.highest_in_n_sessions,
        ranked.is_highest_of_lake,
        quota_flows.quota_flow_cny_mn,
        quota_flows.quota_balance_cny_mn,
        quota_flows.quota_usage_pct,
        case when not market.has_unconverted_counter then market.market_turnover_hkd_mn end
            as market_turnover_hkd_mn,
        case
            when market.trade_date is null then 'no_quotation_sheet'
            when market.has_unconverted_counter then 'no_rate'
        end as market_turnover_missing_reason,
        yuan_rates.close_price as hkd_per_cny,
        {{ grade_rank('summed.evidence_grade') }} as grade_rank,
        greatest(
            {{ grade_rank('quota_flows.evidence_grade') }},
            {{ grade_rank('market.evidence_grade') }},
            {{ grade_rank('yuan_rates.evidence_grade') }}
        ) as context_grade_rank,
        greatest(quota_flows.known_at, market.known_at, yuan_rates.known_at) as context_known_at
    from summed
    left join ranked
        on
            summed.trade_date = ranked.trade_date
            and summed.channel = ranked.channel
            and summed.is_synthetic = ranked.is_synthetic
    left join quota_flows
        on
            summed.trade_date = quota_flows.trade_date
            and summed.channel = quota_flows.channel
            and summed.is_synthetic = quota_flows.is_synthetic
    left join market
        on
            summed.trade_date = market.trade_date
            and summed.is_synthetic = market.is_synthetic
    left join yuan_rates
        on
            summed.trade_date = yuan_rates.trade_date
            and summed.is_synthetic = yuan_rates.is_synthetic
),

final as (
    select
        trade_date,
        channel,
        session_number,
        buy_turnover_hkd_mn,
        sell_turnover_hkd_mn,
        total_turnover_hkd_mn,
        etf_turnover_hkd_mn,
        buy_trades,
        sell_trades,
        total_trades,
        net_buy_hkd_mn,
        cast(cast(net_buy_hkd_mn as double) / nullif(hkd_per_cny, 0) as double)
            as net_buy_cny_mn,
        net_buy_mtd_hkd_mn,
        is_mtd_complete,
        net_buy_qtd_hkd_mn,
        net_buy_ytd_hkd_mn,
        is_ytd_complete,
        net_buy_since_first_lake_row_hkd_mn,
        is_cumulative_complete,
        net_buy_5_sessions_hkd_mn,
        net_buy_20_sessions_hkd_mn,
        net_buy_60_sessions_hkd_mn,
        cast(net_buy_rank_all as bigint) as net_buy_rank_all,
        cast(sessions_since_higher as bigint) as sessions_since_higher,
        sessions_since_higher_missing_reason,
        cast(highest_in_n_sessions as bigint) as highest_in_n_sessions,
        is_highest_of_lake,
        cast(quota_flow_cny_mn as double) as quota_flow_cny_mn,
        cast(quota_balance_cny_mn as double) as quota_balance_cny_mn,
        quota_usage_pct,
        cast(market_turnover_hkd_mn as double) as market_turnover_hkd_mn,
        market_turnover_missing_reason,
        100 * cast(total_turnover_hkd_mn as double)
        / nullif(2 * cast(market_turnover_hkd_mn as double), 0) as turnover_share_hkex_pct,
        100 * cast(total_turnover_hkd_mn as double)
        / nullif(cast(market_turnover_hkd_mn as double), 0) as turnover_share_gross_pct,
        evidence_grade,
        {{ grade_name('greatest(grade_rank, context_grade_rank)') }} as context_evidence_grade,
        is_synthetic,
        known_at,
        sums_known_at,
        context_known_at
    from beside
)

select * from final
