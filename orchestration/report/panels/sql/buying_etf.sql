SELECT
    week_start,
    week_end,
    fund_symbol,
    flow_usd / 1e6 AS flow_usd_mn,
    flow_pct_aum,
    aum_end_usd / 1e6 AS aum_usd_mn,
    is_complete,
    is_inferred_shares
FROM fct_etf_flow_weekly
WHERE flow_usd IS NOT NULL
AND week_start > (SELECT max(week_start) FROM fct_etf_flow_weekly) - INTERVAL 5 YEAR
ORDER BY week_start DESC, fund_symbol
