SELECT
    trade_date,
    holding_date,
    security_code,
    coalesce(security_name, security_code) AS security_name,
    estimated_flow_20_sessions_hkd / 1e6 AS estimated_flow_hkd_mn,
    held_value_change_20_sessions_hkd / 1e6 AS held_value_change_hkd_mn,
    held_value_hkd / 1e6 AS held_value_hkd_mn,
    held_pct_issued
FROM fct_southbound_security_flow
WHERE trade_date = (
    SELECT max(trade_date) FROM fct_southbound_security_flow
    WHERE estimated_flow_20_sessions_hkd IS NOT NULL
)
AND estimated_flow_20_sessions_hkd IS NOT NULL
ORDER BY estimated_flow_20_sessions_hkd DESC, security_code
LIMIT 10
