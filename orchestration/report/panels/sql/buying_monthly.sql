SELECT
    month_start,
    last_day(month_start) AS month_end,
    net_buy_hkd_mn::DOUBLE AS net_buy_hkd_mn,
    session_count,
    sessions_expected,
    is_complete,
    highest_in_n_months
FROM fct_southbound_monthly
WHERE channel = 'ALL'
ORDER BY month_start DESC
LIMIT 60
